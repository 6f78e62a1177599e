#pragma once

/// \file
/// What the tabs of a user are sent over Socket.IO. Plain values.

#include "model.hpp"

#include <aerie/schema/codec.hpp>

namespace chat {

/// A client that hears this misses nothing from now on: what it asks for over HTTP next is complete.
struct Ready {
  User user;

  static void describe(aerie::Schema<Ready>& s) { s.field<&Ready::user>(); }
};

/// A notification was read, in whichever tab.
struct ReadNews {
  NotificationId id = 0;

  static void describe(aerie::Schema<ReadNews>& s) { s.field<&ReadNews::id>(); }
};

/// The user takes no more part in a room, in whichever tab he has left it.
struct RoomLeftNews {
  RoomId chat_room_id = 0;

  static void describe(aerie::Schema<RoomLeftNews>& s) { s.field<&RoomLeftNews::chat_room_id>("chatRoomId"); }
};

}  // namespace chat
