#pragma once

/// \file
/// `co_await aerie::when_all(std::move(tasks))`: runs tasks side by side.

#include <aerie/core/task.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace core {

template <class T>
class WhenAll {
 public:
  explicit WhenAll(std::vector<Task<T>> tasks) noexcept : tasks_(std::move(tasks)) {}

  bool await_ready() const noexcept { return tasks_.empty(); }
  template <class Promise>
  bool await_suspend(std::coroutine_handle<Promise> waiting) {
    waiting_ = waiting;
    for (auto& task : tasks_) {
      if (task.run(waiting.promise().context())) continue;
      ++pending_;
      task.then({[](void* self) noexcept { static_cast<WhenAll*>(self)->one_ended(); }, this});
    }
    return pending_ > 0;
  }
  auto await_resume() {
    if constexpr (std::is_void_v<T>) {
      for (auto& task : tasks_)
        task.outcome().take();
    } else {
      std::vector<T> values;
      values.reserve(tasks_.size());
      for (auto& task : tasks_)
        values.push_back(task.outcome().take());
      return values;
    }
  }

 private:
  void one_ended() noexcept {
    if (--pending_ == 0) waiting_.resume();
  }

  std::vector<Task<T>> tasks_;
  std::coroutine_handle<> waiting_;
  std::size_t pending_ = 0;
};

}  // namespace core

/// Awaited in a task: starts `tasks` in their order and ends when all have ended, with their values in their
/// order, or with the exception of the first of them that has one.
template <class T>
[[nodiscard]] auto when_all(std::vector<Task<T>> tasks) {
  return core::WhenAll<T>(std::move(tasks));
}

}}  // namespace aerie::v1
