#include "notifications/notifications_controller.hpp"

#include "auth/signed_in.hpp"
#include "error_answers.hpp"
#include "http_text.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace chat {

namespace {

using aerie::Task;
using aerie::http::Request;
using aerie::http::Response;

struct NewEventRequest {
  std::string title;
  aerie::Date starts_at;
  std::vector<std::string> invited;
  std::string client_id;

  static void describe(aerie::Schema<NewEventRequest>& s) {
    s.field<&NewEventRequest::title>();
    s.field<&NewEventRequest::starts_at>("startsAt");
    s.field<&NewEventRequest::invited>();
    s.field<&NewEventRequest::client_id>("clientId");
  }
};

}  // namespace

void NotificationsController::describe(aerie::Controller<NotificationsController>& c) {
  c.at("/api").use<SignedIn>().use<ErrorAnswers>();
  c.post<&NotificationsController::create_event>("events").body_limit(small_body);
  c.get<&NotificationsController::page>("notifications");
  c.post<&NotificationsController::mark_read>("notifications/:id/read").body_limit(small_body);
}

Task<Response> NotificationsController::create_event(Identity const& me, Request const& request) {
  auto body = body_of<NewEventRequest>(request, ErrorCode::invalid_event);
  NewEvent event{me.user, std::move(body.client_id), std::move(body.title), body.starts_at,
                 std::move(body.invited)};
  auto const stored = co_await notifications_.create(std::move(event));
  co_return json_response(201, stored);
}

Task<Response> NotificationsController::page(Identity const& me, Request const& request) {
  auto const limit = query_number(request, "limit", static_cast<std::int64_t>(Notifications::largest_page));
  auto const unread_only = request.query("unread") == "true";
  auto const page = co_await notifications_.page(me.user.id, unread_only,
                                                 static_cast<std::size_t>(limit.value_or(usual_page)));
  co_return json_response(200, page);
}

Task<Response> NotificationsController::mark_read(Identity const& me, Request const& request) {
  auto const id = whole_number("the notification's id", request.parameter("id"), largest_id);
  co_await notifications_.mark_read(me.user.id, id);
  co_return Response::empty();
}

}  // namespace chat
