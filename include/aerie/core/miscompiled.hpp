#pragma once

/// \file
/// g++ before 13 destroys some temporaries twice, without a word, if they are made in an expression with
/// `co_await` or `co_yield`: closures that capture by value, and aggregates. Whatever has a constructor of
/// its own, or a name, is safe. What takes such temporaries asks here, and refuses them at compile time.

#include <type_traits>

namespace aerie { inline namespace v1 { namespace core {

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
inline constexpr bool destroys_temporaries_twice = true;
#else
inline constexpr bool destroys_temporaries_twice = false;
#endif

/// For an argument that was deduced as `T&&`: whether it may have been made where it is awaited. Being
/// destroyed twice is nothing to what is trivially copyable.
template <class T>
inline constexpr bool may_be_temporary =
    !destroys_temporaries_twice || std::is_lvalue_reference_v<T> ||
    std::is_trivially_copyable_v<std::remove_cvref_t<T>> || !std::is_aggregate_v<std::remove_cvref_t<T>>;

/// Refuses arguments of what is awaited that may have been made there:
/// `static_assert(core::require_named_where_awaited<Ts...>())`.
template <class... Args>
constexpr bool require_named_where_awaited() noexcept {
  static_assert(
      (may_be_temporary<Args> && ...),
      "aerie: g++ before 13 destroys a temporary of an aggregate twice where it is awaited: give it "
      "a name, `Note note{...};`, and pass that, or give its type a constructor");
  return true;
}

/// As may_be_temporary, for what is called, which is most often a closure; nothing tells these from other
/// classes.
template <class T>
inline constexpr bool may_be_temporary_callable =
    !destroys_temporaries_twice || std::is_lvalue_reference_v<T> ||
    std::is_trivially_copyable_v<std::remove_cvref_t<T>>;

}}}  // namespace aerie::v1::core
