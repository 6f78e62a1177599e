#pragma once

/// \file
/// A WebSocket client that a test drives frame by frame.

#include "unit/support/server_on_a_clock.hpp"
#include "unit/websocket/frames.hpp"

#include <aerie/core/base64.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace aerie::test {

class WebSocketClient {
 public:
  WebSocketClient(ServerOnAClock& server, std::string_view target, std::string_view headers = "",
                  std::size_t shard = 0)
      : server_(server), connection(server.connect(shard)) {
    connection.write(get_request(target,
                                 "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Version: 13\r\n"
                                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                                     std::string(headers)));
    server_.run();
    received_ = connection.take();
    handshake = take_answer(received_);
  }

  void send(std::string_view text) { write(websocket::test::text_frame(text)); }
  void send_binary(std::string_view bytes) { write(websocket::test::binary_frame(bytes)); }
  void write(std::string_view bytes) {
    connection.write(bytes);
    server_.run();
  }

  /// The messages since the last call: texts as they are, binary ones as "b" and base64, "(close 1000)".
  std::vector<std::string> take() {
    received_ += connection.take();
    std::vector<std::string> messages;
    while (take_frame(messages)) {
    }
    return messages;
  }

 private:
  unsigned byte(std::size_t at) const { return static_cast<unsigned char>(received_[at]); }
  std::size_t big_endian(std::size_t at, std::size_t size) const {
    std::size_t number = 0;
    for (std::size_t i = 0; i < size; ++i)
      number = number << 8U | byte(at + i);
    return number;
  }
  bool take_frame(std::vector<std::string>& messages) {
    if (received_.size() < 2) return false;
    std::size_t const length = byte(1);
    std::size_t const extra = length == 127 ? 8 : length == 126 ? 2 : 0;
    if (received_.size() < 2 + extra) return false;
    auto const size = extra == 0 ? length : big_endian(2, extra);
    if (received_.size() < 2 + extra + size) return false;
    auto const opcode = byte(0) & 0x0FU;
    auto const payload = received_.substr(2 + extra, size);
    if (opcode == 1) {
      messages.push_back(payload);
    } else if (opcode == 2) {
      messages.emplace_back("b");
      base64::append_encoded(messages.back(), payload);
    } else if (opcode == 8) {
      messages.push_back("(close" + (size < 2 ? "" : " " + std::to_string(big_endian(2 + extra, 2))) + ")");
    }
    received_.erase(0, 2 + extra + size);
    return true;
  }

  ServerOnAClock& server_;
  std::string received_;

 public:
  core::MemoryClient connection;
  Answer handshake;
};

}  // namespace aerie::test
