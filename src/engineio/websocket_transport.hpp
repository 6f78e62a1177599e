#pragma once

#include "engineio/transport.hpp"

#include <aerie/websocket/link.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

class Session;
class ShardEngine;

/// One frame per packet, in both directions.
class WebSocketTransport final : public Transport, private websocket::Link {
 public:
  WebSocketTransport(ShardEngine& engine, Session& session, std::unique_ptr<core::Stream> stream,
                     std::optional<websocket::DeflateParameters> const& deflate);

  /// What the client has sent behind its handshake.
  void begin(std::span<char> already_read) { on_data(already_read); }

  TransportKind kind() const noexcept override { return TransportKind::websocket; }
  bool writable() const noexcept override { return attached() && stream()->idle(); }
  std::size_t buffered_amount() const noexcept override { return attached() ? stream()->waiting() : 0; }
  bool is_behind() const noexcept override { return attached() && stream()->blocked(); }
  void send(PacketType type, std::string_view data, bool compress) override;
  void send_binary(std::string_view bytes, bool compress) override;
  bool finish(bool by_client) override;
  void drop_unsent() noexcept override { cut(); }
  void discard() noexcept override { cut(); }
  void pause_reading() override {
    if (attached()) stream()->pause_reading();
  }
  void resume_reading() override {
    if (attached()) stream()->resume_reading();
  }
  SharedSink shared_sink() const noexcept override;

 private:
  void on_message(websocket::PeerEvent const& event) override;
  void on_ended(websocket::LinkEnd end) override;
  void on_progress() override;
  void on_base64(std::string_view text);
  void on_packet_v3(std::string_view payload, bool is_text);

  Session& session_;
};

}}}  // namespace aerie::v1::engineio
