#include "notifications/notifications_controller.hpp"

#include "auth/signed_in.hpp"
#include "auth/throttle_by_identity.hpp"
#include "error_answers.hpp"

#include <chrono>
#include <cstddef>
#include <utility>

namespace chat {

using namespace std::chrono_literals;

void NotificationsController::describe(aerie::Controller<NotificationsController>& c) {
  c.at("/api").use<SignedIn>().use<ErrorAnswers>().refuses_with<ErrorInfo>();
  c.post<&NotificationsController::create_event>("events")
      .body_limit(small_body)
      .header("Cache-Control", "no-store")
      .meta(CodeOfBody{ErrorCode::invalid_event})
      .use<ThrottleByIdentity>(60, 1min);
  c.get<&NotificationsController::page>("notifications").header("Cache-Control", "no-store");
  c.post<&NotificationsController::mark_read>("notifications/:id/read").http_code(204).body_limit(small_body);
}

aerie::Task<CalendarEvent> NotificationsController::create_event(Identity const& me,
                                                                 NewEventRequest const& request) {
  NewEvent event{me.user(), request.client_id, request.title, request.starts_at, request.invited};
  return notifications_.create(std::move(event));
}

aerie::Task<NotificationPage> NotificationsController::page(
    Identity const& me, aerie::Query<"unread"> unread,
    aerie::Query<"limit", std::optional<std::int64_t>, WholeNumber<largest_page>> limit) {
  auto const size = static_cast<std::size_t>(limit->value_or(usual_page));
  return notifications_.page(me.user().id, *unread == "true", size);
}

}  // namespace chat
