#pragma once

/// \file
/// `co_await aerie::run_blocking(f)`: runs what blocks (a database, a file, a password hash) on a worker
/// thread.

#include <aerie/core/api.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/task_context.hpp>

#include <coroutine>
#include <memory>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

namespace core {

/// A task that waits for a worker. The work may refer to the task's own variables: as long as a worker is at
/// it, the task neither resumes nor goes away, cancelled or not.
class AERIE_API BlockingWait : public Wait {
 protected:
  BlockingWait() noexcept = default;

  void submit();
  /// For destructors: nothing runs on a worker when it returns. Blocks only if the task is destroyed amid the
  /// work.
  void settle() noexcept;
  void on_cancel() noexcept override;
  /// Called on a worker thread.
  virtual void work() noexcept = 0;

 private:
  struct Job;
  bool drop() noexcept;
  std::shared_ptr<Job> job_;
};

template <class Function>
class Blocking final : public BlockingWait {
 public:
  using Result = std::invoke_result_t<Function&>;

  explicit Blocking(Function function) : function_(std::move(function)) {}
  ~Blocking() override { settle(); }

  bool await_ready() const noexcept { return false; }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiting) {
    if (!begin(waiting.promise().context(), waiting)) return false;
    submit();
    return true;
  }
  Result await_resume() {
    throw_if_cancelled();
    return outcome_.take();
  }

 private:
  void work() noexcept override {
    try {
      if constexpr (std::is_void_v<Result>) {
        function_();
        outcome_.set_value();
      } else {
        outcome_.set_value(function_());
      }
    } catch (...) {
      outcome_.set_error(std::current_exception());
    }
  }

  Function function_;
  Outcome<Result> outcome_;
};

}  // namespace core

/// Awaited in a task: calls `function()` on one of the runtime's worker threads and resumes on the task's
/// shard with what it returned or threw. If the task is cancelled, it throws `Cancelled`: at once while the
/// work has not begun (then it never does), otherwise when the work is done, whose result is dropped. So
/// `function` may capture the task's variables by reference, which is also what g++ 12 compiles correctly:
/// give a lambda that captures strings or the like by value a name first, and move it.
template <class Function>
[[nodiscard]] auto run_blocking(Function function) {
  return core::Blocking<Function>(std::move(function));
}

}}  // namespace aerie::v1
