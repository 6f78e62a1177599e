#pragma once

/// \file
/// Calls that come later, once or again and again:
///
///     reminder_ = aerie::after(runtime, 5s, [this] { remind(); });       // cancelled with `reminder_`
///     sweep_ = aerie::every(runtime, 1min, [this]() -> aerie::Task<> { co_await store_.sweep(); });
///
/// In an application a provider asks for an `aerie::Scheduler&` and keeps what it returns.

#include <aerie/core/anchor.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/task.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

class Runtime;

namespace core {

class ScheduledCall;

/// What is called. A task that it returns runs to its end, whatever becomes of the handle; the function, with
/// what it has captured, lives as long.
using ScheduledFunction = UniqueFunction<std::optional<Task<void>>()>;

template <class F>
ScheduledFunction scheduled_function(F function) {
  return [function = std::move(function)]() mutable -> std::optional<Task<void>> {
    if constexpr (std::is_same_v<std::invoke_result_t<F&>, Task<void>>) {
      return function();
    } else {
      static_cast<void>(function());
      return std::nullopt;
    }
  };
}

}  // namespace core

/// A call that was scheduled. Destroying the handle cancels it: a call that has not begun never does. Where
/// the handle is destroyed on another thread than that of the call's shard, one may just be beginning.
/// Move-only.
class AERIE_API Scheduled {
 public:
  Scheduled() noexcept = default;
  Scheduled(Scheduled&&) noexcept = default;
  Scheduled& operator=(Scheduled&& other) noexcept;
  ~Scheduled() { cancel(); }

  /// May be called on any thread and at any time, from the call itself as well.
  void cancel() noexcept;
  /// Lets go of it without cancelling: it comes as long as the runtime runs.
  void release() noexcept { state_ = nullptr; }
  /// True until it was called (once), or cancelled.
  bool pending() const noexcept;

 private:
  friend class core::ScheduledCall;
  struct State;
  explicit Scheduled(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

namespace core {

/// REQUIRES: `function` is not empty. Throws std::invalid_argument for a repeated call without an interval.
AERIE_API Scheduled schedule(Shard& shard, Milliseconds delay, bool repeats, ScheduledFunction function);
/// The shard whose turn this is, if it is one of `runtime`, else the first one.
AERIE_API Shard& shard_for(Runtime& runtime) noexcept;

}  // namespace core

/// Calls `function` once, `delay` from now, never earlier: on the shard whose turn it is, or else on the
/// first one of the runtime. What it throws is logged. Thread-safe.
template <class F>
[[nodiscard("dropping the handle cancels the call; keep it, or release() it")]] Scheduled after(
    Runtime& runtime, core::Milliseconds delay, F function) {
  return core::schedule(core::shard_for(runtime), delay, false,
                        core::scheduled_function<F>(std::move(function)));
}

/// Calls `function` every `interval`, the first time when one has passed. The intervals are kept however long
/// a call takes; those that were missed meanwhile are left out. What it throws is logged, and the next call
/// comes. Throws std::invalid_argument for an interval below 1 ms. Thread-safe.
template <class F>
[[nodiscard("dropping the handle cancels the calls; keep it, or release() it")]] Scheduled every(
    Runtime& runtime, core::Milliseconds interval, F function) {
  return core::schedule(core::shard_for(runtime), interval, true,
                        core::scheduled_function<F>(std::move(function)));
}

/// `after` and `every` of one runtime, for constructors that ask for what they use.
/// https://docs.nestjs.com/techniques/task-scheduling
class AERIE_API Scheduler {
 public:
  /// `runtime` must outlive it.
  explicit Scheduler(Runtime& runtime) noexcept : runtime_(runtime) {}

  /// Calls `function` once, after `delay`: aerie::after on this runtime.
  template <class F>
  [[nodiscard("dropping the handle cancels the call; keep it, or release() it")]] Scheduled after(
      core::Milliseconds delay, F function) {
    return aerie::after(runtime_, delay, std::move(function));
  }
  /// Calls `function` again and again, each `interval`: aerie::every on this runtime.
  template <class F>
  [[nodiscard("dropping the handle cancels the calls; keep it, or release() it")]] Scheduled every(
      core::Milliseconds interval, F function) {
    return aerie::every(runtime_, interval, std::move(function));
  }

 private:
  Runtime& runtime_;
};

}}  // namespace aerie::v1
