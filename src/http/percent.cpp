#include "http/percent.hpp"

#include "http/characters.hpp"

#include <aerie/core/hex.hpp>
#include <aerie/core/utf8.hpp>

namespace aerie { inline namespace v1 { namespace http {

namespace {

/// The byte that the escape at `at` stands for, -1 if none begins there.
int escaped_byte(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '%' || at + 2 >= text.size()) return -1;
  auto const high = core::hex_digit(text[at + 1]);
  auto const low = core::hex_digit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

}  // namespace

std::optional<std::string> percent_decode_strictly(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    auto const byte = escaped_byte(text, i);
    if (byte < 0) return std::nullopt;
    decoded.push_back(static_cast<char>(byte));
    i += 2;
  }
  if (!utf8::is_valid(decoded)) return std::nullopt;
  return decoded;
}

std::string percent_decode(std::string_view text, PlusSign plus) {
  if (!has_escape(text)) return std::string(text);
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const c = text[i];
    if (c == '+' && plus == PlusSign::is_space) {
      decoded.push_back(' ');
      continue;
    }
    auto const byte = escaped_byte(text, i);
    if (byte < 0) {
      decoded.push_back(c);
      continue;
    }
    decoded.push_back(static_cast<char>(byte));
    i += 2;
  }
  return utf8::is_valid(decoded) ? decoded : std::string(text);
}

void percent_encode(std::string& out, std::string_view text) {
  // What encodeURIComponent leaves alone.
  static constexpr CharacterClass plain = characters("-_.!~*'()");
  static constexpr std::string_view digits = "0123456789ABCDEF";
  for (char const c : text) {
    if (is(plain, c)) {
      out.push_back(c);
      continue;
    }
    auto const byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(digits[byte >> 4U]);
    out.push_back(digits[byte & 15U]);
  }
}

}}}  // namespace aerie::v1::http
