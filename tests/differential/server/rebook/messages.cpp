#include "rebook/messages.hpp"

#include <utility>

namespace reference::rebook {

void Message::describe(aerie::Schema<Message>& s) {
  s.field<&Message::id>();
  s.field<&Message::chat_room_id>("chatRoomId");
  s.field<&Message::sender>();
  s.field<&Message::content>();
}

Message MessageStore::add(std::int64_t chat_room_id, std::string sender, std::string content) {
  std::lock_guard const lock(mutex_);
  Message message{++last_id_, chat_room_id, std::move(sender), std::move(content)};
  rooms_[chat_room_id].push_back(message);
  return message;
}

std::vector<Message> MessageStore::of_room(std::int64_t chat_room_id) const {
  std::lock_guard const lock(mutex_);
  auto const found = rooms_.find(chat_room_id);
  return found == rooms_.end() ? std::vector<Message>() : found->second;
}

void MessageStore::clear() {
  std::lock_guard const lock(mutex_);
  rooms_.clear();
  last_id_ = 0;
}

}  // namespace reference::rebook
