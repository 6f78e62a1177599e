#include "rooms/presence.hpp"

namespace chat {

Presence::Stay Presence::enter(RoomId room, User const& user) {
  bool is_new = false;
  {
    std::scoped_lock const lock(mutex_);
    auto& guest = rooms_[room][user.id];
    is_new = guest.stays++ == 0;
    guest.user = user;
  }
  if (is_new) changed_(*this, room);
  return Stay(*this, room, user.id);
}

std::vector<User> Presence::online(RoomId room) const {
  std::vector<User> users;
  std::scoped_lock const lock(mutex_);
  auto const found = rooms_.find(room);
  if (found == rooms_.end()) return users;
  for (auto const& [id, guest] : found->second)
    users.push_back(guest.user);
  return users;
}

void Presence::leave(RoomId room, UserId user) {
  if (remove(room, user)) changed_(*this, room);
}

bool Presence::remove(RoomId room, UserId user) {
  std::scoped_lock const lock(mutex_);
  auto const guests = rooms_.find(room);
  auto const guest = guests->second.find(user);
  if (--guest->second.stays != 0) return false;
  guests->second.erase(guest);
  if (guests->second.empty()) rooms_.erase(guests);
  return true;
}

}  // namespace chat
