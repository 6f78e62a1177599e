#include "engineio/websocket_transport.hpp"

#include "engineio/shard_engine.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/engineio/packet_v3.hpp>
#include <aerie/engineio/session.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

std::unique_ptr<websocket::Deflate> make_deflate(ShardEngine& engine,
                                                 std::optional<websocket::DeflateParameters> const& agreed) {
  if (!agreed) return nullptr;
  return std::make_unique<websocket::Deflate>(websocket::Role::server, *agreed,
                                              engine.options().per_message_deflate, engine.deflate_contexts(),
                                              engine.shard().account());
}

}  // namespace

WebSocketTransport::WebSocketTransport(ShardEngine& engine, Session& session,
                                       std::unique_ptr<core::Stream> stream,
                                       std::optional<websocket::DeflateParameters> const& deflate)
    : Link({.max_message_size = engine.options().max_http_buffer_size}, make_deflate(engine, deflate)),
      session_(session) {
  attach(std::move(stream), engine.options().outgoing_limit);
}

void WebSocketTransport::send(PacketType type, std::string_view data, bool compress) {
  auto const digit = static_cast<char>(type);
  write(websocket::Opcode::text, {&digit, 1}, data, compress);
}

void WebSocketTransport::send_binary(std::string_view bytes, bool compress) {
  auto const is_v4 = session_.protocol() == Protocol::v4;
  if (session_.dialect().takes_binary) {
    auto const type = is_v4 ? std::string_view() : std::string_view(&protocol3::binary_message, 1);
    return write(websocket::Opcode::binary, type, bytes, compress);
  }
  write(websocket::Opcode::text, is_v4 ? "b" : "b4", base64::encode(bytes), compress);
}

/// What many share is spelled as nearly all of them take it: bytes as they are. And what is compressed is
/// compressed for one connection, with what went before it.
SharedSink WebSocketTransport::shared_sink() const noexcept {
  auto const dialect = session_.dialect();
  auto const takes_it =
      attached() && !compresses() && dialect.protocol == Protocol::v4 && dialect.takes_binary;
  return takes_it ? SharedSink(*stream()) : SharedSink();
}

bool WebSocketTransport::finish(bool) {
  Link::finish();
  return true;
}

void WebSocketTransport::on_message(websocket::PeerEvent const& event) {
  std::string_view const payload(event.payload.data(), event.payload.size());
  auto const is_text = event.kind == websocket::PeerEvent::Kind::text;
  if (session_.protocol() == Protocol::v3) return on_packet_v3(payload, is_text);
  Packet packet{PacketType::message, true, payload};
  if (is_text) {
    if (payload.starts_with(binary_prefix)) return on_base64(payload.substr(1));
    if (!decode_packet(payload, packet)) return session_.transport_failed(*this, CloseReason::parse_error);
  }
  session_.from_socket(*this, packet);
}

void WebSocketTransport::on_base64(std::string_view text) {
  // Clients that are told to (forceBase64) write binary messages so on any transport.
  std::string decoded;
  base64::append_decoded_leniently(decoded, text);
  session_.from_socket(*this, {PacketType::message, true, decoded});
}

void WebSocketTransport::on_progress() {
  session_.progressed();
}

void WebSocketTransport::on_packet_v3(std::string_view payload, bool is_text) {
  Packet packet;
  std::string decoded;
  auto const is_packet = is_text ? protocol3::decode_packet(payload, packet, decoded)
                                 : protocol3::decode_binary_packet(payload, packet);
  if (!is_packet) return session_.transport_failed(*this, CloseReason::parse_error);
  session_.from_socket(*this, packet);
}

void WebSocketTransport::on_ended(websocket::LinkEnd end) {
  switch (end) {
    case websocket::LinkEnd::closed:
    case websocket::LinkEnd::lost:
      return session_.transport_failed(*this, CloseReason::transport_close);
    case websocket::LinkEnd::overflowed:
      session_.engine_.report_slow_consumer(session_, stream()->shed());
      return session_.transport_failed(*this, CloseReason::transport_error);
    case websocket::LinkEnd::violation:
      return session_.transport_failed(*this, CloseReason::transport_error);
  }
}

}}}  // namespace aerie::v1::engineio
