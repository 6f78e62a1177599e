#pragma once

/// \file
/// A shard: one event loop on one thread. A connection lives its whole life on one shard (an HTTP connection
/// may move before it becomes a session's), so nothing on the hot path takes a lock.

#include <aerie/core/api.hpp>
#include <aerie/core/chunk.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/function.hpp>
#include <aerie/core/linked.hpp>
#include <aerie/core/timing_wheel.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace aerie { inline namespace v1 {

class Runtime;

namespace core {

class Burst;
class Pollable;
class Stream;
class TaskContext;

/// Work embedded in the object that needs it, run once in the shard's loop. Destroying it takes it back.
class AERIE_API Runnable : public Linked {
 public:
  virtual ~Runnable() = default;
  virtual void run() = 0;
};

/// Work of the end of a turn, embedded in the object that needs it: it runs once, after everything that has
/// arrived in the turn was handled and before anything is written. Whoever embeds it is destroyed by
/// `retire`.
class AERIE_API TurnEnd {
 public:
  virtual ~TurnEnd() = default;
  virtual void on_turn_end() = 0;

 private:
  friend class Shard;
  bool scheduled_ = false;
};

/// Something that has lost its owner and lives on until it is done.
class AERIE_API Adopted {
 public:
  virtual ~Adopted() = default;

 private:
  friend class Shard;
  std::size_t place_ = 0;
};

/// Thread contract: `post` and `wake` from any thread, everything else on the shard's own thread.
class AERIE_API Shard {
 public:
  Shard(Runtime& runtime, std::uint16_t index, Clock const& clock);
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

  /// Runs `task`, which must not throw, in a later turn of this shard, in the order of posting. Thread-safe.
  /// What a turn of another shard of the runtime posts is passed on at the end of that turn, all at once:
  /// what came in one read is then handled in one turn, and leaves in one write, here too.
  void post(UniqueFunction<void()> task);
  /// As `post`, without an allocation or a lock, on the shard's own thread.
  void run_soon(Runnable& work) noexcept;
  /// Owner of the tasks that have no other: they end with the shard.
  TaskContext& tasks() noexcept { return *tasks_; }
  /// Ends the shard's wait. Thread-safe and async-signal-safe.
  void wake() noexcept;

  /// Runs `work` at the end of this turn; asking twice is asking once.
  void at_turn_end(TurnEnd& work);
  /// Destroys `object` after the turn, when nothing on the call stack can refer to it any more.
  template <class T>
  void retire(std::unique_ptr<T> object) {
    if (object) retire_raw(object.release(), [](void* raw) { delete static_cast<T*>(raw); });
  }
  void adopt(std::unique_ptr<Adopted> object);
  /// Retires an adopted object.
  void dismiss(Adopted& object);

  void watch(int descriptor, std::uint32_t events, Pollable& pollable);
  void rewatch(int descriptor, std::uint32_t events, Pollable& pollable);
  void unwatch(int descriptor) noexcept;
  /// Where a readable descriptor is read into: one large buffer for all connections, valid during the call.
  std::span<char> read_buffer() noexcept { return {read_buffer_.get(), read_buffer_size}; }
  /// Where what connections are sent is written.
  CommonChunk& common_chunk() noexcept { return common_chunk_; }

  /// One turn: waits at most `wait` for something to happen (less if a timer is due), handles it, writes.
  void turn(Milliseconds wait);
  /// Turns until there is nothing left to do at the present time. For tests with a ManualClock.
  void run_ready();
  /// Becomes readable when a turn has something to do; timers included once `arm` was called.
  int descriptor() const noexcept { return epoll_; }
  /// For loops that wait on `descriptor` themselves: also be woken for the next deadline.
  void arm();

  /// Destroys what has been posted, adopted or retired and the tasks that have no other owner; true if there
  /// was anything. For the end, when no shard runs any more.
  bool clear();

  void stop() noexcept;
  bool stopped() const noexcept { return stopped_.load(std::memory_order_acquire); }

 private:
  friend class Burst;
  friend class Stream;
  static constexpr std::size_t read_buffer_size = 64 * 1024;

  struct Retired {
    void* object;
    void (*destroy)(void*);
  };

  void dirty(Stream& stream);
  void opened(Burst& burst);
  void forgotten(Burst& burst) noexcept;
  void retire_raw(void* object, void (*destroy)(void*));
  int wait_limit(Milliseconds wait) const;
  void run_posted();
  void pass_on(Shard& to, UniqueFunction<void()> task);
  void pass_on();
  void run_runnables();
  void end_turn();
  void close_bursts();
  bool has_work() const;
  /// What was asked for outside a turn needs a turn.
  void outside_turn_work() {
    if (!turning_) wake();
  }
  template <class T, class Visit>
  static void drain(std::vector<T>& queue, std::vector<T>& spare, Visit visit);

  Runtime& runtime_;
  Clock const& clock_;
  TimePoint now_;
  TimingWheel timers_;
  std::uint16_t index_;
  bool turning_ = false;  // as `in_turn`, for the shard's own thread
  bool embedded_ = false;
  bool own_wakeup_ = false;
  int epoll_ = -1;
  int wakeup_ = -1;
  int alarm_ = -1;
  std::unique_ptr<char[]> read_buffer_;
  CommonChunk common_chunk_;

  std::unique_ptr<TaskContext> tasks_;
  LinkedList<Runnable> runnables_;
  // Each with a spare, to be filled while it is worked off: so none is allocated anew in every turn.
  std::vector<Stream*> dirty_, dirty_spare_;
  std::vector<Burst*> bursts_;
  std::vector<TurnEnd*> turn_ends_, turn_ends_spare_;
  std::vector<Retired> retired_, retired_spare_;
  std::vector<std::unique_ptr<Adopted>> adopted_;

  struct Passed {
    Shard* to;
    std::vector<UniqueFunction<void()>> tasks;
  };
  std::vector<Passed> passed_;  // by shard, once each has been passed something
  bool passing_ = false;

  std::mutex mutable mutex_;
  std::vector<UniqueFunction<void()>> posted_;
  std::vector<UniqueFunction<void()>> posted_spare_;  // of the shard's own thread
  std::atomic<bool> wake_pending_{false};
  std::atomic<bool> stopped_{false};
};

}  // namespace core
}}  // namespace aerie::v1
