#include "engineio/websocket_transport.hpp"

#include "engineio/shard_engine.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/engineio/shared_messages.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

std::unique_ptr<websocket::Deflate> make_deflate(std::optional<websocket::DeflateParameters> const& agreed,
                                                 websocket::DeflateOptions const& options) {
  if (!agreed) return nullptr;
  return std::make_unique<websocket::Deflate>(websocket::Role::server, *agreed, options);
}

}  // namespace

WebSocketTransport::WebSocketTransport(ShardEngine& engine, Session& session,
                                       std::unique_ptr<core::Stream> stream,
                                       std::optional<websocket::DeflateParameters> const& deflate)
    : Link({.max_message_size = engine.options().max_http_buffer_size},
           make_deflate(deflate, engine.options().per_message_deflate)),
      engine_(engine),
      session_(session) {
  attach(std::move(stream), engine.options().outgoing_limit);
}

void WebSocketTransport::send(PacketType type, std::string_view data, bool compress) {
  auto const digit = static_cast<char>(type);
  write(websocket::Opcode::text, {&digit, 1}, data, compress);
}

void WebSocketTransport::send_binary(std::string_view bytes, bool compress) {
  write(websocket::Opcode::binary, {}, bytes, compress);
}

// What is compressed is compressed for one connection, with what went before it.

bool WebSocketTransport::send_shared(SharedMessages const& messages) {
  if (!attached() || compresses()) return false;
  stream()->write(messages.chunk());
  return true;
}

bool WebSocketTransport::join(SharedBurst& burst) {
  if (!attached() || compresses()) return false;
  stream()->join(burst.frames_, 0);
  return true;
}

bool WebSocketTransport::finish(bool) {
  Link::finish();
  return true;
}

void WebSocketTransport::on_message(websocket::PeerEvent const& event) {
  std::string_view const payload(event.payload.data(), event.payload.size());
  Packet packet{PacketType::message, true, payload};
  if (event.kind == websocket::PeerEvent::Kind::text) {
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

void WebSocketTransport::on_ended(websocket::LinkEnd end) {
  switch (end) {
    case websocket::LinkEnd::closed:
    case websocket::LinkEnd::lost:
      return session_.transport_failed(*this, CloseReason::transport_close);
    case websocket::LinkEnd::overflowed:
      engine_.report_slow_consumer(session_, stream()->shed());
      return session_.transport_failed(*this, CloseReason::transport_error);
    case websocket::LinkEnd::violation:
      return session_.transport_failed(*this, CloseReason::transport_error);
  }
}

}}}  // namespace aerie::v1::engineio
