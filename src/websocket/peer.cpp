#include <aerie/core/utf8.hpp>
#include <aerie/websocket/peer.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

// As far as is counted: there are never more.
constexpr std::uint32_t most_control_frames = std::numeric_limits<std::uint16_t>::max();

struct ControlPayload {
  explicit ControlPayload(std::span<char const> from) : size(from.size()) {
    std::copy(from.begin(), from.end(), bytes.begin());
  }

  std::size_t size;
  std::array<char, max_control_payload> bytes;
};

std::size_t write_frame(std::span<char, max_control_frame> out, Role role, Opcode opcode,
                        ControlPayload const& payload, Mask mask) {
  auto const header = role == Role::server ? encode_header(out.data(), opcode, payload.size)
                                           : encode_masked_header(out.data(), opcode, payload.size, mask);
  auto const body = out.subspan(header, payload.size);
  std::copy_n(payload.bytes.begin(), payload.size, body.begin());
  if (role == Role::client) apply_mask(body, mask);
  return header + payload.size;
}

/// Of a message.
PeerEvent::Kind kind_of(FrameEvent const& event) noexcept {
  return event.kind == FrameEvent::Kind::text ? PeerEvent::Kind::text : PeerEvent::Kind::binary;
}

}  // namespace

// Frames that wait to be sent; at least one, else there is no Output.
struct Peer::Output {
  std::optional<ControlPayload> pong;
  std::optional<ControlPayload> close;
};

struct Peer::Compression {
  explicit Compression(std::unique_ptr<Deflate> agreed) noexcept : deflate(std::move(agreed)) {}

  std::unique_ptr<Deflate> deflate;
  std::vector<char> inflated;  // the message that was handed out
};

Peer::Peer(PeerOptions const& options, std::unique_ptr<Deflate> deflate)
    : decoder_({.role = options.role,
                .max_message_size = options.max_message_size,
                .max_fragments = options.max_fragments,
                .allow_compressed = deflate != nullptr}),
      compression_(deflate ? std::make_unique<Compression>(std::move(deflate)) : nullptr),
      max_control_frames_(
          static_cast<std::uint16_t>(std::min(options.max_control_frames_per_second, most_control_frames))) {}

Peer::~Peer() = default;
Peer::Peer(Peer&&) noexcept = default;
Peer& Peer::operator=(Peer&&) noexcept = default;

Deflate* Peer::deflate() const {
  return compression_ ? compression_->deflate.get() : nullptr;
}

std::size_t Peer::buffered_bytes() const {
  return decoder_.buffered_bytes() + (compression_ ? compression_->inflated.capacity() : 0);
}

PeerEvent Peer::receive(std::span<char>& input, core::TimePoint now) {
  if (compression_) compression_->inflated = std::vector<char>();
  while (true) {
    auto const event = decoder_.next(input);
    switch (event.kind) {
      case FrameEvent::Kind::need_more:
        return {};
      case FrameEvent::Kind::text:
      case FrameEvent::Kind::binary:
        if (state_ == State::closing) break;
        if (event.compressed) return inflate(event);
        return {.kind = kind_of(event), .payload = event.payload};
      case FrameEvent::Kind::ping:
        if (!within_budget(now)) return fail(Error::too_many_control_frames);
        if (state_ == State::closing) break;
        return ping(event.payload);
      case FrameEvent::Kind::pong:
        if (!within_budget(now)) return fail(Error::too_many_control_frames);
        break;
      case FrameEvent::Kind::close:
        return closed(event);
      case FrameEvent::Kind::error:
        return fail(event.error);
    }
  }
}

PeerEvent Peer::inflate(FrameEvent const& event) {
  auto& [deflate, inflated] = *compression_;
  auto const error = deflate->decompress(event.payload, decoder_.max_message_size(), inflated);
  if (error != Error::none) return fail(error);
  auto const kind = kind_of(event);
  if (kind == PeerEvent::Kind::text && !utf8::is_valid({inflated.data(), inflated.size()}))
    return fail(Error::invalid_utf8);
  return {.kind = kind, .payload = inflated};
}

PeerEvent Peer::ping(std::span<char const> payload) {
  output().pong.emplace(payload);
  return {.kind = PeerEvent::Kind::output};
}

PeerEvent Peer::closed(FrameEvent const& event) {
  close(event.code);
  state_ = State::closed;
  heard_close_ = true;
  close_code_ = event.code;
  return {.kind = PeerEvent::Kind::closed, .code = event.code, .payload = event.payload};
}

PeerEvent Peer::fail(Error error) {
  auto const code = close_code_of(error);
  close(code);
  state_ = State::closed;
  close_code_ = code;
  decoder_.stop();
  if (compression_) compression_->inflated = std::vector<char>();
  return {.kind = PeerEvent::Kind::closed, .error = error, .code = code};
}

void Peer::close(CloseCode code, std::string_view reason) {
  if (state_ != State::open) return;
  state_ = State::closing;
  std::array<char, max_control_payload> payload;
  auto const size = encode_close_payload(payload.data(), code, reason);
  output().close.emplace(std::span(payload).first(size));
}

bool Peer::within_budget(core::TimePoint now) {
  constexpr std::uint32_t second = 1000;
  auto const time = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  if (time - second_began_ >= second) {
    second_began_ = time;
    control_frames_ = 0;
  }
  return ++control_frames_ <= max_control_frames_;
}

Peer::Output& Peer::output() {
  if (output_ == nullptr) output_ = std::make_unique<Output>();
  return *output_;
}

std::size_t Peer::take_output(std::span<char, max_control_frame> out, Mask mask) {
  if (output_ == nullptr) return 0;
  auto& [pong, close] = *output_;
  auto const is_pong = pong.has_value();
  auto const size = is_pong ? write_frame(out, decoder_.role(), Opcode::pong, *pong, mask)
                            : write_frame(out, decoder_.role(), Opcode::close, *close, mask);
  if (is_pong && close.has_value())
    pong.reset();
  else
    output_.reset();
  return size;
}

}}}  // namespace aerie::v1::websocket
