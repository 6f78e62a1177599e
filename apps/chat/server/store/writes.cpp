#include "store/writes.hpp"

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
  if (appended_.is_new) listener_.message_stored(appended_.message);
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
  give(std::move(changed_));
}

}  // namespace chat
