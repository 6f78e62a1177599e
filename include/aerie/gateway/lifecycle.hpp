#pragma once

/// \file
/// Lifecycle hooks: member functions that the application calls on every provider, gateway and controller
/// that has them: at the start in the order in which these were built, so that what somebody needs comes
/// before them, at the end in the reverse order. Each returns nothing or `Task<>`, which is awaited.
///
///     on_module_init()                        all of them are built
///     on_application_bootstrap()              gateways and routes are registered; it listens next
///     on_module_destroy()                     the application closes, its clients are still there
///     before_application_shutdown(signal)     then clients are disconnected and ports closed
///     on_application_shutdown(signal)         they are gone
///
/// `signal` is a std::string_view, "SIGTERM" for instance, empty if the program closed it. Names and order
/// are those of https://docs.nestjs.com/fundamentals/lifecycle-events.

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>

#include <concepts>
#include <functional>
#include <string_view>
#include <type_traits>

namespace aerie { inline namespace v1 { namespace gateway {

/// A hook of one object; empty if it has none.
using Hook = std::function<Task<void>(std::string_view signal)>;

struct LifecycleHooks {
  Hook module_init;
  Hook application_bootstrap;
  Hook module_destroy;
  Hook before_shutdown;
  Hook shutdown;
};

namespace detail {

// In its source: g++ 12 compiles a coroutine that is inline in every file that sees it.
AERIE_API Task<void> no_task();

template <class Call>
Hook make_hook(Call call) {
  return [call](std::string_view signal) -> Task<void> {
    if constexpr (std::is_void_v<decltype(call(signal))>) {
      call(signal);
      return no_task();
    } else {
      return call(signal);
    }
  };
}

}  // namespace detail

/// The hooks that T has, bound to `object`.
template <class T>
LifecycleHooks hooks_of(T& object) {
  LifecycleHooks hooks;
  if constexpr (requires { object.on_module_init(); }) {
    hooks.module_init = detail::make_hook([&object](std::string_view) { return object.on_module_init(); });
  }
  if constexpr (requires { object.on_application_bootstrap(); }) {
    hooks.application_bootstrap =
        detail::make_hook([&object](std::string_view) { return object.on_application_bootstrap(); });
  }
  if constexpr (requires { object.on_module_destroy(); }) {
    hooks.module_destroy =
        detail::make_hook([&object](std::string_view) { return object.on_module_destroy(); });
  }
  if constexpr (requires(std::string_view signal) { object.before_application_shutdown(signal); }) {
    hooks.before_shutdown = detail::make_hook(
        [&object](std::string_view signal) { return object.before_application_shutdown(signal); });
  }
  if constexpr (requires(std::string_view signal) { object.on_application_shutdown(signal); }) {
    hooks.shutdown = detail::make_hook(
        [&object](std::string_view signal) { return object.on_application_shutdown(signal); });
  }
  return hooks;
}

}}}  // namespace aerie::v1::gateway
