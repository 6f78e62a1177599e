#pragma once

/// \file
/// Names that the compiler knows: of a member from its pointer, of an enumerator from its value.

#include <aerie/core/ascii.hpp>

#include <string_view>

namespace aerie { inline namespace v1 {

namespace detail {

// The text that the compiler writes for a template argument, after the last `::` and up to what follows it.
// g++ writes
// "... [with auto Constant = &JoinRoom::nick; ...]", clang "... [Constant = &JoinRoom::nick]".
constexpr std::string_view cut_name(std::string_view function) {
  constexpr std::string_view marker = "Constant = ";
  std::string_view text = function.substr(function.find(marker) + marker.size());
  text = text.substr(0, text.find_first_of(";]"));
  return text.substr(text.rfind(':') + 1);
}

constexpr bool is_identifier(std::string_view name) {
  if (name.empty() || core::is_digit(name.front())) return false;
  for (char const c : name) {
    bool const is_allowed = core::is_alphanumeric(c) || c == '_';
    if (!is_allowed) return false;
  }
  return true;
}

template <auto Constant>
consteval std::string_view deduce_name() {
  return cut_name(__PRETTY_FUNCTION__);
}

// The name of a type with its namespaces, but without template arguments: what stands before the first `<` of
// "... [with T = lab::UserDto; ...]" (g++) or "... [T = lab::UserDto]" (clang).
template <typename T>
consteval std::string_view qualified_type_name() {
  constexpr std::string_view marker = "T = ";
  std::string_view text = __PRETTY_FUNCTION__;
  text.remove_prefix(text.find(marker) + marker.size());
  return text.substr(0, text.find_first_of("<;]"));
}

constexpr std::string_view without_namespaces(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

}  // namespace detail

/// The name of a member (`name_of<&JoinRoom::nick>()` is "nick") or of an enumerator, valid for ever.
template <auto Constant>
consteval std::string_view name_of() {
  constexpr std::string_view name = detail::deduce_name<Constant>();
  static_assert(detail::is_identifier(name),
                "aerie: no name can be deduced from this constant: give it one in the call");
  return name;
}

}}  // namespace aerie::v1
