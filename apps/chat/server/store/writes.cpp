#include "store/writes.hpp"

#include "errors.hpp"

#include <utility>

namespace chat {

using aerie::core::Clock;
using aerie::core::Completer;

UserWrite::UserWrite(Completer<User> give, std::string nickname, Clock const& clock)
    : AwaitedWrite(std::move(give)), nickname_(std::move(nickname)), clock_(clock) {}

void UserWrite::apply(WriteTables& tables) {
  tables.user(nickname_, aerie::Date(clock_.wall()), user_);
}

void UserWrite::committed() {
  give(std::move(user_));
}

RoomWrite::RoomWrite(Completer<std::optional<Room>> give, std::string name, Clock const& clock,
                     StoreListener& listener)
    : AwaitedWrite(std::move(give)), name_(std::move(name)), clock_(clock), listener_(listener) {}

void RoomWrite::apply(WriteTables& tables) {
  tables.create_room(name_, aerie::Date(clock_.wall()), room_);
}

void RoomWrite::committed() {
  if (room_) listener_.room_created(*room_);
  give(std::move(room_));
}

MessageWrite::MessageWrite(Completer<Message> give, NewMessage message, Clock const& clock,
                           StoreListener& listener)
    : AwaitedWrite(std::move(give)), message_(std::move(message)), clock_(clock), listener_(listener) {}

void MessageWrite::apply(WriteTables& tables) {
  tables.append(message_, aerie::Date(clock_.wall()), appended_);
}

void MessageWrite::committed() {
  if (appended_.is_too_much) {
    return failed(std::make_exception_ptr(
        ChatError(ErrorCode::image_quota, "Your images have no more room. Delete some of them first.")));
  }
  auto const& message = appended_.message;
  if (appended_.is_new) {
    listener_.message_stored(message);
  } else if (clock_.wall() - message.created_at.time_point() >= StoreListener::repeated_after) {
    listener_.message_repeated(message);
  }
  for (auto const& [user, notification] : appended_.told)
    listener_.notified(user, notification);
  give(std::move(appended_.message));
}

ChangeWrite::ChangeWrite(Completer<ChangedMessage> give, MessageChange change, Clock const& clock,
                         StoreListener& listener)
    : AwaitedWrite(std::move(give)), change_(std::move(change)), clock_(clock), listener_(listener) {}

void ChangeWrite::apply(WriteTables& tables) {
  tables.change(change_, aerie::Date(clock_.wall()), changed_);
}

void ChangeWrite::committed() {
  if (changed_.message) listener_.message_changed(*changed_.message);
  for (auto const& [user, notification] : changed_.told)
    listener_.notified(user, notification);
  give(std::move(changed_));
}

ReadWrite::ReadWrite(Completer<ReadState> give, UserId user, RoomId room, MessageId message,
                     StoreListener& listener)
    : AwaitedWrite(std::move(give)), user_(user), room_(room), message_(message), listener_(listener) {}

void ReadWrite::apply(WriteTables& tables) {
  tables.read_up_to(user_, room_, message_, mark_);
}

void ReadWrite::committed() {
  if (mark_.is_new) listener_.room_read(user_, mark_.state);
  give(mark_.state);
}

ForgetWrite::ForgetWrite(Completer<void> give, UserId user, RoomId room, StoreListener& listener)
    : AwaitedWrite(std::move(give)), user_(user), room_(room), listener_(listener) {}

void ForgetWrite::apply(WriteTables& tables) {
  tables.forget_room(user_, room_, was_there_);
}

void ForgetWrite::committed() {
  if (was_there_) listener_.room_left(user_, room_);
  give();
}

}  // namespace chat
