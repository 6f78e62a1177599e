#pragma once

/// \file
/// Types as values: what modules, providers and layers are known by.

#include <aerie/core/api.hpp>
#include <aerie/schema/name.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace aerie { inline namespace v1 { namespace gateway {

namespace detail {

// "ChatGateway" of "app::(anonymous namespace)::ChatGateway"; template arguments stay as they are.
consteval std::string_view without_scope(std::string_view name) {
  // Most names end with an identifier.
  auto begin = name.size() - aerie::detail::identifier_at_end(name);
  if (begin == 0 || (begin < name.size() && name[begin - 1] == ':')) return name.substr(begin);
  begin = 0;
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
AERIE_API inline constexpr TypeInfo type_info{without_scope(aerie::detail::written_type<T>())};
}  // namespace detail

/// The identity of T, const and references aside.
template <class T>
constexpr TypeId type_id() noexcept {
  return &detail::type_info<std::remove_cvref_t<T>>;
}

}}}  // namespace aerie::v1::gateway
