#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/user_code.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace aerie { inline namespace v1 {

struct Scheduled::State {
  core::AnchorRef anchor;
  core::ScheduledCall* call = nullptr;  // there as long as the anchor holds
  std::atomic<bool> over{false};
};

namespace core {

namespace {

/// Beyond this a TimePoint could overflow.
constexpr Milliseconds longest_wait = std::chrono::hours{24} * 365 * 100;
constexpr UserCode scheduled_code{"core", "a scheduled call"};

}  // namespace

/// Its shard keeps it until it is over and its tasks have ended.
class ScheduledCall final : public Adopted {
 public:
  ScheduledCall(Shard& shard, Milliseconds delay, bool repeats, ScheduledFunction function)
      : shard_(shard),
        interval_(std::clamp(delay, Milliseconds{0}, longest_wait)),
        repeats_(repeats),
        due_(shard.clock().now() + interval_),
        function_(std::move(function)),
        state_(std::make_shared<Scheduled::State>()),
        anchor_(shard),
        tasks_(shard) {
    state_->anchor = anchor_.ref();
    state_->call = this;
    shard_.counts().scheduled_calls.fetch_add(1, std::memory_order_relaxed);
  }
  ~ScheduledCall() override { shard_.counts().scheduled_calls.fetch_sub(1, std::memory_order_relaxed); }

  Scheduled handle() const { return Scheduled(state_); }

  static void begin(std::unique_ptr<ScheduledCall> made) {
    auto& call = *made;
    if (call.state_->over.load(std::memory_order_acquire)) return;
    call.shard_.adopt(std::move(made));
    call.shard_.timers().start(call.timer_, call.due_);
  }

  void cancel() noexcept {
    timer_.cancel();
    leave_if_done();
  }

 private:
  void on_due() {
    // Cancelled on another thread, whose word is still on its way.
    if (state_->over.load(std::memory_order_acquire)) return leave_if_done();
    if (repeats_) {
      due_ += interval_ * (1 + std::max(shard_.now() - due_, TimePoint::duration{0}) / interval_);
      shard_.timers().start(timer_, due_);
    } else {
      state_->over.store(true, std::memory_order_release);
    }
    call_user(log(), scheduled_code, [this] {
      if (auto task = function_()) run(std::move(*task));
    });
    leave_if_done();
  }

  void run(Task<void> task) {
    start(std::move(task), tasks_, [this](Outcome<void>&& outcome) noexcept {
      if (!outcome) report_exception(log(), scheduled_code, outcome.error());
      leave_if_done();
    });
  }

  void leave_if_done() noexcept {
    if (state_->over.load(std::memory_order_relaxed) && tasks_.idle()) shard_.dismiss(*this);
  }

  Logger const& log() const noexcept { return shard_.runtime().log(); }

  Shard& shard_;
  Milliseconds interval_;
  bool repeats_;
  TimePoint due_;
  ScheduledFunction function_;
  std::shared_ptr<Scheduled::State> state_;
  Anchor anchor_;
  TaskContext tasks_;
  Timer timer_ = Timer::calling<&ScheduledCall::on_due>(this);
};

Shard& shard_for(Runtime& runtime) noexcept {
  auto* const current = Shard::current();
  return current != nullptr && &current->runtime() == &runtime ? *current : runtime.shard(0);
}

Scheduled schedule(Shard& shard, Milliseconds delay, bool repeats, ScheduledFunction function) {
  if (repeats && delay < Milliseconds{1}) {
    throw std::invalid_argument(concat("aerie: calls every ", std::to_string(delay.count()),
                                       " ms would leave no time for anything else; use 1 ms or more"));
  }
  auto call = std::make_unique<ScheduledCall>(shard, delay, repeats, std::move(function));
  auto handle = call->handle();
  if (shard.in_turn()) {
    ScheduledCall::begin(std::move(call));
  } else {
    shard.post([call = std::move(call)]() mutable { ScheduledCall::begin(std::move(call)); });
  }
  return handle;
}

}  // namespace core

Scheduled& Scheduled::operator=(Scheduled&& other) noexcept {
  if (this != &other) {
    cancel();
    state_ = std::move(other.state_);
  }
  return *this;
}

void Scheduled::cancel() noexcept {
  auto const state = std::exchange(state_, nullptr);
  if (!state || state->over.exchange(true, std::memory_order_acq_rel)) return;
  state->anchor.run([call = state->call] { call->cancel(); });
}

bool Scheduled::pending() const noexcept {
  return state_ && !state_->over.load(std::memory_order_acquire);
}

}}  // namespace aerie::v1
