#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace floor_server {

/// The answer to an upgrade request (RFC 6455 §4.2.2); nothing if it names no key.
std::optional<std::string> upgrade_response(std::string_view request);

/// A server's text frame.
std::string text_frame(std::string_view packet);

struct ClientFrame {
  unsigned opcode = 0;
  std::string_view payload;
  std::size_t size = 0;  // of the whole frame
};

/// The first whole frame of `input`, unmasked in place; nothing if there is none yet.
std::optional<ClientFrame> take_frame(std::span<char> input);

}  // namespace floor_server
