#include "text.hpp"

#include <aerie/core/utf8.hpp>

#include <algorithm>
#include <array>

namespace chat::text {

namespace {

/// WhiteSpace and LineTerminator (ECMA-262 §12.2 and §12.3).
constexpr std::array<std::string_view, 25> spaces{
    "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
    "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff",
    "\u00a0", " ",      "\t",     "\n",     "\v",     "\f",     "\r",
};

/// Bytes of the first space that `is_there` finds; 0 if there is none.
template <class Predicate>
std::size_t space_size(Predicate is_there) {
  auto const found = std::find_if(spaces.begin(), spaces.end(), is_there);
  return found == spaces.end() ? 0 : found->size();
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto const byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x20 || byte == 0x7f) return true;
    // U+0080 to U+009F
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (auto const size = space_size([&](auto space) { return text.starts_with(space); })) {
    text.remove_prefix(size);
  }
  while (auto const size = space_size([&](auto space) { return text.ends_with(space); })) {
    text.remove_suffix(size);
  }
  return text;
}

std::size_t length(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_continuation));
}

bool is_name(std::string_view text, std::size_t longest) {
  // U+2028 and U+2029 would break the line that a name stands in.
  return !text.empty() && length(text) <= longest && aerie::utf8::is_valid(text) && !has_control(text) &&
         text.find("\u2028") == text.npos && text.find("\u2029") == text.npos;
}

}  // namespace chat::text
