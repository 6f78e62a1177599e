#pragma once

/// \file
/// The Socket.IO rooms of the chat.

#include "model.hpp"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace chat {

inline constexpr std::string_view channel_prefix = "room:";

/// Everybody in a chat room.
inline std::string channel_of(RoomId room) {
  return std::string(channel_prefix) + std::to_string(room);
}

/// The chat room of one of those; nothing if it is another room.
inline std::optional<RoomId> room_of(std::string_view channel) {
  if (!channel.starts_with(channel_prefix)) return std::nullopt;
  channel.remove_prefix(channel_prefix.size());
  RoomId room = 0;
  auto const [end, error] = std::from_chars(channel.data(), channel.data() + channel.size(), room);
  return error == std::errc{} && end == channel.data() + channel.size() ? std::optional(room) : std::nullopt;
}

/// All tabs of a user.
inline std::string tabs_of(UserId user) {
  return "user:" + std::to_string(user);
}

}  // namespace chat
