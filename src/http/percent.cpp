#include "http/percent.hpp"

#include "http/characters.hpp"

#include <aerie/core/utf8.hpp>

namespace aerie { inline namespace v1 { namespace http {

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
    auto const high = c == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    auto const low = high >= 0 ? hex_digit(text[i + 2]) : -1;
    if (low < 0) {
      decoded.push_back(c);
      continue;
    }
    decoded.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  return utf8::is_valid(decoded) ? decoded : std::string(text);
}

}}}  // namespace aerie::v1::http
