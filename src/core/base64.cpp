#include <aerie/core/base64.hpp>

#include <array>
#include <cstdint>

namespace aerie { inline namespace v1 { namespace base64 {
namespace {

using Byte = unsigned char;

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// Larger than any 24-bit group, so that one comparison finds a foreign character among four.
constexpr std::uint32_t foreign = 1U << 24U;

using DecodeTable = std::array<std::uint32_t, 256>;

constexpr DecodeTable make_decode_table(std::string_view alphabet) {
  DecodeTable table{};
  table.fill(foreign);
  for (std::uint32_t i = 0; i < alphabet.size(); ++i)
    table[static_cast<Byte>(alphabet[i])] = i;
  return table;
}

constexpr DecodeTable standard_values = make_decode_table(standard_alphabet);
constexpr DecodeTable url_values = make_decode_table(url_alphabet);

// Of both alphabets.
constexpr DecodeTable make_lenient_table() {
  auto table = standard_values;
  for (std::uint32_t i = 62; i < 64; ++i)
    table[static_cast<Byte>(url_alphabet[i])] = i;
  return table;
}

constexpr DecodeTable lenient_values = make_lenient_table();

Byte byte_at(std::string_view text, std::size_t i) {
  return static_cast<Byte>(text[i]);
}

// Writes the characters of `bytes` without padding and returns where they end.
char* encode_to(char* to, std::string_view bytes, std::string_view alphabet) {
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    std::uint32_t const group = std::uint32_t{byte_at(bytes, i)} << 16U |
                                std::uint32_t{byte_at(bytes, i + 1)} << 8U | byte_at(bytes, i + 2);
    *to++ = alphabet[group >> 18U];
    *to++ = alphabet[group >> 12U & 63U];
    *to++ = alphabet[group >> 6U & 63U];
    *to++ = alphabet[group & 63U];
  }
  std::size_t const rest = bytes.size() - i;
  if (rest == 0) return to;
  std::uint32_t const group =
      std::uint32_t{byte_at(bytes, i)} << 16U | (rest == 2 ? std::uint32_t{byte_at(bytes, i + 1)} << 8U : 0U);
  *to++ = alphabet[group >> 18U];
  *to++ = alphabet[group >> 12U & 63U];
  if (rest == 2) *to++ = alphabet[group >> 6U & 63U];
  return to;
}

// Decodes a text without padding. `to` has room for three bytes for every four characters begun.
bool decode_to(char* to, std::string_view text, DecodeTable const& values) {
  std::size_t i = 0;
  for (; i + 4 <= text.size(); i += 4) {
    std::uint32_t const a = values[byte_at(text, i)];
    std::uint32_t const b = values[byte_at(text, i + 1)];
    std::uint32_t const c = values[byte_at(text, i + 2)];
    std::uint32_t const d = values[byte_at(text, i + 3)];
    if ((a | b | c | d) >= foreign) return false;
    std::uint32_t const group = a << 18U | b << 12U | c << 6U | d;
    *to++ = static_cast<char>(group >> 16U);
    *to++ = static_cast<char>(group >> 8U & 255U);
    *to++ = static_cast<char>(group & 255U);
  }
  std::size_t const rest = text.size() - i;
  if (rest == 0) return true;
  if (rest == 1) return false;
  std::uint32_t const a = values[byte_at(text, i)];
  std::uint32_t const b = values[byte_at(text, i + 1)];
  std::uint32_t const c = rest == 3 ? values[byte_at(text, i + 2)] : 0;
  if ((a | b | c) >= foreign) return false;
  std::uint32_t const group = a << 18U | b << 12U | c << 6U;
  std::uint32_t const unused = rest == 3 ? 0xFFU : 0xFFFFU;
  if ((group & unused) != 0) return false;
  *to++ = static_cast<char>(group >> 16U);
  if (rest == 3) *to++ = static_cast<char>(group >> 8U & 255U);
  return true;
}

// Decodes groups of four for as long as each character is one of an alphabet's; the rest of `text` stays in
// it.
char* decode_groups_to(char* to, std::string_view& text) {
  while (text.size() >= 4) {
    std::uint32_t const a = lenient_values[byte_at(text, 0)];
    std::uint32_t const b = lenient_values[byte_at(text, 1)];
    std::uint32_t const c = lenient_values[byte_at(text, 2)];
    std::uint32_t const d = lenient_values[byte_at(text, 3)];
    if ((a | b | c | d) >= foreign) break;
    std::uint32_t const group = a << 18U | b << 12U | c << 6U | d;
    *to++ = static_cast<char>(group >> 16U);
    *to++ = static_cast<char>(group >> 8U & 255U);
    *to++ = static_cast<char>(group & 255U);
    text.remove_prefix(4);
  }
  return to;
}

// Takes the next character of an alphabet off `text`; `foreign` at the end, which is the first `=`.
std::uint32_t take_value(std::string_view& text) {
  while (!text.empty() && text.front() != '=') {
    std::uint32_t const value = lenient_values[byte_at(text, 0)];
    text.remove_prefix(1);
    if (value < foreign) return value;
  }
  text = {};
  return foreign;
}

constexpr std::size_t decoded_size(std::size_t characters) {
  return characters / 4 * 3 + characters % 4 * 3 / 4;
}

}  // namespace

void append_encoded(std::string& out, std::string_view bytes) {
  std::size_t const before = out.size();
  // The padding is there from the start and the characters are written over it.
  out.resize(before + encoded_size(bytes.size()), '=');
  encode_to(out.data() + before, bytes, standard_alphabet);
}

bool append_decoded(std::string& out, std::string_view text) {
  if (text.size() % 4 != 0) return false;
  if (text.ends_with("==")) {
    text.remove_suffix(2);
  } else if (text.ends_with('=')) {
    text.remove_suffix(1);
  }
  std::size_t const before = out.size();
  out.resize(before + decoded_size(text.size()));
  if (decode_to(out.data() + before, text, standard_values)) return true;
  out.resize(before);
  return false;
}

void append_decoded_leniently(std::string& out, std::string_view text) {
  std::size_t const before = out.size();
  out.resize(before + text.size() / 4 * 3 + 3);
  char* to = out.data() + before;
  while (!text.empty()) {
    to = decode_groups_to(to, text);
    // A group with something foreign in it, or the last one: character by character.
    std::uint32_t group = 0;
    int count = 0;
    for (; count < 4; ++count) {
      auto const value = take_value(text);
      if (value == foreign) break;
      group |= value << (18U - 6U * static_cast<unsigned>(count));
    }
    for (int byte = 0; byte + 1 < count; ++byte)
      *to++ = static_cast<char>(group >> (16U - 8U * static_cast<unsigned>(byte)) & 255U);
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

std::string encode(std::string_view bytes) {
  std::string out;
  append_encoded(out, bytes);
  return out;
}

std::optional<std::string> decode(std::string_view text) {
  std::string out;
  if (!append_decoded(out, text)) return std::nullopt;
  return out;
}

std::string encode_url(std::string_view bytes) {
  std::string out(encoded_size(bytes.size()), '=');
  char const* const end = encode_to(out.data(), bytes, url_alphabet);
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

std::optional<std::string> decode_url(std::string_view text) {
  std::string out(decoded_size(text.size()), '\0');
  if (!decode_to(out.data(), text, url_values)) return std::nullopt;
  return out;
}

}}}  // namespace aerie::v1::base64
