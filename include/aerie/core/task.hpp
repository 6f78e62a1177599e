#pragma once

/// \file
/// Coroutines: `aerie::Task<T>` is what handlers, guards and services return that wait for something.
///
///     aerie::Task<std::string> greeting(Users& users, std::int64_t id) {
///       auto const user = co_await users.find(id);
///       co_await aerie::sleep_for(100ms);
///       co_return "hello " + user.name;
///     }
///
/// A task belongs to the shard on which it runs and always resumes there, so what runs between two awaits
/// needs no lock. Call, await and destroy it on that shard.

#include <aerie/core/api.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/task_context.hpp>

#include <coroutine>
#include <exception>
#include <utility>

namespace aerie { inline namespace v1 {

template <class T = void>
class Task;

namespace core {

/// Who is told that a coroutine has ended or yielded: a plain call, made on top of its stack.
struct Continuation {
  void (*call)(void*) noexcept = nullptr;
  void* object = nullptr;

  static Continuation resuming(std::coroutine_handle<> waiting) noexcept {
    return {[](void* frame) noexcept { std::coroutine_handle<>::from_address(frame).resume(); },
            waiting.address()};
  }
  void operator()() const noexcept {
    if (call != nullptr) call(object);
  }
};

/// What the promises of all our coroutines have in common.
class PromiseBase {
 public:
  TaskContext& context() const noexcept { return *context_; }
  void set_context(TaskContext& context) noexcept { context_ = &context; }
  /// Set once the coroutine is known to have suspended. One that ends at once has none: whoever resumed it
  /// sees that it is done and goes on, so that a loop over tasks which need not wait runs in constant stack,
  /// with any compiler and optimisation level.
  void set_continuation(Continuation continuation) noexcept { continuation_ = continuation; }

 protected:
  struct Finish {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    void await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      // The call may destroy the frame: nothing of it is touched afterwards.
      auto const continuation = ended.promise().continuation_;
      continuation();
    }
    void await_resume() const noexcept {}
  };

  TaskContext* context_ = nullptr;
  Continuation continuation_;
};

template <class T>
class TaskPromiseBase : public PromiseBase {
 public:
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Finish final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { outcome_.set_error(std::current_exception()); }
  Outcome<T>& outcome() noexcept { return outcome_; }

 protected:
  Outcome<T> outcome_;
};

template <class T>
class TaskPromise final : public TaskPromiseBase<T> {
 public:
  Task<T> get_return_object() noexcept;
  template <class U>
  requires std::is_constructible_v<T, U&&>
  void return_value(U&& value) { this->outcome_.set_value(std::forward<U>(value)); }
  // For `co_return {a, b}`.
  void return_value(T value) requires(!std::is_reference_v<T>) { this->outcome_.set_value(std::move(value)); }
};

template <>
class TaskPromise<void> final : public TaskPromiseBase<void> {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() noexcept { outcome_.set_value(); }
};

}  // namespace core

/// A coroutine that is yet to run and will end with a T: lazy, awaited at most once, by move. Destroying it
/// destroys the coroutine wherever it waits.
template <class T>
class [[nodiscard("a task runs when it is awaited: co_await it")]] Task {
 public:
  using promise_type = core::TaskPromise<T>;
  using value_type = T;

  Task(Task && other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(frame_, other.frame_);
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  /// Runs the task in place; the awaiting coroutine goes on at once if it did not have to wait.
  auto operator co_await()&& noexcept {
    return Awaiter(frame_);
  }

  /// For the framework: runs it up to its first wait. True if it has ended, and `outcome` says how.
  bool run(core::TaskContext & context) {
    frame_.promise().set_context(context);
    frame_.resume();
    return frame_.done();
  }
  /// For the framework: whom to call when the task has ended, after `run` has returned false.
  void then(core::Continuation continuation) noexcept {
    frame_.promise().set_continuation(continuation);
  }
  /// For the framework: what it has come to, after its end.
  core::Outcome<T>& outcome() noexcept {
    return frame_.promise().outcome();
  }

 private:
  friend promise_type;
  using Frame = std::coroutine_handle<promise_type>;

  class Awaiter {
   public:
    explicit Awaiter(Frame frame) noexcept : frame_(frame) {}
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> waiting) {
      auto& promise = frame_.promise();
      promise.set_context(waiting.promise().context());
      frame_.resume();
      if (frame_.done()) return false;
      promise.set_continuation(core::Continuation::resuming(waiting));
      return true;
    }
    T await_resume() { return frame_.promise().outcome().take(); }

   private:
    Frame frame_;
  };

  explicit Task(Frame frame) noexcept : frame_(frame) {}
  Frame frame_;
};

namespace core {

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
}

/// A task whose end somebody is told of.
template <class T, class Done>
class StartedTask final : public RunningTask {
 public:
  StartedTask(Task<T> task, TaskContext& context, Done done)
      : RunningTask(context), task_(std::move(task)), done_(std::move(done)) {
    task_.then({[](void* self) noexcept { static_cast<StartedTask*>(self)->ended(); }, this});
  }

 private:
  void ended() noexcept {
    unlink();
    done_(std::move(task_.outcome()));
    delete this;
  }

  Task<T> task_;
  Done done_;
};

/// Runs `task` in place on the context's shard. When it ends, maybe before this returns, `done(Outcome<T>&&)`
/// is called from within, not posted; afterwards its frame is destroyed. `done` must not throw. If the
/// context is destroyed first, the task is destroyed and `done` is not called. A task that need not wait
/// costs no allocation but its frame.
template <class T, class Done>
void start(Task<T> task, TaskContext& context, Done done) {
  auto& shard = context.shard();
  auto* const span = shard.active_span();
  auto const has_ended = task.run(context);
  // It may wait in the name of one that it has begun.
  shard.set_active_span(span);
  if (has_ended) {
    done(std::move(task.outcome()));
    return;
  }
  new StartedTask<T, Done>(std::move(task), context, std::move(done));
}

}  // namespace core
}}  // namespace aerie::v1
