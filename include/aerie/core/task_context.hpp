#pragma once

/// \file
/// Where tasks run and until when: the shard they belong to, and the signal that ends them early.

#include <aerie/core/api.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/trace.hpp>

#include <coroutine>
#include <exception>

namespace aerie { inline namespace v1 {

/// Thrown at the await point of a task whose owner has gone: its socket has disconnected, or the server ends.
/// Let it pass. Whatever such a task awaits afterwards throws it again.
class AERIE_API Cancelled : public std::exception {
 public:
  char const* what() const noexcept override;
};

namespace core {

class TaskContext;

/// A place where a task waits: the base of everything that can be awaited besides tasks. It lives in the
/// frame of the waiting coroutine, costs no allocation, and destroying it ends the waiting. Belongs to the
/// context's shard.
class AERIE_API Wait : public Runnable {
 public:
  Wait(Wait const&) = delete;
  Wait& operator=(Wait const&) = delete;

 protected:
  Wait() noexcept = default;
  ~Wait() override = default;

  /// Begins to wait. False if the context has been cancelled: then the coroutine must not suspend.
  bool begin(TaskContext& context, std::coroutine_handle<> waiting) noexcept;
  /// Resumes the coroutine later, from the shard's loop. The usual way.
  void wake() noexcept;
  /// Resumes the coroutine now. Only from the shard's loop itself: a timer, a posted function.
  void resume();

  /// Call it first in `await_resume`.
  void throw_if_cancelled() const {
    if (cancelled_) throw_cancelled();
  }
  bool cancelled() const noexcept { return cancelled_; }
  TaskContext& context() const noexcept { return *context_; }

  /// The context is cancelled: calls `wake`, now or when what it waits for can be let go of.
  virtual void on_cancel() noexcept { wake(); }

 private:
  friend class TaskContext;
  void run() final { resume(); }
  [[noreturn]] static void throw_cancelled();

  TaskContext* context_ = nullptr;
  std::coroutine_handle<> waiting_;
  Span span_;  // in whose name it goes on
  bool cancelled_ = false;
};

/// A task that was started and has not ended.
class AERIE_API RunningTask : public Linked {
 public:
  virtual ~RunningTask() = default;

 protected:
  explicit RunningTask(TaskContext& context) noexcept;
};

/// Owner of tasks, for instance a member of a socket. It outlives them; destroying it destroys those that
/// still wait, at their await points, without a word to whoever started them. Belongs to its shard.
class AERIE_API TaskContext {
 public:
  explicit TaskContext(Shard& shard) noexcept : shard_(&shard) {}
  ~TaskContext();
  TaskContext(TaskContext const&) = delete;
  TaskContext& operator=(TaskContext const&) = delete;

  Shard& shard() const noexcept { return *shard_; }

  /// Ends the tasks: every one that waits gets `Cancelled` thrown at its await point in a turn of the shard
  /// (not within this call), every later await throws at once. A task that ends without another await is left
  /// alone.
  void cancel() noexcept;
  bool cancelled() const noexcept { return cancelled_; }

  /// Destroys the tasks at their await points at once, as the destructor does. What is started afterwards may
  /// not wait.
  void abandon() noexcept;

  /// True if no task that was started here is still under way.
  bool idle() const noexcept { return running_.empty(); }

 private:
  friend class Wait;
  friend class RunningTask;

  Shard* shard_;
  LinkedList<Wait> waits_;
  LinkedList<RunningTask> running_;
  bool cancelled_ = false;
};

}  // namespace core
}}  // namespace aerie::v1
