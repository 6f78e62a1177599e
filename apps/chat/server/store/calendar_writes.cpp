#include "store/calendar_writes.hpp"

#include "errors.hpp"

#include <aerie/core/log.hpp>

#include <exception>
#include <utility>

namespace chat {

using aerie::core::Clock;
using aerie::core::Completer;

EventWrite::EventWrite(Completer<CalendarEvent> reply, NewEvent event, Clock const& clock,
                       StoreListener& listener)
    : AwaitedWrite(std::move(reply)), event_(std::move(event)), clock_(clock), listener_(listener) {}

void EventWrite::apply(WriteTables& tables) {
  tables.create_event(event_, aerie::Date(clock_.wall()), stored_);
}

void EventWrite::committed() {
  if (stored_.unknown) {
    return failed(std::make_exception_ptr(ChatError(
        ErrorCode::unknown_user, aerie::core::concat("There is no user named ", *stored_.unknown, "."))));
  }
  for (auto const& [user, notification] : stored_.notifications)
    listener_.notified(user, notification);
  give(std::move(stored_.event));
}

MarkReadWrite::MarkReadWrite(Completer<bool> reply, UserId user, NotificationId id, StoreListener& listener)
    : AwaitedWrite(std::move(reply)), user_(user), id_(id), listener_(listener) {}

void MarkReadWrite::apply(WriteTables& tables) {
  tables.mark_read(user_, id_, marked_);
}

void MarkReadWrite::committed() {
  if (marked_ == Marked::now) listener_.notification_read(user_, id_);
  give(marked_ != Marked::never_there);
}

}  // namespace chat
