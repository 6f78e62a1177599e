#pragma once

#include "client/dialer.hpp"
#include "client/transport.hpp"

#include <aerie/core/stream.hpp>
#include <aerie/http/response_decoder.hpp>
#include <aerie/websocket/handshake.hpp>
#include <aerie/websocket/peer.hpp>

#include <memory>
#include <string>

namespace aerie { inline namespace v1 { namespace client {

/// https://socket.io/docs/v4/engine-io-protocol/#websocket
class WebSocketTransport final : public ClientTransport, private core::StreamHandler {
 public:
  explicit WebSocketTransport(Settings const& settings);
  ~WebSocketTransport() override;

  Transport kind() const noexcept override { return Transport::websocket; }
  void open() override;
  bool writable() const noexcept override { return is_open_ && stream_ != nullptr; }
  bool idle() const noexcept override { return writable() && stream_->idle(); }
  void send(std::span<OutPacket const> packets) override;
  void close() noexcept override;
  void cut() noexcept override;

 private:
  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_drained() override { write_control_frames(); }
  void on_overflow() override;

  void connected(core::Connected result);
  /// What is left of the input belongs to the frames. False if it is over, or not there yet.
  bool take_handshake(std::span<char>& bytes);
  std::string_view judge_handshake();
  bool was_offered(std::string_view protocol) const;
  void refused();
  void take_frames(std::span<char> bytes);
  void take_message(websocket::PeerEvent const& event);
  void write_message(websocket::Opcode opcode, std::string_view prefix, std::string_view data, bool compress);
  void write_frame(websocket::Opcode opcode, std::string_view prefix, std::string_view data,
                   websocket::FrameFlags flags);
  void write_control_frames();
  websocket::Mask next_mask();
  void drop() noexcept;
  void fail(std::string description, int status = 0, std::string body = {});

  websocket::Peer peer_;
  http::ResponseDecoder handshake_;
  websocket::AcceptKey accept_{};
  std::string refusal_;  // the body of an answer that is no WebSocket
  Dial dial_;
  std::unique_ptr<core::Stream> stream_;
  bool is_open_ = false;
};

}}}  // namespace aerie::v1::client
