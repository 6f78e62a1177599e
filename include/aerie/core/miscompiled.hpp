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

/// The same for what is called, which is most often a closure; nothing tells these from other classes.
template <class T>
inline constexpr bool may_be_temporary_callable =
    !destroys_temporaries_twice || std::is_lvalue_reference_v<T> ||
    std::is_trivially_copyable_v<std::remove_cvref_t<T>>;

}}}  // namespace aerie::v1::core
