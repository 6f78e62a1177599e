#include "testing/websocket_end.hpp"

#include <array>
#include <limits>
#include <span>
#include <utility>

namespace aerie { inline namespace v1 { namespace testing {

WebSocketEnd::WebSocketEnd(std::shared_ptr<Network> network, std::optional<std::uint16_t> port,
                           std::string_view target, Headers headers)
    : network_(std::move(network)),
      connection_(network_->connect(port)),
      peer_({.role = websocket::Role::client,
             .max_message_size = std::numeric_limits<std::uint32_t>::max(),
             .max_control_frames_per_second = std::numeric_limits<std::uint32_t>::max()}) {
  headers.insert(headers.end(), {{"Upgrade", "websocket"},
                                 {"Connection", "Upgrade"},
                                 {"Sec-WebSocket-Version", "13"},
                                 {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}});
  connection_.write(to_text({.target = target, .headers = std::move(headers)}));
}

bool WebSocketEnd::pump() {
  auto received = connection_.take();
  auto const behind = is_handshaken_ ? received.size() : take_handshake(received);
  if (is_open_) read(std::span(received).last(behind));
  auto const sent = write_control_frames();
  if (is_open_ && connection_.ended()) ended(websocket::CloseCode::abnormal);
  return sent;
}

/// How much of it is behind the answer.
std::size_t WebSocketEnd::take_handshake(std::string_view bytes) {
  is_handshaken_ = answer_.read(bytes);
  if (is_handshaken_) handshake_ = std::move(answer_.response());
  is_open_ = handshake_.status == 101;
  return bytes.size();
}

void WebSocketEnd::read(std::span<char> input) {
  using Kind = websocket::PeerEvent::Kind;
  while (true) {
    auto const event = peer_.receive(input, network_->clock().now());
    if (event.kind == Kind::need_more) break;
    if (event.kind == Kind::closed) {
      ended(event.code);
    } else if (event.kind != Kind::output) {
      messages_.push_back({event.kind == Kind::binary, {event.payload.begin(), event.payload.end()}});
    }
  }
}

void WebSocketEnd::ended(websocket::CloseCode code) {
  is_open_ = false;
  close_code_ = code;
}

bool WebSocketEnd::write_control_frames() {
  std::array<char, websocket::max_control_frame> frame;
  bool wrote = false;
  while (auto const size = peer_.take_output(frame, ++next_mask_)) {
    connection_.write({frame.data(), size});
    wrote = true;
  }
  return wrote;
}

void WebSocketEnd::send(websocket::Opcode opcode, std::string_view payload) {
  if (!is_open_) return;
  auto const mask = ++next_mask_;
  std::array<char, websocket::max_header_size> header;
  auto const size = websocket::encode_masked_header(header.data(), opcode, payload.size(), mask);
  std::string masked(payload);
  websocket::apply_mask(masked, mask);
  connection_.write({header.data(), size});
  connection_.write(masked);
}

void WebSocketEnd::close(websocket::CloseCode code) {
  peer_.close(code);
  write_control_frames();
}

}}}  // namespace aerie::v1::testing
