#include <aerie/core/base64.hpp>
#include <aerie/core/decimal.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/engineio/packet_v3.hpp>

#include <cstddef>
#include <optional>

namespace aerie { inline namespace v1 { namespace engineio { namespace protocol3 {

namespace {

constexpr char frame_of_text = 0;
constexpr char frame_of_bytes = 1;
constexpr char end_of_length = '\xff';
// Of any number that a payload's size can be.
constexpr std::size_t most_digits = 19;

bool continues_character(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// UTF-16 code units of the character that begins with this byte; 0 if none begins with it.
std::size_t units_of(char c) noexcept {
  if (continues_character(c)) return 0;
  return static_cast<unsigned char>(c) >= 0xF0U ? 2 : 1;
}

std::size_t utf16_length(std::string_view text) noexcept {
  std::size_t units = 0;
  for (char const c : text)
    units += units_of(c);
  return units;
}

/// How many bytes the first `units` code units are; nothing if the text is shorter, or they end within a
/// character.
std::optional<std::size_t> bytes_of(std::string_view text, std::size_t units) noexcept {
  std::size_t at = 0;
  for (; at < text.size() && (units > 0 || continues_character(text[at])); ++at) {
    auto const taken = units_of(text[at]);
    if (taken > units) return std::nullopt;
    units -= taken;
  }
  if (units > 0) return std::nullopt;
  return at;
}

/// Takes `size` bytes from the front.
std::string_view take(std::string_view& text, std::size_t size) noexcept {
  auto const front = text.substr(0, size);
  text.remove_prefix(size);
  return front;
}

void append_length_framed(std::string& payload, char kind, std::size_t length) {
  payload.push_back(kind);
  for (char const digit : std::to_string(length))
    payload.push_back(static_cast<char>(digit - '0'));
  payload.push_back(end_of_length);
}

}  // namespace

bool decode_packet(std::string_view text, Packet& packet, std::string& decoded) {
  if (!text.starts_with(binary_prefix)) return engineio::decode_packet(text, packet);
  if (!engineio::decode_packet(text.substr(1), packet)) return false;
  decoded.clear();
  base64::append_decoded_leniently(decoded, packet.data);
  packet = {packet.type, true, decoded};
  return true;
}

bool decode_binary_packet(std::string_view bytes, Packet& packet) noexcept {
  if (bytes.empty()) return false;
  auto const type = static_cast<unsigned char>(bytes.front());
  if (type > 6) return false;
  packet = {static_cast<PacketType>('0' + type), true, bytes.substr(1)};
  return true;
}

PayloadDecoder::Result PayloadDecoder::next(Packet& packet) {
  return form_ == Form::text ? next_text(packet) : next_binary(packet);
}

PayloadDecoder::Result PayloadDecoder::next_text(Packet& packet) {
  // A text that holds nothing is no payload, but "0:" is: as an official client sends it when it has nothing
  // to say.
  while (!rest_.empty() || !began_) {
    began_ = true;
    auto const colon = rest_.substr(0, most_digits + 1).find(':');
    if (colon == std::string_view::npos) return Result::malformed;
    auto const units = core::decimal<std::size_t>(take(rest_, colon));
    if (!units) return Result::malformed;
    take(rest_, 1);
    if (*units == 0) continue;
    auto const bytes = bytes_of(rest_, *units);
    if (!bytes) return Result::malformed;
    return decode_packet(take(rest_, *bytes), packet, decoded_) ? Result::packet : Result::malformed;
  }
  return Result::end;
}

PayloadDecoder::Result PayloadDecoder::next_binary(Packet& packet) {
  if (rest_.empty()) return Result::end;
  auto const kind = rest_.front();
  auto const length_end = rest_.substr(0, most_digits + 2).find(end_of_length);
  if ((kind != frame_of_text && kind != frame_of_bytes) || length_end == std::string_view::npos ||
      length_end < 2)
    return Result::malformed;
  std::size_t length = 0;
  for (char const byte : rest_.substr(1, length_end - 1)) {
    std::size_t const digit = static_cast<unsigned char>(byte);
    if (digit > 9) return Result::malformed;
    length = length * 10 + digit;
  }
  take(rest_, length_end + 1);
  if (length > rest_.size()) return Result::malformed;
  auto const frame = take(rest_, length);
  if (kind == frame_of_bytes) return decode_binary_packet(frame, packet) ? Result::packet : Result::malformed;
  // Frames of bytes stand between those of text, so the payload as a whole cannot have been checked.
  if (!utf8::is_valid(frame)) return Result::malformed;
  return decode_packet(frame, packet, decoded_) ? Result::packet : Result::malformed;
}

void append_packet(std::string& payload, PacketType type, std::string_view data) {
  payload += std::to_string(1 + utf16_length(data));
  payload.push_back(':');
  payload.push_back(static_cast<char>(type));
  payload.append(data);
}

void append_base64(std::string& payload, std::string_view bytes) {
  payload += std::to_string(2 + base64::encoded_size(bytes.size()));
  payload.push_back(':');
  payload.push_back(binary_prefix);
  payload.push_back(static_cast<char>(PacketType::message));
  base64::append_encoded(payload, bytes);
}

void append_packet_framed(std::string& payload, PacketType type, std::string_view data) {
  append_length_framed(payload, frame_of_text, 1 + data.size());
  payload.push_back(static_cast<char>(type));
  payload.append(data);
}

void append_binary_framed(std::string& payload, std::string_view bytes) {
  append_length_framed(payload, frame_of_bytes, 1 + bytes.size());
  payload.push_back(binary_message);
  payload.append(bytes);
}

}}}}  // namespace aerie::v1::engineio::protocol3
