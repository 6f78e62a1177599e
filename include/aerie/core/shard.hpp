#pragma once

/// \file
/// A shard: one event loop on one thread. A connection lives its whole life on one shard (an HTTP connection
/// may move before it becomes a session's), so nothing on the hot path takes a lock.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/chunk.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/holder.hpp>
#include <aerie/core/mailbox.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/poller.hpp>
#include <aerie/core/timing_wheel.hpp>
#include <aerie/core/turn.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace aerie { inline namespace v1 {

class Runtime;

namespace core {

class ActiveSpan;
class ProcessMemory;
class TaskContext;
struct ShardMetrics;

/// What there is of a shard's things, for `Runtime::stats`. Read on any thread; what counts itself may come
/// from another shard.
struct ShardCounts {
  std::atomic<std::size_t> connections{0};
  std::atomic<std::size_t> scheduled_calls{0};
};

/// Put together of a poller (what has arrived from outside), a mailbox (what other threads have posted),
/// timers, and a turn (what is done at its end). An exception that reaches the loop is reported, ends the
/// connection that it came from, and nothing else.
///
/// Thread contract: `post` and `wake` from any thread while the shard exists (for longer: `Anchor`),
/// everything else on the shard's own thread.
class AERIE_API Shard {
 public:
  /// `producer_limit` is RuntimeOptions'.
  Shard(Runtime& runtime, std::uint16_t index, Clock const& clock, std::size_t producer_limit);
  ~Shard();
  Shard(Shard const&) = delete;
  Shard& operator=(Shard const&) = delete;

  /// The shard whose turn this thread is in; null outside a turn.
  static Shard* current() noexcept;
  bool in_turn() const noexcept { return current() == this; }

  Runtime& runtime() const noexcept { return runtime_; }
  std::uint16_t index() const noexcept { return index_; }
  /// The time at which the turn began.
  TimePoint now() const noexcept { return now_; }
  Clock const& clock() const noexcept { return clock_; }
  TimingWheel& timers() noexcept { return timers_; }
  void start(Timer& timer, Milliseconds delay) noexcept;

  /// Runs `task` in a later turn of this shard, in the order of posting. Thread-safe, while the shard exists:
  /// see `Mailbox::post`.
  void post(UniqueFunction<void()> task) { mailbox_->post(std::move(task)); }
  Mailbox& mailbox() const noexcept { return *mailbox_; }
  /// As `post`, without an allocation or a lock, on the shard's own thread.
  void run_soon(Runnable& work) noexcept { turn_.run_soon(work); }
  /// Owner of the tasks that have no other: they end with the shard.
  TaskContext& tasks() noexcept { return *tasks_; }
  /// Ends the shard's wait. Thread-safe and async-signal-safe.
  void wake() noexcept { mailbox_->wake(); }

  /// Runs `work` at the end of this turn; asking twice is asking once.
  void at_turn_end(TurnEnd& work) { turn_.at_end(work); }
  /// Destroys `object` after the turn, when nothing on the call stack can refer to it any more.
  template <class T>
  void retire(std::unique_ptr<T> object) noexcept {
    if (object) turn_.retire(object.release(), [](void* raw) { delete static_cast<T*>(raw); });
  }
  template <class T>
  void retire(Owned<T> object) noexcept {
    retire<T>(std::unique_ptr<T>(std::move(object)));
  }
  /// Keeps `object` until the turn is over.
  void retire(std::shared_ptr<void> object) noexcept { turn_.retire(std::move(object)); }
  void adopt(std::unique_ptr<Adopted> object) { turn_.adopt(std::move(object)); }
  /// Retires an adopted object.
  void dismiss(Adopted& object) { turn_.dismiss(object); }
  /// For streams and bursts.
  Turn& at_end() noexcept { return turn_; }

  /// Each throws std::system_error if the kernel refuses.
  void watch(int descriptor, std::uint32_t events, Pollable& pollable) {
    poller_.watch(descriptor, events, &pollable);
  }
  void rewatch(int descriptor, std::uint32_t events, Pollable& pollable) {
    poller_.rewatch(descriptor, events, &pollable);
  }
  void unwatch(int descriptor) noexcept { poller_.unwatch(descriptor); }
  /// To be told before a descriptor is closed that may be watched.
  void forget(int descriptor) noexcept { poller_.forget(descriptor); }
  /// Calls `pollable.on_ready(events)`, and `on_failure` if an exception comes out of it.
  void handle(std::uint32_t events, Pollable& pollable) noexcept;
  /// What the shard's connections hold.
  Account& account() noexcept { return account_; }
  Account const& account() const noexcept { return account_; }
  /// Which of them hold it for a peer that does not go on.
  Holders& holders() noexcept { return holders_; }
  Holders const& holders() const noexcept { return holders_; }
  ShardCounts& counts() noexcept { return counts_; }
  ShardCounts const& counts() const noexcept { return counts_; }
  /// From now on the shard measures what it does. Before it runs.
  void measure(std::unique_ptr<ShardMetrics> metrics);
  /// Null if nothing is measured. What it refers to may be read on any thread.
  ShardMetrics* metrics() const noexcept { return metrics_.get(); }
  /// In whose name the shard works at present; null: in nobody's. See `SpanScope`.
  ActiveSpan* active_span() const noexcept { return active_span_; }
  /// Returns the one before.
  ActiveSpan* set_active_span(ActiveSpan* span) noexcept { return std::exchange(active_span_, span); }
  /// Where a readable descriptor is read into: one large buffer for all connections, valid during the call.
  std::span<char> read_buffer() noexcept { return {read_buffer_.get(), read_buffer_size}; }
  /// Where what connections are sent is written.
  CommonChunk& common_chunk() noexcept { return common_chunk_; }

  /// One turn: waits at most `wait` for something to happen (less if a timer is due), handles it, writes.
  /// Whoever lets it wait turns the shard again and again: where turns are measured, `wait` may count from
  /// the end of the one before.
  void turn(Milliseconds wait);
  /// Turns until there is nothing left to do at the present time. For tests with a ManualClock.
  void run_ready();
  /// Becomes readable when a turn has something to do; timers included once `arm` was called. -1 with
  /// poll(2).
  int descriptor() const noexcept { return poller_.descriptor(); }
  /// For loops that wait on `descriptor` themselves: also be woken for the next deadline. Throws
  /// std::system_error where there is no such descriptor.
  void arm();

  /// Destroys what has been posted, adopted or retired and the tasks that have no other owner; true if there
  /// was anything. For the end, when no shard runs any more.
  bool clear();

  void stop() noexcept;
  /// After a stop: from now on it may run again.
  void resume() noexcept { stopped_.store(false, std::memory_order_release); }
  bool stopped() const noexcept { return stopped_.load(std::memory_order_acquire); }

 private:
  static constexpr std::size_t read_buffer_size = 64 * 1024;

  int wait_limit(Milliseconds wait) const;
  /// The time, as it is right after a turn.
  TimePoint after_turn() const { return metrics_ == nullptr ? clock_.now() : ended_; }
  void report_wait(int error);
  void set_alarm(TimePoint now);

  Runtime& runtime_;
  Clock const& clock_;
  TimePoint now_;
  TimePoint ended_;  // when the last turn has, if turns are measured
  TimingWheel timers_;
  std::uint16_t index_;
  bool embedded_ = false;
  Poller poller_;
  std::shared_ptr<Mailbox> mailbox_;
  Turn turn_;
  ShardCounts counts_;
  Account account_;
  Holders holders_{account_};
  ProcessMemory* const memory_;  // null if it has no limit
  std::unique_ptr<char[]> read_buffer_;
  CommonChunk common_chunk_;
  Owned<ShardMetrics> metrics_;
  ActiveSpan* active_span_ = nullptr;
  Owned<TaskContext> tasks_;
  std::atomic<bool> stopped_{false};
};

}  // namespace core
}}  // namespace aerie::v1
