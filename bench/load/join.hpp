#pragma once

#include <string>
#include <string_view>

namespace load {

/// The Engine.IO packet that asks to join a room, with the id 0, which no other message has.
inline std::string join_packet(std::string_view room) {
  return "420[\"join\",\"" + std::string(room) + "\"]";
}

/// How the Socket.IO packet that is the answer begins.
constexpr std::string_view joined_start = "30[";

inline bool answers_join(std::string_view packet) {
  return packet.starts_with(joined_start);
}

}  // namespace load
