#include "rooms/presence.hpp"

#include "room_names.hpp"

#include <aerie/schema/codec.hpp>

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

namespace chat {

namespace {

RoomId room_of_key(std::string_view key) {
  RoomId room = 0;
  key.remove_prefix(channel_prefix.size());
  std::from_chars(key.data(), key.data() + key.size(), room);
  return room;
}

/// What another instance says; nothing if it is not understood.
std::vector<User> users_from(aerie::Value const& word) {
  std::vector<User> users;
  if (!aerie::from_value(word, users)) users.clear();
  return users;
}

}  // namespace

Presence::Presence(Census& census, Listener changed) : census_(census), changed_(std::move(changed)) {
  census.add_family(
      std::string(channel_prefix),
      [this](std::string_view key) {
        auto const guests = guests_of(room_of_key(key));
        return guests.empty() ? aerie::Value(nullptr) : aerie::to_value(guests);
      },
      [this](std::string const& key) { changed_(*this, room_of_key(key)); });
}

Presence::Stay Presence::enter(RoomId room, User const& user) {
  bool is_new = false;
  {
    std::scoped_lock const lock(mutex_);
    auto& guest = rooms_[room][user.id];
    is_new = guest.stays++ == 0;
    guest.user = user;
  }
  if (is_new) changed(room);
  return Stay(*this, room, user.id);
}

void Presence::changed(RoomId room) {
  census_.touch(channel_of(room));
  changed_(*this, room);
}

std::vector<User> Presence::online(RoomId room) const {
  auto users = guests_of(room);
  auto const words = census_.others(channel_of(room));
  if (words.empty()) return users;
  for (auto const& word : words) {
    auto const elsewhere = users_from(word);
    users.insert(users.end(), elsewhere.begin(), elsewhere.end());
  }
  std::ranges::stable_sort(users, {}, &User::id);
  auto const [first, last] = std::ranges::unique(users, {}, &User::id);
  users.erase(first, last);
  return users;
}

std::vector<User> Presence::guests_of(RoomId room) const {
  std::vector<User> users;
  std::scoped_lock const lock(mutex_);
  auto const found = rooms_.find(room);
  if (found == rooms_.end()) return users;
  for (auto const& [id, guest] : found->second)
    users.push_back(guest.user);
  return users;
}

void Presence::leave(RoomId room, UserId user) {
  if (remove(room, user)) changed(room);
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
