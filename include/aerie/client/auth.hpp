#pragma once

/// \file
/// What a client shows when it joins a namespace: a value, or whoever is asked for one each time.

#include <aerie/core/api.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/task.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/callable.hpp>

#include <functional>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

/// The payload of a CONNECT, an object that the server reads as `socket.handshake.auth`. Made of
///
///  - anything that can be sent: a `Value`, a described struct;
///  - a function that returns such a thing, called before each attempt, so that a token may be fresh;
///  - a function that returns a `Task` of it: a coroutine that fetches a token;
///  - a function that takes an `aerie::core::Reply<aerie::Value>`, to be answered later, on any thread.
///
/// Functions are called on the client's event loop. One that throws, or has not answered within
/// `Options::timeout`, ends the attempt with a `connect_error`.
class Auth {
 public:
  Auth() = default;

  /// A value that is sent each time.
  template <class T>
  requires(Encodable<std::remove_cvref_t<T>> && !std::is_same_v<std::remove_cvref_t<T>, Auth>) Auth(T&& value)
      : value_(to_value(value)) {}

  template <class F>
  requires(!Encodable<std::remove_cvref_t<F>> && std::is_invocable_v<F&>) Auth(F function) {
    using Result = std::invoke_result_t<F&>;
    if constexpr (socketio::TaskTraits<Result>::is_task) {
      later_ = [function = std::move(function)]() mutable { return read(function()); };
    } else {
      now_ = [function = std::move(function)]() mutable -> Value { return to_value(function()); };
    }
  }

  template <class F>
  requires(!Encodable<std::remove_cvref_t<F>> && std::is_invocable_v<F&, core::Reply<Value>>) Auth(F function)
      : asked_(std::move(function)) {}

  /// For the framework: the value, if no function makes it.
  Value const& value() const noexcept { return value_; }
  /// For the framework: what returns the value, if that was given.
  std::function<Value()> const& now() const noexcept { return now_; }
  /// For the framework: the task that ends with it, if that was given.
  std::function<Task<Value>()> const& later() const noexcept { return later_; }
  /// For the framework: what answers later, if that was given.
  std::function<void(core::Reply<Value>)> const& asked() const noexcept { return asked_; }

 private:
  template <class T>
  static Task<Value> read(Task<T> task) {
    auto const result = co_await std::move(task);
    co_return to_value(result);
  }

  Value value_;
  std::function<Value()> now_;
  std::function<Task<Value>()> later_;
  std::function<void(core::Reply<Value>)> asked_;
};

}}}  // namespace aerie::v1::client
