#include "announcer.hpp"

#include "notifications/contract.hpp"
#include "room_names.hpp"
#include "rooms/contract.hpp"

namespace chat {

void Announcer::message_stored(Message const& message) {
  rooms_.to(channel_of(message.chat_room_id)).emit("newMessage", message);
}

void Announcer::message_repeated(Message const& message) {
  if (is_one_of_several_) message_stored(message);
}

void Announcer::message_changed(Message const& message) {
  rooms_.to(channel_of(message.chat_room_id)).emit("messageChanged", message);
}

void Announcer::room_created(Room const& room) {
  rooms_.emit("roomCreated", room);
}

void Announcer::notified(UserId user, Notification const& notification) {
  notifications_.to(tabs_of(user)).emit("notification", notification);
}

void Announcer::notification_read(UserId user, NotificationId id) {
  notifications_.to(tabs_of(user)).emit("notificationRead", ReadNews{id});
}

void Announcer::room_read(UserId user, ReadState const& state) {
  notifications_.to(tabs_of(user)).emit("roomRead", state);
}

void Announcer::room_left(UserId user, RoomId room) {
  notifications_.to(tabs_of(user)).emit("roomLeft", RoomLeftNews{room});
}

void Announcer::presence_changed(Presence const& presence, RoomId room) {
  soon_.do_soon(channel_of(room), [this, &presence, room] {
    rooms_.local().to(channel_of(room)).emit("online", OnlineNews{room, presence.online(room)});
  });
}

}  // namespace chat
