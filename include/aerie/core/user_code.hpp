#pragma once

/// \file
/// The one gate to user code: whatever a user has given us (handlers, hooks, predicates, completions) is
/// called through it, because nobody below could do anything about what it throws. Thread-safe.

#include <aerie/core/api.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>

#include <exception>
#include <functional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// What is being called, and for whom: how a report begins. The texts are read during the call only.
struct UserCode {
  /// The floor that calls: "socket.io", "gateway" ...
  std::string_view component;
  /// What it calls: "a handler", "the middleware" ...
  std::string_view what;
  /// For whom: the event, the namespace, the path. May be empty.
  std::string_view whom = {};
};

/// Writes an error that says who has thrown what. A `Cancelled` is no error: whoever waited was told to stop.
/// By value, so that a call which returns need not put `code` together.
AERIE_API void report_exception(Logger const& log, UserCode code, std::exception_ptr const& error) noexcept;

/// The same for the exception in flight. REQUIRES: within a catch block.
AERIE_API void report_exception(Logger const& log, UserCode code) noexcept;

/// Calls what returns nothing of interest. True if it has returned; what it throws is reported, once.
template <class F, class... Args>
bool call_user(Logger const& log, UserCode const& code, F&& call, Args&&... args) noexcept {
  try {
    std::invoke(std::forward<F>(call), std::forward<Args>(args)...);
    return true;
  } catch (...) {
    report_exception(log, code);
    return false;
  }
}

/// Asks for a value: what the call returns, or `otherwise` if it throws, which is reported. Name the answer
/// of `otherwise` that is safe: a predicate that throws has not agreed.
template <class R, class F, class... Args>
R ask_user(Logger const& log, UserCode const& code, R otherwise, F&& call, Args&&... args) noexcept {
  static_assert(std::is_nothrow_move_constructible_v<R>);
  try {
    return static_cast<R>(std::invoke(std::forward<F>(call), std::forward<Args>(args)...));
  } catch (...) {
    report_exception(log, code);
    return otherwise;
  }
}

/// For a caller who answers with the error, or reports it in words of its own: the value or the exception.
template <class F, class... Args>
auto try_user(F&& call, Args&&... args) noexcept -> Outcome<std::invoke_result_t<F, Args...>> {
  using Result = std::invoke_result_t<F, Args...>;
  Outcome<Result> outcome;
  try {
    if constexpr (std::is_void_v<Result>) {
      std::invoke(std::forward<F>(call), std::forward<Args>(args)...);
      outcome.set_value();
    } else {
      outcome.set_value(std::invoke(std::forward<F>(call), std::forward<Args>(args)...));
    }
  } catch (...) {
    outcome.set_error(std::current_exception());
  }
  return outcome;
}

}}}  // namespace aerie::v1::core
