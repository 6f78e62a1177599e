#include "client/websocket_transport.hpp"

#include "client/cookie_jar.hpp"
#include "client/http_channel.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/core/log.hpp>
#include <aerie/http/request_head.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

namespace {

// Of an answer that is no WebSocket: enough for what a server has to say.
constexpr std::size_t longest_refusal = std::size_t{16} * 1024;
// What zlib compresses with: a server that wants a smaller window is sent nothing compressed.
constexpr std::uint8_t smallest_window = 9;

websocket::PeerOptions peer_options(Options const& options) {
  return {.role = websocket::Role::client, .max_message_size = options.max_message_size};
}

websocket::DeflateOptions deflate_options(Compression const& compression) {
  return {.enabled = compression.enabled,
          .threshold = compression.threshold,
          .level = compression.level,
          .server_no_context_takeover = !compression.context_takeover,
          .client_no_context_takeover = !compression.context_takeover};
}

std::unique_ptr<websocket::Deflate> make_deflate(websocket::DeflateParameters agreed,
                                                 websocket::DeflateOptions options) {
  if (agreed.client_max_window_bits < smallest_window)
    options.threshold = std::numeric_limits<std::size_t>::max();
  agreed.client_max_window_bits = std::max(agreed.client_max_window_bits, smallest_window);
  agreed.server_max_window_bits = std::max(agreed.server_max_window_bits, smallest_window);
  return std::make_unique<websocket::Deflate>(websocket::Role::client, agreed, options);
}

std::string handshake_lines(Options const& options, std::string_view key) {
  auto lines = core::concat(
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ", key,
      "\r\n");
  if (options.per_message_deflate.enabled) {
    lines += "Sec-WebSocket-Extensions: ";
    websocket::append_extension_offer(lines, deflate_options(options.per_message_deflate));
    lines += "\r\n";
  }
  for (std::string_view separator = "Sec-WebSocket-Protocol: "; auto const& protocol : options.protocols) {
    lines.append(separator).append(protocol);
    separator = ", ";
  }
  if (!options.protocols.empty()) lines += "\r\n";
  return lines;
}

}  // namespace

WebSocketTransport::WebSocketTransport(Settings const& settings)
    : ClientTransport(settings),
      peer_(peer_options(settings->options)),
      handshake_({.max_body_bytes = longest_refusal}),
      dial_(settings->shard) {}

WebSocketTransport::~WebSocketTransport() {
  cut();
}

void WebSocketTransport::open() {
  dial_.begin(*settings()->dialer, [this](core::Connected result) { connected(std::move(result)); });
}

void WebSocketTransport::connected(core::Connected result) {
  if (!result.stream) return fail(std::move(result.reason));
  stream_ = std::move(result.stream);
  stream_->set_limit(settings()->options.outgoing_limit);
  stream_->set_handler(this);

  std::array<char, 16> nonce;
  settings()->random->random(nonce.data(), nonce.size());
  auto const key = base64::encode({nonce.data(), nonce.size()});
  accept_ = websocket::KeyHasher().accept_key(key);
  stream_->write(request_head(*settings(), "GET", target(), handshake_lines(settings()->options, key)));
}

// --- The handshake (RFC 6455 §4.1)

/// Why the answer opens no WebSocket; empty if it does.
std::string_view WebSocketTransport::judge_handshake() {
  auto const& head = handshake_.head();
  if (!http::equal_ignoring_case(head.header("upgrade"), "websocket") ||
      !http::list_has_token(head.header("connection"), "upgrade"))
    return "the server has switched to something else than WebSocket";
  if (head.header("sec-websocket-accept") != std::string_view(accept_.data(), accept_.size()))
    return "the server has answered the handshake with a wrong Sec-WebSocket-Accept";
  // Two lines of one header are one list (RFC 9110 §5.3).
  std::string extensions;
  for (auto const& [name, value] : head.headers) {
    if (http::equal_ignoring_case(name, "sec-websocket-protocol") && !was_offered(value))
      return "the server has chosen a protocol that it was not offered";
    if (http::equal_ignoring_case(name, "sec-websocket-extensions"))
      extensions += core::concat(extensions.empty() ? "" : ", ", value);
  }
  auto const options = deflate_options(settings()->options.per_message_deflate);
  auto const agreement = websocket::accept_extensions(extensions, options);
  if (agreement.error != websocket::Error::none)
    return "the server has agreed to an extension that it was not offered";
  if (agreement.deflate)
    peer_ = websocket::Peer(peer_options(settings()->options), make_deflate(*agreement.deflate, options));
  return {};
}

bool WebSocketTransport::was_offered(std::string_view protocol) const {
  return std::ranges::find(settings()->options.protocols, protocol) != settings()->options.protocols.end();
}

void WebSocketTransport::refused() {
  auto const status = handshake_.head().status;
  fail(core::concat("the server has answered ", std::to_string(status)), status, std::move(refusal_));
}

bool WebSocketTransport::take_handshake(std::span<char>& bytes) {
  std::string_view input(bytes.data(), bytes.size());
  using Status = http::ResponseDecoder::Status;
  while (true) {
    auto const step = handshake_.next(input);
    auto const status = handshake_.head().status;
    switch (step.status) {
      case Status::more:
        // A refusal whose end only the connection's end tells: nobody waits for that.
        if (status != 0 && status != 101 && !handshake_.head().keep_alive) refused();
        return false;
      case Status::head:
        if (settings()->cookies == nullptr) break;
        for (auto const& [name, value] : handshake_.head().headers) {
          if (http::equal_ignoring_case(name, "set-cookie"))
            settings()->cookies->take(value, settings()->shard.clock().wall());
        }
        break;
      case Status::data:
        refusal_ += step.data;
        break;
      case Status::failed:
        fail(core::concat("the response ", handshake_.error()));
        return false;
      case Status::complete:
        if (status != 101) {
          refused();
          return false;
        }
        if (auto const why = judge_handshake(); !why.empty()) {
          fail(std::string(why));
          return false;
        }
        bytes = bytes.last(input.size());
        return true;
    }
  }
}

// --- Frames

void WebSocketTransport::on_data(std::span<char> bytes) {
  if (!is_open_) {
    if (!take_handshake(bytes)) return;
    is_open_ = true;
    handler()->on_transport_open();
  }
  take_frames(bytes);
}

void WebSocketTransport::take_frames(std::span<char> bytes) {
  using Kind = websocket::PeerEvent::Kind;
  while (stream_ && handler() != nullptr) {
    auto const event = peer_.receive(bytes, settings()->shard.now());
    switch (event.kind) {
      case Kind::need_more:
        return;
      case Kind::output:
        if (!stream_->blocked()) write_control_frames();
        break;
      case Kind::text:
      case Kind::binary:
        take_message(event);
        break;
      case Kind::closed: {
        write_control_frames();
        is_open_ = false;
        core::Stream::finish(std::move(stream_), peer_.has_heard_close());
        if (event.error != websocket::Error::none) return fail(std::string(describe(event.error)));
        auto const code = std::to_string(static_cast<int>(event.code));
        return handler()->on_transport_close(core::concat("websocket connection closed, code ", code));
      }
    }
  }
}

void WebSocketTransport::take_message(websocket::PeerEvent const& event) {
  std::string_view const text(event.payload.data(), event.payload.size());
  engineio::Packet packet{engineio::PacketType::message, true, text};
  std::string decoded;
  if (event.kind == websocket::PeerEvent::Kind::text) {
    if (text.starts_with(engineio::binary_prefix)) {
      base64::append_decoded_leniently(decoded, text.substr(1));
      packet.data = decoded;
    } else if (!engineio::decode_packet(text, packet)) {
      return fail("a message is no packet of Engine.IO");
    }
  }
  handler()->on_packet(packet);
}

void WebSocketTransport::send(std::span<OutPacket const> packets) {
  for (auto const& packet : packets) {
    auto const type = static_cast<char>(packet.type);
    if (!packet.is_binary) {
      write_message(websocket::Opcode::text, {&type, 1}, packet.data, packet.compress);
    } else if (settings()->options.force_base64) {
      write_message(websocket::Opcode::text, {&engineio::binary_prefix, 1}, base64::encode(packet.data),
                    packet.compress);
    } else {
      write_message(websocket::Opcode::binary, {}, packet.data, packet.compress);
    }
  }
}

void WebSocketTransport::write_message(websocket::Opcode opcode, std::string_view prefix,
                                       std::string_view data, bool compress) {
  auto* const deflate = peer_.deflate();
  if (!compress || deflate == nullptr || !deflate->is_worthwhile(prefix.size() + data.size()))
    return write_frame(opcode, prefix, data, {});
  std::string compressed;
  deflate->compress(core::concat(prefix, data), compressed);
  write_frame(opcode, {}, compressed, {.compressed = true});
}

void WebSocketTransport::write_frame(websocket::Opcode opcode, std::string_view prefix, std::string_view data,
                                     websocket::FrameFlags flags) {
  auto const size = prefix.size() + data.size();
  auto const mask = next_mask();
  auto* const begin = stream_->prepare(websocket::max_header_size + size);
  auto* const payload = begin + websocket::encode_masked_header(begin, opcode, size, mask, flags);
  auto* const end = std::copy(data.begin(), data.end(), std::copy(prefix.begin(), prefix.end(), payload));
  websocket::apply_mask({payload, end}, mask);
  stream_->commit(static_cast<std::size_t>(end - begin));
}

void WebSocketTransport::write_control_frames() {
  std::array<char, websocket::max_control_frame> frame;
  while (auto const size = peer_.take_output(frame, next_mask()))
    stream_->write({frame.data(), size});
}

websocket::Mask WebSocketTransport::next_mask() {
  std::array<char, sizeof(websocket::Mask)> bytes;
  settings()->random->random(bytes.data(), bytes.size());
  websocket::Mask mask;
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(&mask));
  return mask;
}

// --- How it ends

void WebSocketTransport::on_closed(std::error_code reason) {
  auto const was_open = is_open_;
  drop();
  if (was_open && !reason) return handler()->on_transport_close("websocket connection closed, code 1006");
  fail(reason ? reason.message() : "the server has closed the connection");
}

void WebSocketTransport::on_overflow() {
  fail("the server takes less than it is sent: Options::outgoing_limit");
}

void WebSocketTransport::fail(std::string description, int status, std::string body) {
  drop();
  handler()->on_transport_error({.message = "websocket error",
                                 .description = std::move(description),
                                 .status = status,
                                 .body = std::move(body)});
}

void WebSocketTransport::close() noexcept {
  set_handler(nullptr);
  if (!is_open_ || !stream_) return drop();
  is_open_ = false;
  if (!stream_->closed()) {
    peer_.close();
    write_control_frames();
  }
  core::Stream::finish(std::move(stream_), peer_.has_heard_close());
}

void WebSocketTransport::drop() noexcept {
  is_open_ = false;
  dial_.cut();
  if (!stream_) return;
  stream_->close();
  settings()->shard.retire(std::move(stream_));
}

void WebSocketTransport::cut() noexcept {
  set_handler(nullptr);
  drop();
}

}}}  // namespace aerie::v1::client
