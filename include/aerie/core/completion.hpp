#pragma once

/// \file
/// From callbacks to tasks: one value that a callback gives, on any thread, and one task waits for.
///
///     Completion<Answer> answer;
///     ask(question, [give = answer.completer()](Answer a) mutable { give(std::move(a)); });
///     auto const received = co_await answer;

#include <aerie/core/api.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>

#include <atomic>
#include <coroutine>
#include <exception>
#include <memory>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

/// Thrown in the task that waits for a completer which was destroyed without giving anything.
class AERIE_API NeverCompleted : public std::logic_error {
 public:
  NeverCompleted();
};

/// What both ends of a completion share, without its type.
class AERIE_API CompletionState : public std::enable_shared_from_this<CompletionState> {
 public:
  bool ready() const noexcept { return phase_.load(std::memory_order_acquire) == Phase::ready; }
  /// Ready, and by this thread's own turn: whoever waits may go on at once. What another thread has given
  /// must not overtake what it had posted here before: that waits for its turn as any other post.
  bool ready_here() const noexcept { return ready() && given_by(Shard::current()); }

 protected:
  /// What the waiting task is resumed through.
  class AERIE_API Waiter : public Wait {
   protected:
    friend class CompletionState;
    Waiter() noexcept = default;
  };

  ~CompletionState() = default;
  /// On the waiter's shard. False if it need not wait.
  bool attach(Waiter& waiter, Shard& shard);
  void detach() noexcept;
  /// The outcome is there. From any thread, once.
  static void publish(std::shared_ptr<CompletionState> const& state);

 private:
  enum class Phase : std::uint8_t { empty, waiting, ready };

  bool given_by(Shard const* shard) const noexcept {
    return shard != nullptr && publisher_.get() == &shard->mailbox();
  }
  void resume_later();

  std::atomic<Phase> phase_{Phase::empty};
  // Valid from Phase::ready on: whose turn it was; none outside all turns.
  std::shared_ptr<Mailbox> publisher_;
  // Valid from Phase::waiting on. The completer may be used when the shard is gone.
  std::shared_ptr<Mailbox> mailbox_;
  Shard const* shard_ = nullptr;  // to be compared only
  Waiter* waiter_ = nullptr;      // of the shard's thread
};

template <class T>
class Completion;

/// The giving end. Move-only; thread-safe in that it may be used, once, on any thread, for ever.
template <class T>
class Completer {
 public:
  Completer(Completer&&) noexcept = default;
  Completer& operator=(Completer&&) = delete;
  ~Completer() {
    if (state_) fail(std::make_exception_ptr(NeverCompleted()));
  }

  /// Gives the value. Only the first call does anything, `fail` included.
  template <class... Args>
  void operator()(Args&&... args) {
    auto const state = std::exchange(state_, nullptr);
    if (!state) return;
    state->outcome.set_value(std::forward<Args>(args)...);
    Completion<T>::State::publish(state);
  }
  /// Gives an exception, which is thrown in the waiting task.
  void fail(std::exception_ptr error) {
    auto const state = std::exchange(state_, nullptr);
    if (!state) return;
    state->outcome.set_error(std::move(error));
    Completion<T>::State::publish(state);
  }

 private:
  friend class Completion<T>;
  using State = typename Completion<T>::State;
  explicit Completer(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}
  std::shared_ptr<State> state_;
};

/// The waiting end: awaited once, by a task of any shard. If that task goes away, what comes is dropped.
template <class T = void>
class Completion {
  struct State final : CompletionState {
    using CompletionState::attach;
    using CompletionState::detach;
    using CompletionState::publish;
    using CompletionState::Waiter;
    Outcome<T> outcome;
  };

  class Awaiter final : public State::Waiter {
   public:
    explicit Awaiter(State& state) noexcept : state_(state) {}
    ~Awaiter() override {
      if (attached_) state_.detach();
    }
    bool await_ready() const noexcept { return state_.ready_here(); }
    template <class Promise>
    bool await_suspend(std::coroutine_handle<Promise> waiting) {
      auto& context = waiting.promise().context();
      if (!this->begin(context, waiting)) return false;
      attached_ = state_.attach(*this, context.shard());
      return attached_;
    }
    T await_resume() {
      this->throw_if_cancelled();
      return state_.outcome.take();
    }

   private:
    State& state_;
    bool attached_ = false;
  };

 public:
  Completion() : state_(std::make_shared<State>()) {}

  /// The giving end. REQUIRES: called once.
  Completer<T> completer() { return Completer<T>(state_); }
  bool ready() const noexcept { return state_->ready(); }

  Awaiter operator co_await() noexcept { return Awaiter(*state_); }

 private:
  friend class Completer<T>;
  std::shared_ptr<State> state_;
};

}}}  // namespace aerie::v1::core
