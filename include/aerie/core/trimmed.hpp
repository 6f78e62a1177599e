#pragma once

#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

/// A text without the `blanks` at its ends: a view of the rest, empty if there is nothing else.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " \t") noexcept {
  auto const begin = text.find_first_not_of(blanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) + 1 - begin);
}

}}}  // namespace aerie::v1::core
