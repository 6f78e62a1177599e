#include "engineio/websocket_transport.hpp"

#include "engineio/shard_engine.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/engineio/session.hpp>

#include <algorithm>
#include <array>
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
    : engine_(engine),
      session_(session),
      stream_(std::move(stream)),
      peer_({.max_message_size = engine.options().max_http_buffer_size},
            make_deflate(deflate, engine.options().per_message_deflate)) {
  stream_->set_limit(engine.options().outgoing_limit);
  stream_->set_handler(this);
}

WebSocketTransport::~WebSocketTransport() {
  discard();
}

void WebSocketTransport::send(PacketType type, std::string_view data, bool compress) {
  auto const digit = static_cast<char>(type);
  write_frame(websocket::Opcode::text, {&digit, 1}, data, compress);
}

void WebSocketTransport::send_binary(std::string_view bytes, bool compress) {
  write_frame(websocket::Opcode::binary, {}, bytes, compress);
}

void WebSocketTransport::write_frame(websocket::Opcode opcode, std::string_view prefix, std::string_view data,
                                     bool compress) {
  if (!stream_) return;
  auto* const deflate = peer_.deflate();
  if (compress && deflate != nullptr && deflate->is_worthwhile(prefix.size() + data.size())) {
    std::string compressed;
    deflate->compress(core::concat(prefix, data), compressed);
    append_frame(opcode, {}, compressed, {.compressed = true});
  } else {
    append_frame(opcode, prefix, data, {});
  }
}

void WebSocketTransport::append_frame(websocket::Opcode opcode, std::string_view prefix,
                                      std::string_view data, websocket::FrameFlags flags) {
  auto const size = prefix.size() + data.size();
  auto* const begin = stream_->prepare(websocket::max_unmasked_header_size + size);
  auto* at = begin + websocket::encode_header(begin, opcode, size, flags);
  at = std::copy(prefix.begin(), prefix.end(), at);
  at = std::copy(data.begin(), data.end(), at);
  stream_->commit(static_cast<std::size_t>(at - begin));
}

void WebSocketTransport::write_control_frames() {
  std::array<char, websocket::max_control_frame> frame;
  while (auto const size = peer_.take_output(frame))
    stream_->write(std::string_view(frame.data(), size));
}

bool WebSocketTransport::finish(bool) {
  if (!stream_) return true;
  peer_.close();
  write_control_frames();
  core::Stream::finish(std::move(stream_), peer_.has_heard_close());
  return true;
}

void WebSocketTransport::discard() noexcept {
  if (!stream_) return;
  auto& shard = stream_->shard();
  stream_->close();
  shard.retire(std::move(stream_));
}

core::Stream* WebSocketTransport::frame_stream() noexcept {
  return peer_.deflate() == nullptr ? stream_.get() : nullptr;
}

void WebSocketTransport::on_data(std::span<char> bytes) {
  using Kind = websocket::PeerEvent::Kind;
  while (stream_) {
    auto const event = peer_.receive(bytes, engine_.shard().now());
    switch (event.kind) {
      case Kind::need_more:
        return;
      case Kind::output:
        // Pongs wait while the client does not read: a flood of pings must not fill its queue.
        if (stream_->unsent() < websocket::max_control_frame * 8) write_control_frames();
        break;
      case Kind::text:
      case Kind::binary:
        on_message(event);
        break;
      case Kind::closed: {
        write_control_frames();
        auto const reason = event.error == websocket::Error::none ? CloseReason::transport_close
                                                                  : CloseReason::transport_error;
        session_.transport_failed(*this, reason);
        return;
      }
    }
  }
}

void WebSocketTransport::on_message(websocket::PeerEvent const& event) {
  std::string_view const payload(event.payload.data(), event.payload.size());
  Packet packet{PacketType::message, true, payload};
  if (event.kind == websocket::PeerEvent::Kind::text) {
    if (payload.starts_with(binary_prefix)) return on_base64(payload.substr(1));
    if (!decode_packet(payload, packet)) return fail_to_parse();
  }
  session_.from_socket(*this, packet);
}

void WebSocketTransport::on_base64(std::string_view text) {
  // Clients that are told to (forceBase64) write binary messages so on any transport.
  std::string decoded;
  if (!base64::append_decoded(decoded, text)) return fail_to_parse();
  session_.from_socket(*this, {PacketType::message, true, decoded});
}

void WebSocketTransport::fail_to_parse() {
  session_.transport_failed(*this, CloseReason::parse_error);
}

void WebSocketTransport::on_closed(std::error_code) {
  session_.transport_failed(*this, CloseReason::transport_close);
}

void WebSocketTransport::on_overflow() {
  engine_.server().runtime().log().debug(
      "engine.io",
      core::concat("session ", session_.id(), " takes less than it is sent: closed as a slow consumer"));
  stream_->close();
  session_.transport_failed(*this, CloseReason::transport_error);
}

}}}  // namespace aerie::v1::engineio
