#pragma once

/// Classes of characters in HTTP, and scans for the end of a run of them.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace aerie { inline namespace v1 { namespace http {

using CharacterClass = std::array<bool, 256>;

constexpr CharacterClass characters(std::string_view others) {
  CharacterClass result{};
  for (unsigned char c = '0'; c <= '9'; ++c)
    result[c] = true;
  for (unsigned char c = 'a'; c <= 'z'; ++c)
    result[c] = true;
  for (unsigned char c = 'A'; c <= 'Z'; ++c)
    result[c] = true;
  for (char const c : others)
    result[static_cast<unsigned char>(c)] = true;
  return result;
}

/// RFC 9110 §5.6.2.
inline constexpr CharacterClass token_characters = characters("!#$%&'*+-.^_`|~");
/// Host and port (RFC 3986 §3.2.2), without the comma, behind which lists of hosts would hide.
inline constexpr CharacterClass host_characters = characters("-._~!$&'()*+;=%:[]");

inline bool is(CharacterClass const& set, char c) noexcept {
  return set[static_cast<unsigned char>(c)];
}

inline bool all_in(CharacterClass const& set, std::string_view text) noexcept {
  for (char const c : text) {
    if (!is(set, c)) return false;
  }
  return true;
}

#if defined(__SSE2__)
/// The bytes of `bytes` that are from `first` to `last`.
inline __m128i in_range(__m128i bytes, char first, char last) noexcept {
  auto const offset = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
  auto const width = _mm_set1_epi8(static_cast<char>(last - first));
  return _mm_cmpeq_epi8(_mm_min_epu8(offset, width), offset);
}
#endif

/// Where the run of token characters at `at` ends.
inline char const* skip_token(char const* at, char const* end) noexcept {
#if defined(__SSE2__)
  // Names are letters, digits and dashes but for exotic ones, which the loop below looks at.
  for (; end - at >= 16; at += 16) {
    auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
    auto const letters = in_range(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), 'a', 'z');
    auto const others = _mm_or_si128(in_range(bytes, '0', '9'), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-')));
    auto const usual = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(letters, others)));
    if (usual == 0xffffU) continue;
    at += std::countr_one(usual);
    if (*at == ':') return at;
    break;
  }
#endif
  while (at != end && is(token_characters, *at))
    ++at;
  return at;
}

/// Where the first control character other than a tab stands: a header value's end, or what is wrong with it.
inline char const* skip_value(char const* at, char const* end) noexcept {
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
    // Unsigned x <= 31 is min(x, 31) == x; bytes above 127 are allowed (obs-text).
    auto const low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(31)), bytes);
    auto const bad = _mm_or_si128(_mm_andnot_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')), low),
                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8(127)));
    if (auto const mask = static_cast<unsigned>(_mm_movemask_epi8(bad))) return at + std::countr_zero(mask);
  }
#endif
  for (; at != end; ++at) {
    auto const byte = static_cast<unsigned char>(*at);
    if ((byte < 0x20 && byte != '\t') || byte == 0x7f) break;
  }
  return at;
}

/// Where the first character stands that no request target may have: space, controls, `#`, non-ASCII.
inline char const* skip_target(char const* at, char const* end) noexcept {
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(at));
    // Signed comparison: bytes above 127 count as small, too.
    auto const low = _mm_cmplt_epi8(bytes, _mm_set1_epi8('!'));
    auto const bad = _mm_or_si128(low, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(127)),
                                                    _mm_cmpeq_epi8(bytes, _mm_set1_epi8('#'))));
    if (auto const mask = static_cast<unsigned>(_mm_movemask_epi8(bad))) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && static_cast<signed char>(*at) > ' ' && *at != 127 && *at != '#')
    ++at;
  return at;
}

inline bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

/// `text` without blanks at both ends. In line: each header of a request goes through it, and it has grown
/// too common for the compiler to see to that.
[[gnu::always_inline]] inline std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

/// Calls `f(element)` for each non-empty element of a comma-separated list.
template <class F>
void each_element(std::string_view list, F&& f) {
  while (!list.empty()) {
    auto const comma = list.find(',');
    if (auto const element = trim(list.substr(0, comma)); !element.empty()) f(element);
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
}

}}}  // namespace aerie::v1::http
