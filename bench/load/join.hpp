#pragma once

#include <string>
#include <string_view>

namespace load {

/// The Engine.IO packet that asks to join a room, with the id 0, which no other message has.
inline std::string join_packet(std::string_view room) {
  return "420[\"join\",\"" + std::string(room) + "\"]";
}

/// Whether a Socket.IO packet is the answer.
inline bool answers_join(std::string_view packet) {
  return packet.starts_with("30[");
}

}  // namespace load
