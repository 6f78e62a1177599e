#pragma once

/// \file
/// The one way to ask somebody and be answered later: a question with a number, a deadline, a shard and an
/// asker whom it may outlive.
///
///     Question<bool> allowed_{shard};
///     may_enter(user, allowed_.ask(10s, [this](std::optional<bool> yes) { yes.value_or(false) ? enter() :
///     refuse(); }));

#include <aerie/core/anchor.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/timing_wheel.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

template <class T>
class Question;

/// What is answered with. Copies of it are the same one. Any thread, any number of times, for ever: the first
/// answer to a question that is still open counts, every other call does nothing. In a turn of the asker's
/// shard the answer is delivered before the call returns, else in a later turn of that shard.
template <class T>
class Reply {
 public:
  /// Answers nobody.
  Reply() noexcept = default;

  void operator()(T answer) const {
    if (!state_) return;
    auto expected = number_;
    if (!state_->open.compare_exchange_strong(expected, 0, std::memory_order_acq_rel)) return;
    state_->asker.run([state = state_, number = number_, answer = std::move(answer)]() mutable {
      state->question->deliver(number, std::move(answer));
    });
  }

  /// True while an answer would count.
  bool open() const noexcept { return state_ && state_->open.load(std::memory_order_acquire) == number_; }

 private:
  friend class Question<T>;
  struct State {
    AnchorRef asker;
    Question<T>* question;  // there as long as the asker's anchor holds
    std::atomic<std::uint64_t> open{0};
  };
  Reply(std::shared_ptr<State> state, std::uint64_t number) noexcept
      : state_(std::move(state)), number_(number) {}

  std::shared_ptr<State> state_;
  std::uint64_t number_ = 0;
};

/// A member of the asker, on whose shard all of it is called. One question at a time is open.
template <class T>
class Question {
 public:
  using Answered = UniqueFunction<void(std::optional<T>)>;

  explicit Question(Shard& shard) noexcept : anchor_(shard) {}
  ~Question() { withdraw(); }
  Question(Question const&) = delete;
  Question& operator=(Question const&) = delete;

  /// Asks. `answered` is called once: with the answer, or after `deadline` with nothing; it may destroy the
  /// asker, and ask again. What was asked before is withdrawn. A deadline of Milliseconds::max() never comes.
  Reply<T> ask(Milliseconds deadline, Answered answered) {
    if (!state_) {
      state_ = std::make_shared<typename Reply<T>::State>();
      state_->asker = anchor_.ref();
      state_->question = this;
    }
    answered_ = std::move(answered);
    state_->open.store(++number_, std::memory_order_release);
    if (deadline == Milliseconds::max()) {
      deadline_.cancel();
    } else {
      anchor_.shard().start(deadline_, deadline);
    }
    return Reply<T>(state_, number_);
  }

  /// Nobody waits for an answer any more.
  void withdraw() noexcept {
    deadline_.cancel();
    answered_ = nullptr;
    ++number_;
    if (state_) state_->open.store(0, std::memory_order_release);
  }

  bool pending() const noexcept { return static_cast<bool>(answered_); }

  /// The asker goes on on another shard. REQUIRES: nothing is pending.
  void move_to(Shard& shard) { anchor_.move_to(shard); }

 private:
  friend class Reply<T>;

  void deliver(std::uint64_t number, std::optional<T> answer) {
    if (number != number_ || !answered_) return;
    deadline_.cancel();
    // The call may end the asker: nothing of it is touched afterwards.
    auto const answered = std::exchange(answered_, nullptr);
    answered(std::move(answer));
  }
  void expired() {
    auto expected = number_;
    // Somebody has answered in time, and it is on its way.
    if (!state_->open.compare_exchange_strong(expected, 0, std::memory_order_acq_rel)) return;
    deliver(number_, std::nullopt);
  }

  Anchor anchor_;
  std::shared_ptr<typename Reply<T>::State> state_;
  Answered answered_;
  std::uint64_t number_ = 0;
  Timer deadline_ = Timer::calling<&Question::expired>(this);
};

}}}  // namespace aerie::v1::core
