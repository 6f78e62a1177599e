#pragma once

#include "testing/http_text.hpp"
#include "testing/network.hpp"

#include <aerie/core/memory_stream.hpp>
#include <aerie/testing/http_client.hpp>
#include <aerie/websocket/error.hpp>
#include <aerie/websocket/frame.hpp>
#include <aerie/websocket/peer.hpp>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace testing {

/// A client's end of one WebSocket.
class WebSocketEnd final : public Endpoint {
 public:
  struct Message {
    bool is_binary = false;
    std::string data;
  };

  /// Asks for the connection; the answer comes when the server has run.
  WebSocketEnd(std::shared_ptr<Network> network, std::optional<std::uint16_t> port, std::string_view target,
               Headers headers);

  /// Reads frames and answers pings and close frames; true if it did.
  bool pump() override;

  bool is_open() const noexcept { return is_open_; }
  HttpResponse const& handshake() const noexcept { return handshake_; }
  std::optional<websocket::CloseCode> close_code() const noexcept { return close_code_; }
  /// What has been received and not been taken.
  std::vector<Message>& messages() noexcept { return messages_; }

  /// These do not run the server. Nothing is sent once it is closed.
  void send(websocket::Opcode opcode, std::string_view payload);
  void send_raw(std::string_view bytes) { connection_.write(bytes); }
  void close(websocket::CloseCode code);
  void lose() { connection_.close(); }
  void set_window(std::size_t bytes) { connection_.set_window(bytes); }
  Network& network() noexcept { return *network_; }

 private:
  std::size_t take_handshake(std::string_view bytes);
  void read(std::span<char> input);
  bool write_control_frames();
  void ended(websocket::CloseCode code);

  std::shared_ptr<Network> network_;
  core::MemoryClient connection_;
  websocket::Peer peer_;
  ResponseReader answer_;
  HttpResponse handshake_;
  std::vector<Message> messages_;
  std::optional<websocket::CloseCode> close_code_;
  websocket::Mask next_mask_ = 0x3d21fa37;
  bool is_handshaken_ = false;
  bool is_open_ = false;
};

}}}  // namespace aerie::v1::testing
