#include "contract/names.hpp"

#include <aerie/core/ascii.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace contract {

namespace {

char to_upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

std::string pascal_case(std::string_view text) {
  std::string name;
  bool is_first = true;
  for (char const c : text) {
    if (!core::is_alphanumeric(c)) {
      is_first = true;
      continue;
    }
    // An identifier begins with no digit.
    if (name.empty() && core::is_digit(c)) name.push_back('_');
    name.push_back(is_first ? to_upper(c) : c);
    is_first = false;
  }
  return name;
}

std::string without_suffix(std::string_view text, std::string_view suffix) {
  if (text.size() > suffix.size() && text.ends_with(suffix)) text.remove_suffix(suffix.size());
  return pascal_case(text);
}

bool is_identifier(std::string_view text) {
  auto const is_allowed = [](char c) { return core::is_alphanumeric(c) || c == '_' || c == '$'; };
  return !text.empty() && !core::is_digit(text.front()) && std::ranges::all_of(text, is_allowed);
}

}}}  // namespace aerie::v1::contract
