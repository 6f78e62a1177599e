#include "schema/json_string.hpp"

#include <aerie/core/utf8.hpp>

#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aerie { inline namespace v1 { namespace json {
namespace {

bool is_plain(char c) {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

#ifdef __SSE2__
// A bit for each of the sixteen characters at `at` that is special.
unsigned specials(char const* at) {
  __m128i const text = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
  // The comparison is signed: it finds control characters and everything from 0x80 on.
  __m128i const is_special = _mm_or_si128(
      _mm_cmplt_epi8(text, _mm_set1_epi8(' ')),
      _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')), _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'))));
  return static_cast<unsigned>(_mm_movemask_epi8(is_special));
}
#endif

// The first character that may not be copied as it is: quote, backslash, control character, or not ASCII.
char const* find_special(char const* at, char const* end) {
#ifdef __SSE2__
  if (end - at >= 16) {
    for (; end - at >= 16; at += 16) {
      if (unsigned const found = specials(at)) return at + __builtin_ctz(found);
    }
    if (at == end) return end;
    // The rest together with what was seen already, which has none.
    char const* const last = end - 16;
    unsigned const found = specials(last);
    return found != 0 ? last + __builtin_ctz(found) : end;
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

bool is_in(char c, unsigned lowest, unsigned highest) {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= lowest && byte <= highest;
}

bool is_continuation(char c) {
  return is_in(c, 0x80, 0xBF);
}

// Bytes of the valid character at `at`, which is not ASCII (RFC 3629 §4); 0 if there is none.
std::size_t character_size(char const* at, char const* end) {
  auto const lead = static_cast<unsigned char>(*at);
  auto const available = end - at;
  if (lead < 0xC2 || lead > 0xF4 || available < 2) return 0;
  if (lead < 0xE0) return is_continuation(at[1]) ? 2 : 0;
  if (lead < 0xF0) {
    bool const is_valid = available >= 3 &&
                          is_in(at[1], lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) &&
                          is_continuation(at[2]);
    return is_valid ? 3 : 0;
  }
  bool const is_valid = available >= 4 &&
                        is_in(at[1], lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) &&
                        is_continuation(at[2]) && is_continuation(at[3]);
  return is_valid ? 4 : 0;
}

// Where the text ends that may be copied as it is: before a character to escape, or a byte that is not UTF-8.
char const* find_end_of_copyable(char const* at, char const* end) {
  while (true) {
    at = find_special(at, end);
    // Letters that are not ASCII mostly come in runs.
    while (at != end && static_cast<unsigned char>(*at) >= 0x80) {
      std::size_t const size = character_size(at, end);
      if (size == 0) return at;
      at += size;
    }
    if (at == end || !is_plain(*at)) return at;
  }
}

// Appends something for bytes that are no character. Returns how many bytes it stands for.
std::size_t append_replacement(std::string& out, std::string_view text) {
  if (char32_t const unit = leading_surrogate(text)) return append_surrogate(out, unit, text);
  utf8::append(out, 0xFFFD);
  return 1;
}

// The same as below where not all of it may be copied as it is; `stop` is where that ends.
void append_quoted_escaping(std::string& out, std::string_view text, char const* stop) {
  char const* at = text.data();
  char const* const end = at + text.size();
  out.push_back('"');
  for (;; stop = find_end_of_copyable(at, end)) {
    out.append(at, static_cast<std::size_t>(stop - at));
    at = stop;
    if (at == end) break;
    if (static_cast<unsigned char>(*at) >= 0x80) {
      at += append_replacement(out, {at, static_cast<std::size_t>(end - at)});
    } else {
      append_escape(out, *at++);
    }
  }
  out.push_back('"');
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  char const* const end = text.data() + text.size();
  if (auto const* const stop = find_end_of_copyable(text.data(), end); stop != end) [[unlikely]]
    return append_quoted_escaping(out, text, stop);
  // Quotes all the way, and the text over those between the first and the last: the string grows once.
  auto const begin = out.size();
  out.append(text.size() + 2, '"');
  text.copy(out.data() + begin + 1, text.size());
}

}}}  // namespace aerie::v1::json
