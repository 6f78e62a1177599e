#pragma once

/// \file
/// The Socket.IO rooms of the chat.

#include "model.hpp"

#include <string>

namespace chat {

/// Everybody in a chat room.
inline std::string channel_of(RoomId room) {
  return "room:" + std::to_string(room);
}

/// All tabs of a user.
inline std::string tabs_of(UserId user) {
  return "user:" + std::to_string(user);
}

}  // namespace chat
