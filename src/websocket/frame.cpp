#include <aerie/core/utf8.hpp>
#include <aerie/websocket/frame.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace aerie { inline namespace v1 { namespace websocket {
namespace {

void put_big_endian(char* out, std::uint64_t value, unsigned bytes) {
  for (unsigned shift = 8 * bytes; shift > 0; shift -= 8)
    *out++ = static_cast<char>(value >> (shift - 8));
}

template <class Word>
void exclusive_or(char* bytes, Word mask) {
  Word word;
  std::memcpy(&word, bytes, sizeof word);
  word ^= mask;
  std::memcpy(bytes, &word, sizeof word);
}

// The mask as it has to be applied `bytes` later: its bytes, in memory order, rotated to the front.
Mask advance_mask(Mask mask, std::size_t bytes) {
  auto const bits = static_cast<int>(8 * (bytes % sizeof(Mask)));
  return std::endian::native == std::endian::little ? std::rotr(mask, bits) : std::rotl(mask, bits);
}

// Where to cut a valid text so that at most `limit` bytes stay and no character is split.
std::string_view cut_utf8(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80)
    --limit;
  return text.substr(0, limit);
}

}  // namespace

std::size_t encode_header(char* out, Opcode opcode, std::uint64_t payload_size, FrameFlags flags) {
  out[0] = static_cast<char>((flags.final ? 0x80u : 0u) | (flags.compressed ? 0x40u : 0u) |
                             static_cast<unsigned>(opcode));
  if (payload_size <= 125) {
    out[1] = static_cast<char>(payload_size);
    return 2;
  }
  if (payload_size <= 0xFFFF) {
    out[1] = 126;
    put_big_endian(out + 2, payload_size, 2);
    return 4;
  }
  out[1] = 127;
  put_big_endian(out + 2, payload_size, 8);
  return 10;
}

std::size_t encode_masked_header(char* out, Opcode opcode, std::uint64_t payload_size, Mask mask,
                                 FrameFlags flags) {
  auto const size = encode_header(out, opcode, payload_size, flags);
  out[1] = static_cast<char>(static_cast<unsigned char>(out[1]) | 0x80u);
  std::memcpy(out + size, &mask, sizeof mask);
  return size + sizeof mask;
}

Mask apply_mask(std::span<char> bytes, Mask mask) {
  auto const wide = (std::uint64_t{mask} << 32) | mask;
  auto* at = bytes.data();
  auto left = bytes.size();
  // Four words at once: compilers make vector instructions of it.
  for (; left >= 4 * sizeof wide; left -= 4 * sizeof wide, at += 4 * sizeof wide) {
    exclusive_or(at, wide);
    exclusive_or(at + 8, wide);
    exclusive_or(at + 16, wide);
    exclusive_or(at + 24, wide);
  }
  for (; left >= sizeof wide; left -= sizeof wide, at += sizeof wide)
    exclusive_or(at, wide);
  if (left >= sizeof mask) {
    exclusive_or(at, mask);
    left -= sizeof mask;
    at += sizeof mask;
  }
  char key[sizeof mask];
  std::memcpy(key, &mask, sizeof key);
  for (std::size_t i = 0; i < left; ++i)
    at[i] = static_cast<char>(at[i] ^ key[i]);
  return advance_mask(mask, left);
}

std::size_t encode_close_payload(char* out, CloseCode code, std::string_view reason) {
  if (code == CloseCode::no_status) return 0;
  put_big_endian(out, static_cast<std::uint16_t>(code), 2);
  reason = cut_utf8(reason, max_control_payload - 2);
  std::copy(reason.begin(), reason.end(), out + 2);
  return 2 + reason.size();
}

ClosePayload parse_close_payload(std::string_view payload) {
  if (payload.empty()) return {};
  if (payload.size() == 1) return {.error = Error::bad_close_body};
  auto const high = static_cast<unsigned char>(payload[0]);
  auto const low = static_cast<unsigned char>(payload[1]);
  auto const code = static_cast<CloseCode>((high << 8) | low);
  if (!may_be_sent(code)) return {.error = Error::bad_close_code};
  auto const reason = payload.substr(2);
  if (!utf8::is_valid(reason)) return {.error = Error::invalid_utf8};
  return {.code = code, .reason = reason};
}

}}}  // namespace aerie::v1::websocket
