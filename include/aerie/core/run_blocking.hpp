#pragma once

/// \file
/// `co_await aerie::run_blocking(f)`: runs what blocks (a database, a file, a password hash) on a worker
/// thread.

#include <aerie/core/api.hpp>
#include <aerie/core/miscompiled.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/task_context.hpp>

#include <coroutine>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

namespace core {

/// A task that waits for a worker. The work may refer to the task's own variables: until it is done the task
/// neither resumes nor goes away, cancelled or not.
class AERIE_API BlockingWait : public Wait {
 protected:
  BlockingWait() noexcept = default;

  void submit();
  /// For destructors: the work is done when it returns. Blocks only if the task is destroyed before that.
  void settle() noexcept;
  void on_cancel() noexcept override;
  /// Called on a worker thread.
  virtual void work() noexcept = 0;

 private:
  struct Job;
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
/// shard with what it returned or threw. If the task is cancelled meanwhile, the work is done nevertheless,
/// also if it was still queued; then `Cancelled` is thrown and its result dropped. So `function` may capture
/// the task's variables by reference.
///
/// With g++ before 13 a lambda that captures strings or the like by value has to have a name, and is copied;
/// or its arguments are given to the other overload.
template <class Function>
[[nodiscard]] auto run_blocking(Function&& function) {
  static_assert(
      core::may_be_temporary_callable<Function>,
      "aerie: g++ before 13 destroys such a temporary twice where it is awaited: capture by reference, "
      "or give the lambda a name, `auto work = [id] { ... }; co_await run_blocking(work);`, or give "
      "run_blocking its arguments, `run_blocking([](std::string const& id) { ... }, id)`");
  return core::Blocking<std::decay_t<Function>>(std::forward<Function>(function));
}

/// The same with copies of arguments of `function`'s, which it is given as a thread's function is:
/// `co_await run_blocking([](std::string const& name) { return read(name); }, name)`.
template <class Function, class... Args>
requires(sizeof...(Args) > 0 && std::is_invocable_v<std::decay_t<Function>, std::decay_t<Args>...>)
    [[nodiscard]] auto run_blocking(Function&& function, Args&&... args) {
  static_assert(
      core::may_be_temporary_callable<Function> && (core::may_be_temporary<Args> && ...),
      "aerie: g++ before 13 destroys such a temporary twice where it is awaited: give the lambda that "
      "captures by value, or the argument that is an aggregate, a name of its own first");
  auto bound =
      [function = std::decay_t<Function>(std::forward<Function>(function)),
       args = std::tuple<std::decay_t<Args>...>(std::forward<Args>(args)...)]() mutable -> decltype(auto) {
    return std::apply(std::move(function), std::move(args));
  };
  return core::Blocking<decltype(bound)>(std::move(bound));
}

}}  // namespace aerie::v1
