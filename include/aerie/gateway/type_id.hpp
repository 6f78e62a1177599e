#pragma once

/// \file
/// Types as values: what modules, providers and layers are known by.

#include <aerie/core/api.hpp>

#include <string_view>
#include <type_traits>

namespace aerie { inline namespace v1 { namespace gateway {

namespace detail {

// g++ writes "... [with T = app::ChatGateway; ...]", clang "... [T = app::ChatGateway]".
template <class T>
consteval std::string_view written_type() {
  std::string_view const function = __PRETTY_FUNCTION__;
  constexpr std::string_view marker = "T = ";
  std::string_view const text = function.substr(function.find(marker) + marker.size());
  // A template's arguments may hold brackets of their own, so the end is looked for outside them.
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (depth == 0 && (c == ';' || c == ']')) return text.substr(0, i);
    if (c == '<' || c == '(' || c == '{' || c == '[') ++depth;
    if (c == '>' || c == ')' || c == '}' || c == ']') --depth;
  }
  return text;
}

// "ChatGateway" of "app::(anonymous namespace)::ChatGateway"; template arguments stay as they are.
consteval std::string_view without_scope(std::string_view name) {
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    char const c = name[i];
    if (c == '<') break;
    if (c == '(' || c == '{') ++depth;
    if (c == ')' || c == '}') --depth;
    if (depth == 0 && c == ':' && name[i + 1] == ':') begin = i + 2;
  }
  return name.substr(begin);
}

}  // namespace detail

/// What is known of a type at run time. There is one object of it per type: its address is the identity.
struct TypeInfo {
  /// Without namespaces: "ChatGateway".
  std::string_view name;
};

using TypeId = TypeInfo const*;

namespace detail {
// AERIE_API: libraries and programs have one for all of them.
template <class T>
AERIE_API inline constexpr TypeInfo type_info{without_scope(written_type<T>())};
}  // namespace detail

/// The identity of T, const and references aside.
template <class T>
constexpr TypeId type_id() noexcept {
  return &detail::type_info<std::remove_cvref_t<T>>;
}

}}}  // namespace aerie::v1::gateway
