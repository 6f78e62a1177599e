#include "announcer.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/shard.hpp>

#include <utility>
#include <vector>

namespace chat {

namespace {

struct OnlineNews {
  RoomId chat_room_id = 0;
  std::vector<User> users;

  static void describe(aerie::Schema<OnlineNews>& s) {
    s.field<&OnlineNews::chat_room_id>("chatRoomId");
    s.field<&OnlineNews::users>();
  }
};

struct ReadNews {
  NotificationId id = 0;

  static void describe(aerie::Schema<ReadNews>& s) { s.field<&ReadNews::id>(); }
};

}  // namespace

std::string channel_of(RoomId room) {
  return "room:" + std::to_string(room);
}

std::string tabs_of(UserId user) {
  return "user:" + std::to_string(user);
}

void Announcer::announce_rooms_in(aerie::Namespace* nsp) {
  std::scoped_lock const lock(mutex_);
  rooms_ = nsp;
}

void Announcer::announce_notifications_in(aerie::Namespace* nsp) {
  std::scoped_lock const lock(mutex_);
  notifications_ = nsp;
}

void Announcer::on_application_shutdown(std::string_view) {
  announce_rooms_in(nullptr);
  announce_notifications_in(nullptr);
}

// The lock is held while emitting, so that the namespace is there until the news is on its way. An emit does
// not wait for anything.

void Announcer::message_stored(Message const& message) {
  std::scoped_lock const lock(mutex_);
  if (rooms_ != nullptr) rooms_->to(channel_of(message.chat_room_id)).emit("newMessage", message);
}

void Announcer::room_created(Room const& room) {
  std::scoped_lock const lock(mutex_);
  if (rooms_ != nullptr) rooms_->emit("roomCreated", room);
}

void Announcer::notified(UserId user, Notification const& notification) {
  std::scoped_lock const lock(mutex_);
  if (notifications_ != nullptr) notifications_->to(tabs_of(user)).emit("notification", notification);
}

void Announcer::notification_read(UserId user, NotificationId id) {
  ReadNews const news{id};
  std::scoped_lock const lock(mutex_);
  if (notifications_ != nullptr) notifications_->to(tabs_of(user)).emit("notificationRead", news);
}

aerie::Task<void> Announcer::caught_up(aerie::core::Shard& shard) {
  auto& first = runtime_.shard(0);
  if (&shard == &first) co_return;
  aerie::core::Completion<void> passed;
  first.post([give = passed.completer()]() mutable { give(); });
  co_await passed;
}

void Announcer::presence_changed(Presence const& presence, RoomId room) {
  soon_.do_soon(channel_of(room), [this, &presence, room] { tell_presence(presence, room); });
}

void Announcer::tell_presence(Presence const& presence, RoomId room) {
  OnlineNews const news{room, presence.online(room)};
  std::scoped_lock const lock(mutex_);
  if (rooms_ != nullptr) rooms_->to(channel_of(room)).emit("online", news);
}

}  // namespace chat
