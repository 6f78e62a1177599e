#include <aerie/core/utf8.hpp>

#include <cstddef>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace aerie { inline namespace v1 { namespace utf8 {
namespace {

// Index of the first byte at or after `i` that is not ASCII, or the size of the text.
std::size_t skip_ascii(std::string_view text, std::size_t i) {
#ifdef __SSE2__
  constexpr std::size_t block = 16;
  auto const others = [&](std::size_t at) {
    return static_cast<unsigned>(
        _mm_movemask_epi8(_mm_loadu_si128(reinterpret_cast<__m128i const*>(text.data() + at))));
  };
  if (text.size() - i >= block) {
    for (; text.size() - i >= block; i += block) {
      if (auto const found = others(i)) return i + static_cast<std::size_t>(__builtin_ctz(found));
    }
    if (i == text.size()) return i;
    // The rest together with what was seen already.
    auto const last = text.size() - block;
    auto const found = others(last);
    return found != 0 ? last + static_cast<std::size_t>(__builtin_ctz(found)) : text.size();
  }
#endif
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  constexpr std::size_t stride = 2 * sizeof(std::uint64_t);
  while (i + stride <= text.size()) {
    std::uint64_t words[2];
    std::memcpy(words, text.data() + i, stride);
    if (((words[0] | words[1]) & high_bits) != 0) break;
    i += stride;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80)
    ++i;
  return i;
}

}  // namespace

bool Validator::fail() {
  pending_ = failed;
  return false;
}

// The table of RFC 3629 §4: which lead bytes exist, and how they narrow the byte that follows them.
bool Validator::begin_character(unsigned char lead) {
  if (lead < 0xC2 || lead > 0xF4) return fail();
  pending_ = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  lowest_ = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  highest_ = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return true;
}

bool Validator::feed(std::string_view piece) {
  if (pending_ == failed) return false;
  std::size_t i = 0;
  while (true) {
    for (; pending_ > 0 && i < piece.size(); --pending_, ++i) {
      auto const byte = static_cast<unsigned char>(piece[i]);
      if (byte < lowest_ || byte > highest_) return fail();
      lowest_ = 0x80;
      highest_ = 0xBF;
    }
    i = skip_ascii(piece, i);
    if (i == piece.size()) return true;
    if (!begin_character(static_cast<unsigned char>(piece[i++]))) return false;
  }
}

bool is_valid(std::string_view text) {
  auto const ascii = skip_ascii(text, 0);
  if (ascii == text.size()) return true;
  Validator validator;
  return validator.feed(text.substr(ascii)) && validator.is_complete();
}

void append(std::string& out, char32_t code_point) {
  auto const low_bits = [code_point](unsigned shift) {
    return static_cast<char>(0x80U | (code_point >> shift & 0x3FU));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.append({static_cast<char>(0xC0U | code_point >> 6U), low_bits(0)});
  } else if (code_point < 0x10000) {
    out.append({static_cast<char>(0xE0U | code_point >> 12U), low_bits(6), low_bits(0)});
  } else {
    out.append({static_cast<char>(0xF0U | code_point >> 18U), low_bits(12), low_bits(6), low_bits(0)});
  }
}

}}}  // namespace aerie::v1::utf8
