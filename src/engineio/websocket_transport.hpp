#pragma once

#include "engineio/transport.hpp"

#include <aerie/core/stream.hpp>
#include <aerie/websocket/peer.hpp>

#include <memory>
#include <optional>
#include <string>

namespace aerie { inline namespace v1 { namespace engineio {

class Session;
class ShardEngine;

/// One frame per packet, in both directions.
class WebSocketTransport final : public Transport, public core::StreamHandler {
 public:
  WebSocketTransport(ShardEngine& engine, Session& session, std::unique_ptr<core::Stream> stream,
                     std::optional<websocket::DeflateParameters> const& deflate);
  ~WebSocketTransport() override;

  TransportKind kind() const noexcept override { return TransportKind::websocket; }
  bool writable() const noexcept override { return stream_ && stream_->idle(); }
  void send(PacketType type, std::string_view data, bool compress) override;
  void send_binary(std::string_view bytes, bool compress) override;
  bool finish(bool by_client) override;
  void drop_unsent() noexcept override { discard(); }
  void discard() noexcept override;
  core::Stream* frame_stream() noexcept override;

  void on_data(std::span<char> bytes) override;
  void on_closed(std::error_code reason) override;
  void on_overflow() override;

 private:
  void on_message(websocket::PeerEvent const& event);
  void on_base64(std::string_view text);
  void fail_to_parse();
  void write_frame(websocket::Opcode opcode, std::string_view prefix, std::string_view data, bool compress);
  void append_frame(websocket::Opcode opcode, std::string_view prefix, std::string_view data,
                    websocket::FrameFlags flags);
  void write_control_frames();

  ShardEngine& engine_;
  Session& session_;
  std::unique_ptr<core::Stream> stream_;
  websocket::Peer peer_;
};

}}}  // namespace aerie::v1::engineio
