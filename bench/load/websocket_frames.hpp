#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace load {

/// A client's text frame (RFC 6455 §5.2), masked, with an Engine.IO packet in it.
std::string text_frame(std::string_view packet);

/// A client's binary frame, with an attachment in it.
std::string binary_frame(std::string_view attachment);

/// A client's answer to a ping of the WebSocket's own.
std::string pong_frame(std::string_view payload);

/// A client's close frame, with the status 1000.
std::string close_frame();

struct ServerFrame {
  unsigned opcode = 0;
  bool compressed = false;
  std::string_view payload;
};

/// Takes the first whole frame off `input`; nothing if there is none yet.
std::optional<ServerFrame> take_frame(std::string_view& input);

}  // namespace load
