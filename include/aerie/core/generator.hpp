#pragma once

/// \file
/// `aerie::Generator<T>`: a coroutine that gives many values, and may wait between them.
///
///     aerie::Generator<Price> prices(Feed& feed) {
///       while (true) {
///         auto const price = co_await feed.next();
///         co_yield price;
///       }
///     }
///
///     auto stream = prices(feed);
///     while (auto price = co_await stream.next()) show(*price);
///
/// Belongs to the shard on which it is read.

#include <aerie/core/miscompiled.hpp>
#include <aerie/core/task.hpp>

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace aerie { inline namespace v1 {

template <class T>
class Generator;

namespace core {

template <class T>
class GeneratorPromise final : public PromiseBase {
 public:
  Generator<T> get_return_object() noexcept;
  std::suspend_always initial_suspend() const noexcept { return {}; }
  auto final_suspend() const noexcept { return HandOver(); }
  auto yield_value(T const& value) {
    value_.emplace(value);
    return HandOver();
  }
  auto yield_value(T&& value) {
    static_assert(
        may_be_temporary<T>,
        "aerie: g++ before 13 destroys a temporary of an aggregate twice where it is yielded: give it a "
        "name, `Note note{...}; co_yield note;`, or give its type a constructor");
    value_.emplace(std::move(value));
    return HandOver();
  }
  void return_void() const noexcept {}
  void unhandled_exception() noexcept { error_ = std::current_exception(); }

  bool has_value() const noexcept { return value_.has_value(); }
  std::optional<T> take() {
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
    return std::exchange(value_, std::nullopt);
  }

 private:
  /// Stops here; a reader that had to wait goes on.
  struct HandOver {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<GeneratorPromise> stopped) const noexcept {
      // The reader may ask for the next value, or destroy the generator: nothing of it is touched afterwards.
      auto const reader = std::exchange(stopped.promise().continuation_, {});
      reader();
    }
    void await_resume() const noexcept {}
  };

  std::optional<T> value_;
  std::exception_ptr error_;
};

}  // namespace core

/// A stream of values that is read one by one. Nothing runs ahead of its reader; destroying it ends it
/// wherever it waits.
template <class T>
class [[nodiscard("a generator does nothing until it is read: co_await generator.next()")]] Generator {
 public:
  using promise_type = core::GeneratorPromise<T>;
  using value_type = T;

  Generator(Generator && other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Generator& operator=(Generator&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Generator() {
    if (frame_) frame_.destroy();
  }

  /// Awaited in a task: the next value, nothing at the end. Throws what the generator throws, `Cancelled`
  /// included; that is its end. One reader at a time.
  auto next() noexcept {
    return Next(frame_);
  }

 private:
  friend promise_type;
  using Frame = std::coroutine_handle<promise_type>;

  class Next {
   public:
    explicit Next(Frame frame) noexcept : frame_(frame) {}
    bool await_ready() const noexcept { return frame_.done(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> reader) {
      auto& promise = frame_.promise();
      promise.set_context(reader.promise().context());
      frame_.resume();
      if (frame_.done() || promise.has_value()) return false;
      promise.set_continuation(core::Continuation::resuming(reader));
      return true;
    }
    std::optional<T> await_resume() { return frame_.promise().take(); }

   private:
    Frame frame_;
  };

  explicit Generator(Frame frame) noexcept : frame_(frame) {}
  Frame frame_;
};

template <class T>
Generator<T> core::GeneratorPromise<T>::get_return_object() noexcept {
  return Generator<T>(std::coroutine_handle<GeneratorPromise>::from_promise(*this));
}

}}  // namespace aerie::v1
