#pragma once

/// \file
/// The Socket.IO rooms of the chat.

#include "model.hpp"

#include <string>
#include <string_view>

namespace chat {

inline constexpr std::string_view channel_prefix = "room:";

/// Everybody in a chat room.
inline std::string channel_of(RoomId room) {
  return std::string(channel_prefix) + std::to_string(room);
}

/// All tabs of a user.
inline std::string tabs_of(UserId user) {
  return "user:" + std::to_string(user);
}

}  // namespace chat
