// How texts of headers are compared, of requests and of responses.
#include "http/characters.hpp"

#include <aerie/http/request_head.hpp>

#include <cstdint>
#include <cstring>

namespace aerie { inline namespace v1 { namespace http {

namespace {

constexpr std::uint64_t each_byte = 0x0101010101010101U;

template <class Word>
std::uint64_t word_at(char const* at) noexcept {
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// All characters of a text of less than eight; some may stand there twice.
std::uint64_t short_word(std::string_view text) noexcept {
  using Half = std::uint32_t;
  if (text.empty()) return 0;
  auto const* const last = text.data() + text.size();
  if (text.size() >= sizeof(Half))
    return word_at<Half>(text.data()) << 32U | word_at<Half>(last - sizeof(Half));
  return word_at<std::uint8_t>(text.data()) << 16U | word_at<std::uint8_t>(&text[text.size() / 2]) << 8U |
         word_at<std::uint8_t>(last - 1);
}

/// Of eight characters each.
bool equal_words(std::uint64_t x, std::uint64_t y) noexcept {
  // Letters of the two cases differ in one bit; other characters that do so are different.
  auto const differing = x ^ y;
  if ((differing & ~(each_byte * 0x20)) != 0) return false;
  auto const lower = x | (each_byte * 0x20);
  // No sum reaches the next byte. The highest bit of each says whether it is at least 'a', and above 'z'.
  auto const low_bits = lower & (each_byte * 0x7F);
  auto const from_a = low_bits + each_byte * (0x80 - 'a');
  auto const above_z = low_bits + each_byte * (0x7F - 'z');
  auto const letters = from_a & ~above_z & ~lower;
  return ((differing << 2U) & ~letters) == 0;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  constexpr auto word = sizeof(std::uint64_t);
  if (a.size() < word) return equal_words(short_word(a), short_word(b));
  auto const last = a.size() - word;
  for (std::size_t i = 0; i < last; i += word) {
    if (!equal_words(word_at<std::uint64_t>(a.data() + i), word_at<std::uint64_t>(b.data() + i)))
      return false;
  }
  return equal_words(word_at<std::uint64_t>(a.data() + last), word_at<std::uint64_t>(b.data() + last));
}

bool list_has_token(std::string_view list, std::string_view token) noexcept {
  bool found = false;
  each_element(list, [&](std::string_view element) { found = found || equal_ignoring_case(element, token); });
  return found;
}

}}}  // namespace aerie::v1::http
