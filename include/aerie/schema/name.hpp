#pragma once

/// \file
/// Names that the compiler knows: of a member from its pointer, of an enumerator from its value.

#include <aerie/core/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace detail {

// What the compiler calls a function. Not a std::string_view: g++ would add to the text what that is short
// for.
struct Signature {
  char const* text;
  std::size_t size;
};

template <auto Constant>
consteval Signature signature_with_constant() {
  return {__PRETTY_FUNCTION__, sizeof __PRETTY_FUNCTION__ - 1};
}

template <typename T>
consteval Signature signature_with_type() {
  return {__PRETTY_FUNCTION__, sizeof __PRETTY_FUNCTION__ - 1};
}

// How many characters at the end of a text may be an identifier's. Counted from the end, because every step
// of the compiler's costs.
consteval std::size_t identifier_at_end(std::string_view text) {
  std::size_t begin = text.size();
  while (begin > 0 && (core::is_alphanumeric(text[begin - 1]) || text[begin - 1] == '_'))
    --begin;
  return text.size() - begin;
}

// The identifier at the end of "... [with auto Constant = &JoinRoom::nick]" (g++) or "... [Constant =
// &JoinRoom::nick]" (clang), with or without a scope in front of it; empty if there is none.
consteval std::string_view last_identifier(Signature signature) {
  std::string_view const text(signature.text, signature.size - 1);
  auto const size = identifier_at_end(text);
  auto const begin = text.size() - size;
  bool const is_whole = text[begin - 1] == ':' || text[begin - 1] == ' ';
  if (size == 0 || core::is_digit(text[begin]) || !is_whole) return {};
  return text.substr(begin);
}

inline constexpr std::size_t before_type = signature_with_type<int>().size - std::string_view("int]").size();

// The name of a type with its namespaces and its template arguments.
template <typename T>
consteval std::string_view written_type() {
  constexpr Signature signature = signature_with_type<T>();
  return {signature.text + before_type, signature.size - before_type - 1};
}

// The name of a type with its namespaces, but without template arguments.
template <typename T>
consteval std::string_view qualified_type_name() {
  std::string_view const name = written_type<T>();
  std::size_t size = 0;
  while (size < name.size() && name[size] != '<')
    ++size;
  return name.substr(0, size);
}

constexpr std::string_view without_namespaces(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

}  // namespace detail

/// The name of a member (`name_of<&JoinRoom::nick>()` is "nick") or of an enumerator, valid for ever.
template <auto Constant>
consteval std::string_view name_of() {
  constexpr std::string_view name = detail::last_identifier(detail::signature_with_constant<Constant>());
  static_assert(!name.empty(), "aerie: no name can be deduced from this constant: give it one in the call");
  return name;
}

}}  // namespace aerie::v1
