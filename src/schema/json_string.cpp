#include "schema/json_string.hpp"

#include <aerie/core/utf8.hpp>

#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aerie::inline v1::json {
namespace {

bool is_plain(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

// The first character that may not be copied as it is: quote, backslash, control character, or not ASCII.
char const* find_special(char const* at, char const* end) {
#ifdef __SSE2__
  __m128i const quote = _mm_set1_epi8('"');
  __m128i const backslash = _mm_set1_epi8('\\');
  __m128i const space = _mm_set1_epi8(' ');
  for (; end - at >= 16; at += 16) {
    __m128i const text = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
    // The comparison is signed: it finds control characters and everything from 0x80 on.
    __m128i const is_special =
        _mm_or_si128(_mm_cmplt_epi8(text, space),
                     _mm_or_si128(_mm_cmpeq_epi8(text, quote), _mm_cmpeq_epi8(text, backslash)));
    int const found = _mm_movemask_epi8(is_special);
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
  }
#endif
  while (at != end && is_plain(*at))
    ++at;
  return at;
}

void append_unicode_escape(std::string& out, char32_t unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.append("\\u");
  for (unsigned shift = 16; shift != 0; shift -= 4)
    out.push_back(digits[unit >> (shift - 4) & 15U]);
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      append_unicode_escape(out, static_cast<unsigned char>(c));
  }
}

// The surrogate that the three bytes at the front of `text` spell in WTF-8, or 0.
char32_t leading_surrogate(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xED') return 0;
  auto const second = static_cast<unsigned char>(text[1]);
  auto const third = static_cast<unsigned char>(text[2]);
  if (second < 0xA0 || second > 0xBF || third < 0x80 || third > 0xBF) return 0;
  return 0xD000U | (second & 0x3FU) << 6U | (third & 0x3FU);
}

// Appends a surrogate, or the character that it and the one behind it make. Returns the number of bytes read.
std::size_t append_surrogate(std::string& out, char32_t unit, std::string_view text) {
  char32_t const next = unit < 0xDC00 ? leading_surrogate(text.substr(3)) : 0;
  if (next >= 0xDC00) {
    utf8::append(out, 0x10000 + ((unit - 0xD800) << 10U) + (next - 0xDC00));
    return 6;
  }
  append_unicode_escape(out, unit);
  return 3;
}

// Bytes of the character that begins with `lead`, which is not ASCII; 0 if there is none.
std::size_t character_size(char lead) {
  auto const byte = static_cast<unsigned char>(lead);
  if (byte < 0xC2 || byte > 0xF4) return 0;
  return byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Appends the character at the front of `text`, which is not ASCII. Returns the number of bytes read.
std::size_t append_character(std::string& out, std::string_view text) {
  std::size_t const size = character_size(text.front());
  if (size != 0 && size <= text.size() && utf8::is_valid(text.substr(0, size))) {
    out.append(text.substr(0, size));
    return size;
  }
  if (char32_t const unit = leading_surrogate(text)) return append_surrogate(out, unit, text);
  utf8::append(out, 0xFFFD);
  return 1;
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  out.push_back('"');
  char const* at = text.data();
  char const* const end = at + text.size();
  while (true) {
    char const* const special = find_special(at, end);
    out.append(at, special);
    at = special;
    if (at == end) break;
    if (static_cast<unsigned char>(*at) >= 0x80) {
      at += append_character(out, {at, static_cast<std::size_t>(end - at)});
    } else {
      append_escape(out, *at++);
    }
  }
  out.push_back('"');
}

}  // namespace aerie::inline v1::json
