#include <aerie/core/memory_marks.hpp>
#include <aerie/core/metrics.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/core/user_code.hpp>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

thread_local Shard* current_shard = nullptr;

// "For ever" and its opposite must not overflow the clock.
constexpr auto longest_delay = std::chrono::years{100};

}  // namespace

/// Marks the thread as being in a shard's turn, and the shard as having one.
class InTurn {
 public:
  InTurn(Shard& shard, Turn& turn) noexcept
      : previous_(std::exchange(current_shard, &shard)),
        turn_(turn),
        had_begun_(std::exchange(turn.begun_, true)) {}
  ~InTurn() {
    turn_.begun_ = had_begun_;
    current_shard = previous_;
  }
  InTurn(InTurn const&) = delete;
  InTurn& operator=(InTurn const&) = delete;

 private:
  Shard* previous_;
  Turn& turn_;
  bool had_begun_;
};

Shard* Shard::current() noexcept {
  return current_shard;
}

Shard::Shard(Runtime& runtime, std::uint16_t index, Clock const& clock, std::size_t producer_limit)
    : runtime_(runtime),
      clock_(clock),
      now_(clock.now()),
      timers_(now_),
      index_(index),
      mailbox_(std::make_shared<Mailbox>(*this, runtime, producer_limit)),
      turn_(*mailbox_, runtime.log()),
      memory_(runtime.memory().limit() == 0 ? nullptr : &runtime.memory()),
      read_buffer_(std::make_unique_for_overwrite<char[]>(read_buffer_size)),
      tasks_(std::make_unique<TaskContext>(*this)) {
  // Edge-triggered: each letter is news, and an event that could not be emptied does not make the loop spin.
  poller_.watch(mailbox_->descriptor(), Readiness::read | Readiness::once, nullptr);
}

Shard::~Shard() {
  clear();
  InTurn const scope(*this, turn_);
  mailbox_->close();
  turn_.clear();
}

bool Shard::clear() {
  InTurn const scope(*this, turn_);
  tasks_->abandon();
  return turn_.clear();
}

void Shard::start(Timer& timer, Milliseconds delay) noexcept {
  // Not from `now_`: the turn may have been long already, and a deadline must never be early.
  timers_.start(timer, clock_.now() + std::clamp<Milliseconds>(delay, Milliseconds{0}, longest_delay));
  if (!turn_.begun()) wake();
}

int Shard::wait_limit(Milliseconds wait) const {
  if (wait <= Milliseconds{0} || turn_.has_work()) return 0;
  if (auto const next = timers_.next()) {
    auto const until = std::chrono::ceil<Milliseconds>(*next - after_turn());
    wait = std::min(wait, std::max(until, Milliseconds{0}));
  }
  return static_cast<int>(wait.count());
}

void Shard::measure(std::unique_ptr<ShardMetrics> metrics) {
  metrics_ = std::move(metrics);
  ended_ = clock_.now();
}

void Shard::turn(Milliseconds wait) {
  InTurn const scope(*this, turn_);
  std::array<Poller::Event, Poller::most_events> events;
  mailbox_->before_wait();
  int error = 0;
  auto const count = poller_.wait(events, wait_limit(wait), error);
  mailbox_->after_wait();
  if (error != 0) [[unlikely]]
    report_wait(error);
  now_ = clock_.now();
  for (std::size_t i = 0; i < count; ++i) {
    auto const& event = events[i];
    if (event.pollable != nullptr) {
      handle(event.events, *event.pollable);
    } else {
      mailbox_->empty_event();
    }
  }
  turn_.run_posted();
  timers_.advance(now_, runtime_.log());
  turn_.run_runnables();
  turn_.end();
  if (memory_ != nullptr)
    call_user(runtime_.log(), {"core", "the end of a turn"}, [this] { memory_->after_turn(*this); });
  if (metrics_ != nullptr) {
    ended_ = clock_.now();
    metrics_->record_turn(ended_ - now_);
  }
  // Where it can't be set, timers come with the next event, which sets it again.
  if (embedded_)
    call_user(runtime_.log(), {"core", "the alarm of the next timer"}, [this] { set_alarm(after_turn()); });
}

void Shard::report_wait(int error) {
  runtime_.log().write_limited(
      LogLevel::error, "core", "wait",
      concat("cannot wait for connections: ", std::system_category().message(error)));
}

void Shard::handle(std::uint32_t events, Pollable& pollable) noexcept {
  auto const& log = runtime_.log();
  if (call_user(log, {"core", "a connection's turn to read"}, [&] { pollable.on_ready(events); })) return;
  call_user(log, {"core", "the end of a connection"}, [&] { pollable.on_failure(); });
}

void Shard::run_ready() {
  auto const due = [this] {
    auto const next = timers_.next();
    return next && *next <= after_turn();
  };
  do {
    turn(Milliseconds{0});
  } while (turn_.has_work() || due());
}

void Shard::arm() {
  set_alarm(clock_.now());
  embedded_ = true;
}

void Shard::set_alarm(TimePoint now) {
  if (turn_.has_work()) {
    std::chrono::nanoseconds const at_once{1};
    poller_.set_alarm(&at_once);
  } else if (auto const next = timers_.next()) {
    std::chrono::nanoseconds const delay = *next - now;
    poller_.set_alarm(&delay);
  } else {
    poller_.set_alarm(nullptr);
  }
}

void Shard::stop() noexcept {
  stopped_.store(true, std::memory_order_release);
  wake();
}

}}}  // namespace aerie::v1::core
