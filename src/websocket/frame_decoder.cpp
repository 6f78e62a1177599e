#include "websocket/bounded_append.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/websocket/frame_decoder.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

constexpr unsigned final_bit = 0x80;
constexpr unsigned rsv1_bit = 0x40;
constexpr unsigned rsv2_and_rsv3_bits = 0x30;
constexpr unsigned opcode_bits = 0x0F;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_bits = 0x7F;

std::size_t length_size(unsigned char second) {
  auto const length = second & length_bits;
  return length == 127 ? 8 : length == 126 ? 2 : 0;
}

std::size_t whole_header_size(unsigned char second) {
  return 2 + length_size(second) + ((second & mask_bit) != 0 ? sizeof(Mask) : 0);
}

std::uint64_t big_endian(unsigned char const* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value = (value << 8) | bytes[i];
  return value;
}

bool is_known(unsigned opcode) {
  return opcode <= static_cast<unsigned>(Opcode::binary) ||
         (opcode >= static_cast<unsigned>(Opcode::close) && opcode <= static_cast<unsigned>(Opcode::pong));
}

std::string_view as_text(std::span<char> bytes) {
  return {bytes.data(), bytes.size()};
}

}  // namespace

// What only a connection needs whose message, control frame or header is split.
struct FrameDecoder::Assembly {
  std::vector<char> message;
  utf8::Validator text;
  std::uint32_t fragments = 0;  // Frames of the message so far.
  std::uint8_t header_size = 0;
  std::array<unsigned char, max_header_size> header;
  std::uint8_t control_size = 0;
  std::array<char, max_control_payload> control;
};

FrameDecoder::FrameDecoder(DecoderOptions const& options)
    : max_message_size_(options.max_message_size),
      max_fragments_(options.max_fragments),
      expects_mask_(options.role == Role::server),
      allow_compressed_(options.allow_compressed) {}

FrameDecoder::~FrameDecoder() = default;
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;
FrameDecoder& FrameDecoder::operator=(FrameDecoder&&) noexcept = default;

std::size_t FrameDecoder::buffered_bytes() const {
  return assembly_ == nullptr ? 0 : sizeof(Assembly) + assembly_->message.capacity();
}

bool FrameDecoder::idle() const {
  return phase_ == Phase::header && message_ == no_message &&
         (assembly_ == nullptr || assembly_->header_size == 0);
}

FrameEvent FrameDecoder::next(std::span<char>& input) {
  if (lent_ == Lent::nothing && begins_with_small_message(input)) return take_small_message(input);
  return take_some(input);
}

FrameEvent FrameDecoder::take_some(std::span<char>& input) {
  if (lent_ != Lent::nothing) take_back();
  while (phase_ != Phase::finished) {
    if (phase_ == Phase::header) {
      if (auto const error = read_header(input); error != Error::none) return fail(error);
      if (phase_ == Phase::header) return {};
    }
    auto const part = take_payload(input);
    auto const event = is_control(frame_) ? control(part) : data(part);
    if (event.kind != FrameEvent::Kind::need_more || phase_ == Phase::payload) return event;
  }
  input = {};
  return {};
}

// Whether a whole message with a header of the shortest form is next: what nearly all are. Then the general
// way, which can stop after every byte, need not be gone: three times the instructions.
bool FrameDecoder::begins_with_small_message(std::span<char const> input) const {
  constexpr std::size_t header = 2 + sizeof(Mask);
  if (input.size() < header || phase_ != Phase::header || message_ != no_message) return false;
  auto const first = static_cast<unsigned char>(input[0]);
  auto const length = static_cast<unsigned char>(input[1]) ^ mask_bit;
  auto const is_message = first == (final_bit | static_cast<unsigned>(Opcode::text)) ||
                          first == (final_bit | static_cast<unsigned>(Opcode::binary));
  return is_message && length <= max_control_payload && input.size() >= header + length && expects_mask_ &&
         assembly_ == nullptr && length <= max_message_size_ && max_fragments_ > 0;
}

FrameEvent FrameDecoder::take_small_message(std::span<char>& input) {
  auto const kind = static_cast<Opcode>(static_cast<unsigned char>(input[0]) & opcode_bits) == Opcode::text
                        ? FrameEvent::Kind::text
                        : FrameEvent::Kind::binary;
  auto const size = static_cast<std::size_t>(static_cast<unsigned char>(input[1]) & length_bits);
  Mask mask;
  std::memcpy(&mask, input.data() + 2, sizeof mask);
  auto const payload = input.subspan(2 + sizeof mask, size);
  input = input.subspan(2 + sizeof mask + size);
  apply_mask(payload, mask);
  if (kind == FrameEvent::Kind::text && !utf8::is_valid(as_text(payload))) return fail(Error::invalid_utf8);
  return {.kind = kind, .payload = payload};
}

// The caller has seen the last event, so the memory behind it can go.
void FrameDecoder::take_back() {
  auto const lent = std::exchange(lent_, Lent::nothing);
  if (assembly_ == nullptr) return;
  auto const in_use = message_ != no_message && phase_ != Phase::finished;
  if (lent == Lent::control && in_use)
    assembly_->control_size = 0;
  else
    assembly_.reset();
}

// Begins a frame if its whole header is there, or else keeps what is there of it.
Error FrameDecoder::read_header(std::span<char>& input) {
  auto const* const bytes = reinterpret_cast<unsigned char const*>(input.data());
  if (input.size() >= 2 && (assembly_ == nullptr || assembly_->header_size == 0)) {
    auto const size = whole_header_size(bytes[1]);
    if (input.size() >= size) {
      input = input.subspan(size);
      return begin_frame(bytes);
    }
  }
  if (input.empty()) return Error::none;
  auto& split = assembly();
  auto const& header = split.header;
  while (!input.empty()) {
    split.header[split.header_size++] = static_cast<unsigned char>(input.front());
    input = input.subspan(1);
    if (split.header_size < 2) continue;
    if (split.header_size == 2) {
      if (auto const error = check_start(header[0], header[1]); error != Error::none) return error;
    }
    if (split.header_size < whole_header_size(header[1])) continue;
    split.header_size = 0;
    return begin_frame(header.data());
  }
  return Error::none;
}

// Judges what the first two bytes tell, so that a broken peer is refused without waiting for more.
Error FrameDecoder::check_start(unsigned char first, unsigned char second) const {
  if ((first & rsv2_and_rsv3_bits) != 0) return Error::reserved_bits;
  if (!is_known(first & opcode_bits)) return Error::reserved_opcode;
  auto const opcode = static_cast<Opcode>(first & opcode_bits);
  auto const begins_message = opcode == Opcode::text || opcode == Opcode::binary;
  if ((first & rsv1_bit) != 0 && !(allow_compressed_ && begins_message)) return Error::unexpected_compression;
  if (((second & mask_bit) != 0) != expects_mask_)
    return expects_mask_ ? Error::missing_mask : Error::unexpected_mask;
  if (is_control(opcode)) {
    if ((first & final_bit) == 0) return Error::fragmented_control;
    if ((second & length_bits) > max_control_payload) return Error::control_too_long;
    return Error::none;
  }
  if (begins_message && message_ != no_message) return Error::expected_continuation;
  if (!begins_message && message_ == no_message) return Error::unexpected_continuation;
  return Error::none;
}

Error FrameDecoder::begin_frame(unsigned char const* header) {
  if (auto const error = check_start(header[0], header[1]); error != Error::none) return error;
  auto const length = length_size(header[1]);
  auto const size = length == 0 ? header[1] & length_bits : big_endian(header + 2, length);
  if (expects_mask_) std::memcpy(&mask_, header + 2 + length, sizeof mask_);
  frame_ = static_cast<Opcode>(header[0] & opcode_bits);
  phase_ = Phase::payload;
  if (!is_control(frame_)) {
    final_ = (header[0] & final_bit) != 0;
    if (frame_ != Opcode::continuation) {
      message_ = frame_;
      compressed_ = (header[0] & rsv1_bit) != 0;
    }
    if (auto const error = begin_data_frame(size); error != Error::none) return error;
  }
  remaining_ = size;
  return Error::none;
}

Error FrameDecoder::begin_data_frame(std::uint64_t size) {
  auto const gathered = assembly_ == nullptr ? 0 : assembly_->message.size();
  if (size > max_message_size_ - gathered) return Error::message_too_big;
  if (max_fragments_ == 0) return Error::too_many_fragments;
  if (frame_ != Opcode::continuation && final_) return Error::none;
  auto& fragments = assembly().fragments;
  if (frame_ != Opcode::continuation) fragments = 0;
  if (fragments == max_fragments_) return Error::too_many_fragments;
  ++fragments;
  return Error::none;
}

// The part of the current frame's payload that has arrived, unmasked.
std::span<char> FrameDecoder::take_payload(std::span<char>& input) {
  auto const size = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
  auto const part = input.first(size);
  input = input.subspan(size);
  remaining_ -= size;
  if (remaining_ == 0) phase_ = Phase::header;
  if (expects_mask_) mask_ = apply_mask(part, mask_);
  return part;
}

FrameEvent FrameDecoder::data(std::span<char> part) {
  auto const complete = remaining_ == 0 && final_;
  auto payload = part;
  if (complete && (assembly_ == nullptr || assembly_->message.empty())) {
    if (message_ == Opcode::text && !compressed_ && !utf8::is_valid(as_text(part)))
      return fail(Error::invalid_utf8);
  } else {
    if (auto const error = gather(part); error != Error::none) return fail(error);
    if (!complete) return {};
    if (!assembly_->text.is_complete()) return fail(Error::invalid_utf8);
    payload = assembly_->message;
  }
  auto const kind = message_ == Opcode::text ? FrameEvent::Kind::text : FrameEvent::Kind::binary;
  message_ = no_message;
  lent_ = Lent::message;
  return {.kind = kind, .compressed = compressed_, .payload = payload};
}

FrameDecoder::Assembly& FrameDecoder::assembly() {
  if (assembly_ == nullptr) assembly_ = std::make_unique<Assembly>();
  return *assembly_;
}

Error FrameDecoder::gather(std::span<char> part) {
  if (part.empty()) return Error::none;
  auto& message = assembly().message;
  auto const ceiling =
      final_ ? message.size() + part.size() + static_cast<std::size_t>(remaining_) : max_message_size_;
  bounded_append(message, part, ceiling);
  if (message_ == Opcode::text && !compressed_ && !assembly_->text.feed(as_text(part)))
    return Error::invalid_utf8;
  return Error::none;
}

FrameEvent FrameDecoder::control(std::span<char> part) {
  auto payload = part;
  if (remaining_ > 0 || (assembly_ != nullptr && assembly_->control_size > 0)) {
    if (part.empty()) return {};
    auto& split = assembly();
    std::copy(part.begin(), part.end(), split.control.begin() + split.control_size);
    split.control_size = static_cast<std::uint8_t>(split.control_size + part.size());
    if (remaining_ > 0) return {};
    payload = std::span(split.control).first(split.control_size);
  }
  if (frame_ == Opcode::close) return close(payload);
  lent_ = Lent::control;
  auto const kind = frame_ == Opcode::ping ? FrameEvent::Kind::ping : FrameEvent::Kind::pong;
  return {.kind = kind, .payload = payload};
}

FrameEvent FrameDecoder::close(std::span<char> payload) {
  auto const [error, code, reason] = parse_close_payload(as_text(payload));
  if (error != Error::none) return fail(error);
  phase_ = Phase::finished;
  lent_ = Lent::control;
  return {.kind = FrameEvent::Kind::close, .code = code, .payload = payload.last(reason.size())};
}

void FrameDecoder::stop() {
  phase_ = Phase::finished;
  assembly_.reset();
}

FrameEvent FrameDecoder::fail(Error error) {
  stop();
  return {.kind = FrameEvent::Kind::error, .error = error, .code = close_code_of(error)};
}

}}}  // namespace aerie::v1::websocket
