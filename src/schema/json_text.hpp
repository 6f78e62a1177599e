#pragma once

/// \file
/// The lexical level of JSON (RFC 8259, read as ECMA-262 §25.5.1 reads it): where a string, a number, a
/// literal ends. Pointers lead through valid UTF-8; null means that the text is malformed.

#include <aerie/core/ascii.hpp>
#include <aerie/core/hex.hpp>
#include <aerie/schema/decoder.hpp>

#include <cstring>
#include <string>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aerie { inline namespace v1 { namespace json {

inline char const* skip_whitespace(char const* at, char const* end) {
  // Between machines there is none.
  if (at != end && static_cast<unsigned char>(*at) > ' ') return at;
  while (at != end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
    ++at;
  return at;
}

inline bool ends_plain_text(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

#ifdef __SSE2__
// A bit for each of the sixteen characters at `at` that ends plain text.
inline unsigned ends_of_plain_text(char const* at) {
  __m128i const text = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
  __m128i const is_control = _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(0x1F)), text);
  __m128i const is_quote = _mm_cmpeq_epi8(text, _mm_set1_epi8('"'));
  __m128i const is_backslash = _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'));
  return static_cast<unsigned>(
      _mm_movemask_epi8(_mm_or_si128(is_control, _mm_or_si128(is_quote, is_backslash))));
}
#endif

// The first quote, backslash or control character, or `end`.
inline char const* find_end_of_plain_text(char const* at, char const* end) {
#ifdef __SSE2__
  if (end - at >= 16) {
    for (; end - at >= 16; at += 16) {
      if (unsigned const found = ends_of_plain_text(at)) return at + __builtin_ctz(found);
    }
    // The rest together with what was seen already, which has none.
    char const* const last = end - 16;
    unsigned const found = ends_of_plain_text(last);
    return found != 0 ? last + __builtin_ctz(found) : end;
  }
#endif
  while (at != end && !ends_plain_text(*at))
    ++at;
  return at;
}

// Checks an escape sequence. `at` points behind its backslash; returns where it ends.
inline char const* scan_escape(char const* at, char const* end) {
  if (at == end) return nullptr;
  switch (*at) {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      return at + 1;
    case 'u':
      break;
    default:
      return nullptr;
  }
  constexpr int digits = 4;
  if (end - at <= digits) return nullptr;
  for (int i = 1; i <= digits; ++i) {
    if (core::hex_digit(at[i]) < 0) return nullptr;
  }
  return at + 1 + digits;
}

// Checks a string. `at` points behind its opening quote; returns where it ends, behind the closing one.
inline char const* scan_string(char const* at, char const* end, bool& has_escapes) {
  has_escapes = false;
  while (true) {
    at = find_end_of_plain_text(at, end);
    if (at == end) return nullptr;
    if (*at == '"') return at + 1;
    if (*at != '\\') return nullptr;
    has_escapes = true;
    at = scan_escape(at + 1, end);
    if (at == nullptr) return nullptr;
  }
}

inline char const* skip_digits(char const* at, char const* end) {
  while (at != end && core::is_digit(*at))
    ++at;
  return at;
}

// Checks a number; returns where it ends.
inline char const* scan_number(char const* at, char const* end) {
  if (at != end && *at == '-') ++at;
  if (at == end || !core::is_digit(*at)) return nullptr;
  at = *at == '0' ? at + 1 : skip_digits(at, end);
  if (at != end && *at == '.') {
    char const* const decimals = ++at;
    at = skip_digits(at, end);
    if (at == decimals) return nullptr;
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    char const* const digits = at;
    at = skip_digits(at, end);
    if (at == digits) return nullptr;
  }
  return at;
}

// Checks that `literal` comes next; returns where it ends.
inline char const* scan_literal(char const* at, char const* end, std::string_view literal) {
  if (std::string_view(at, static_cast<std::size_t>(end - at)).starts_with(literal))
    return at + literal.size();
  return nullptr;
}

// The value of a number that scan_number has accepted.
Number parse_number(std::string_view text);

// Appends what the inside of a string that scan_string has accepted stands for. A lone surrogate becomes the
// three bytes that the pattern of UTF-8 gives it (WTF-8).
void append_unescaped(std::string& out, std::string_view inside);

}}}  // namespace aerie::v1::json
