#pragma once

/// \file
/// The shards of one program, and the thread pool for work that blocks.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/memory_marks.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/trace.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

namespace core {
class MetricsPage;
class WorkerPool;
class SignalWatcher;
}  // namespace core

/// What a runtime is made with.
struct RuntimeOptions {
  /// Event loops, one thread each. With 1, as in Node.js, handlers never run at the same time.
  unsigned threads = 1;
  /// Threads for blocking work (databases, files, password hashes); started when first used. With 0 the shard
  /// that asks for it does it itself, which is for tests.
  unsigned worker_threads = 2;
  /// Bytes that threads outside the runtime may have waiting for one event loop: past it what they broadcast
  /// is refused until the loop has caught up (`Mailbox::try_post`). At least 1.
  std::size_t producer_limit = std::size_t{16} << 20U;
  /// Bytes that the connections may hold together: what waits for clients that do not take it, messages that
  /// wait for their rest, requests, and what is remembered of each session. From 90 % of it on new
  /// connections and requests are answered 503, from 95 % on the fullest slow clients are closed, see
  /// MemoryState; whoever takes what it is sent is untouched. What handlers hold themselves isn't counted, so
  /// leave room for that. At least 16 MiB; 0: no limit.
  std::size_t memory_limit = 0;
  /// Hands what a turn sends to many connections to the kernel by one call, through a ring for each event
  /// loop (Linux 5.17 and newer): less CPU where small messages go to many, see docs/performance.md. Where
  /// the system refuses, the log says so when the runtime is made, and connections send as without it.
  bool io_uring = false;
  /// The least level that is written (`Logger::set_level`).
  LogLevel log_level = LogLevel::info;
  /// Parts whose level is debug besides, as the official server's DEBUG has them: "socket.io:*,engine.io:ws",
  /// a minus before those that are left out. See `Logger::set_debug`.
  std::string debug{};
  /// Where messages go. Called by any thread.
  LogSink log_sink = log_to_stderr;
  /// Who is told what is done for whom, and how long it takes; null: nobody, which costs nothing. See
  /// docs/tracing.md.
  std::shared_ptr<Tracer> tracer{};
  /// For tests; null means the computer's clock. Must outlive the runtime.
  core::Clock const* clock = nullptr;
};

/// What a runtime holds at one moment, as plain numbers. Each was true a moment ago, not all at the same one.
struct RuntimeStats {
  /// One event loop.
  struct Shard {
    /// Connections of clients that are open, or still being closed.
    std::size_t connections = 0;
    /// Calls by `after` and `every` that are neither over nor cancelled.
    std::size_t timers = 0;
    /// Bytes that its connections hold by their accounts: what waits to be sent, and what the floors above
    /// have charged.
    std::size_t bytes_held = 0;
    /// Works posted to it that have not run.
    std::size_t posts_waiting = 0;
    /// Bytes that producers outside the runtime have in these works.
    std::size_t posted_bytes_waiting = 0;
    /// Of `bytes_held`, what is held for peers that do not take it, or do not send the rest.
    std::size_t bytes_held_for_slow_peers = 0;
  };
  /// By index.
  std::vector<Shard> shards;
  /// Blocking works that wait for a worker thread.
  std::size_t blocking_work_waiting = 0;
  /// What is done about `RuntimeOptions::memory_limit`.
  MemoryState memory_state = MemoryState::normal;
  /// Clients that were closed for it so far.
  std::uint64_t clients_shed = 0;
  /// Lines for standard error that the process has dropped, because nobody read them in time.
  std::uint64_t dropped_log_lines = 0;
};

/// Owns the event loops. A program usually has one; two are independent of each other. The first one makes
/// the process ignore SIGPIPE, unless it handles that already: whoever reads what we write may go at any
/// time, and each write tells its own failure. Thread contract: `stop` from any thread; `run`, or `turn`, on
/// the thread that drives it; the rest before that.
class AERIE_API Runtime {
 public:
  /// Throws std::invalid_argument for impossible options.
  explicit Runtime(RuntimeOptions options = {});
  ~Runtime();
  Runtime(Runtime const&) = delete;
  Runtime& operator=(Runtime const&) = delete;

  /// Event loops, each with its thread (`RuntimeOptions::threads`).
  std::size_t shard_count() const noexcept { return shards_.size(); }
  /// The event loop of that number, below `shard_count`.
  core::Shard& shard(std::size_t index) noexcept { return *shards_[index]; }
  Logger const& log() const noexcept { return logger_; }
  /// To change its levels, at any time and on any thread.
  Logger& log() noexcept { return logger_; }
  /// What the time is read from: the computer's clock, or that of a test.
  core::Clock const& clock() const noexcept { return *clock_; }
  /// Null if nothing is traced.
  Tracer* tracer() const noexcept { return tracer_.get(); }
  /// Whoever lets in somebody new asks it whether there is room.
  core::ProcessMemory& memory() noexcept { return memory_; }
  /// Thread-safe.
  core::WorkerPool& workers();

  /// Thread-safe.
  RuntimeStats stats() const;
  /// From now on the shards, and the servers on them, measure what they do: see docs/metrics.md. Before the
  /// runtime runs; calling it again changes nothing.
  void measure();
  /// Whether `measure` was called.
  bool measures() const noexcept;
  /// Says what the loops do and hold. Thread-safe.
  void collect(core::MetricsPage& page) const;

  /// Runs the shards, the first one on the calling thread, until `stop`; then it may be called again.
  void run();
  /// Makes `run` return, or the next one if none is under way. Thread-safe.
  void stop() noexcept;

  /// Calls `handler` on the first shard when the process receives one of `signals` (SIGINT, SIGTERM ...). Any
  /// number of calls work together: of several handlers for one signal each is called, in their order. Before
  /// `run`, or on the first shard. The signals are blocked in the calling thread until the runtime goes;
  /// threads that the program has started itself before must block them, too, or would take them.
  void on_signal(std::initializer_list<int> signals, std::function<void(int)> handler);

  /// To run inside another event loop (with `threads = 1`): wait until `descriptor` is readable, then call
  /// `turn`. Throws std::system_error where there is no descriptor (AERIE_EVENT_BACKEND=poll): there the
  /// other loop calls `turn` from time to time.
  int descriptor();
  /// Does what is due in the first event loop, without waiting.
  void turn() { shards_.front()->turn(core::Milliseconds{0}); }

 private:
  core::SystemClock system_clock_;
  core::Clock const* clock_;
  Logger logger_;
  std::shared_ptr<Tracer> tracer_;
  core::ProcessMemory memory_;
  unsigned worker_threads_;
  std::once_flag workers_started_;
  core::Owned<core::WorkerPool> workers_;
  std::atomic<core::WorkerPool const*> started_workers_{nullptr};  // the same, for `stats`
  std::vector<core::Owned<core::Shard>> shards_;
  core::Owned<core::SignalWatcher> signals_;
};

}}  // namespace aerie::v1
