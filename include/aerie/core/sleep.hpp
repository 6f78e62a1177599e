#pragma once

/// \file
/// `co_await aerie::sleep_for(200ms)`: waits without holding up anything else.

#include <aerie/core/clock.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/timing_wheel.hpp>

#include <coroutine>

namespace aerie { inline namespace v1 {

namespace core {

/// Waits on the timing wheel of its shard.
class Sleep final : public Wait {
 public:
  explicit Sleep(Milliseconds duration) noexcept : duration_(duration) {}

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiting) noexcept {
    auto& context = waiting.promise().context();
    if (!begin(context, waiting)) return false;
    if (duration_ > Milliseconds{0}) {
      context.shard().start(timer_, duration_);
    } else {
      wake();
    }
    return true;
  }
  void await_resume() const { throw_if_cancelled(); }

 private:
  Milliseconds duration_;
  Timer timer_ = Timer::calling<&Sleep::resume>(this);
};

}  // namespace core

/// Awaited in a task: resumes it after `duration` (never early, late by less than 1 ms plus what the shard is
/// busy with). Not longer than 0: lets everything else that is ready go first. Throws `Cancelled` if the task
/// is cancelled.
inline core::Sleep sleep_for(core::Milliseconds duration) noexcept {
  return core::Sleep(duration);
}

}}  // namespace aerie::v1
