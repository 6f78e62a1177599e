#include "notifications/notifications.hpp"

#include "errors.hpp"
#include "text.hpp"

#include <string>
#include <utility>

namespace chat {

namespace {

constexpr std::size_t longest_title = 200;

void check(NewEvent const& event) {
  if (!text::is_name(event.title, longest_title)) {
    throw ChatError(ErrorCode::invalid_event, "A title has 1 to 200 characters, all of them printable.");
  }
  if (event.invited.empty() || event.invited.size() > Notifications::most_invited) {
    throw ChatError(ErrorCode::invalid_event, "Invite 1 to 100 people, by their nicknames.");
  }
  if (event.client_id.empty() || event.client_id.size() > longest_client_id) {
    throw ChatError(ErrorCode::bad_request,
                    "clientId: expected 1 to 128 characters, another id for each appointment.");
  }
}

}  // namespace

aerie::Task<CalendarEvent> Notifications::create(NewEvent event) {
  event.title = std::string(text::trimmed(event.title));
  check(event);
  auto stored = co_await store_.create_event(std::move(event));
  co_return stored;
}

aerie::Task<void> Notifications::mark_read(UserId user, NotificationId id) {
  auto const is_there = co_await store_.mark_read(user, id);
  if (!is_there) throw ChatError(ErrorCode::not_found, "There is no such notification.");
}

}  // namespace chat
