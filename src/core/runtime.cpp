#include "core/joint_sender.hpp"
#include "core/signal_mask.hpp"
#include "core/signal_watcher.hpp"

#include <aerie/core/metrics.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/core/worker_pool.hpp>

#include <signal.h>

#include <stdexcept>
#include <system_error>
#include <thread>

namespace aerie { inline namespace v1 {

bool core::ring_for_every_runtime = false;

namespace {

// One byte of an id names its shard.
constexpr unsigned most_threads = 256;

void ignore_broken_pipes() {
  struct sigaction action {};
  if (::sigaction(SIGPIPE, nullptr, &action) != 0 || action.sa_handler != SIG_DFL) return;
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

void run_shard(core::Shard& shard) {
  while (!shard.stopped())
    shard.turn(std::chrono::minutes{1});
}

/// False, and a line in the log, if the system refuses.
bool send_by_ring(core::Shard& shard, Logger const& log) {
  std::error_code refused;
  auto ring = core::open_send_ring(refused);
  if (refused) {
    log.warning("core",
                core::concat("RuntimeOptions::io_uring: the system refuses it (", refused.message(),
                             "), so each connection sends by itself; docs/machines.md says what allows it"));
    return false;
  }
  shard.at_end().send_by(std::move(ring));
  return true;
}

/// Runs shards, each on a thread of its own, until they are stopped, for which the destructor waits. No
/// std::jthread: libc++ 19 has it as an experiment only.
class ShardThreads {
 public:
  ShardThreads() = default;
  ShardThreads(ShardThreads const&) = delete;
  ShardThreads& operator=(ShardThreads const&) = delete;
  ~ShardThreads() {
    for (auto& thread : threads_)
      thread.join();
  }

  void start(core::Shard& shard) {
    threads_.emplace_back([&shard] { run_shard(shard); });
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace

Runtime::Runtime(RuntimeOptions options)
    : clock_(options.clock != nullptr ? options.clock : &system_clock_),
      logger_(options.log_level, std::move(options.log_sink), clock_),
      tracer_(std::move(options.tracer)),
      memory_(options.memory_limit, logger_),
      worker_threads_(options.worker_threads) {
  if (options.threads < 1 || options.threads > most_threads) {
    throw std::invalid_argument(core::concat("aerie: RuntimeOptions::threads is ",
                                             std::to_string(options.threads), "; use 1 to 256"));
  }
  if (options.producer_limit == 0) {
    throw std::invalid_argument(
        "aerie: RuntimeOptions::producer_limit is 0, so no other thread could send anything; use 1 or more");
  }
  logger_.set_debug(options.debug);
  ignore_broken_pipes();
  for (unsigned i = 0; i < options.threads; ++i) {
    shards_.push_back(
        std::make_unique<core::Shard>(*this, static_cast<std::uint16_t>(i), *clock_, options.producer_limit));
    memory_.add(*shards_.back());
  }
  auto const by_ring = options.io_uring || core::ring_for_every_runtime;
  for (auto const& shard : shards_) {
    if (!by_ring || !send_by_ring(*shard, logger_)) break;
  }
}

Runtime::~Runtime() {
  // Workers first: what they finish is posted to shards that still exist.
  started_workers_ = nullptr;
  workers_.reset();
  signals_.reset();
  // What is destroyed on one shard may post to another.
  bool again = true;
  while (again) {
    again = false;
    for (auto const& shard : shards_)
      again = shard->clear() || again;
  }
}

core::WorkerPool& Runtime::workers() {
  std::call_once(workers_started_, [this] {
    workers_ = std::make_unique<core::WorkerPool>(worker_threads_);
    started_workers_.store(workers_.get(), std::memory_order_release);
  });
  return *workers_;
}

RuntimeStats Runtime::stats() const {
  RuntimeStats stats;
  stats.shards.reserve(shards_.size());
  for (auto const& shard : shards_) {
    auto const& mailbox = shard->mailbox();
    auto const& counts = shard->counts();
    stats.shards.push_back({counts.connections.load(std::memory_order_relaxed),
                            counts.scheduled_calls.load(std::memory_order_relaxed), shard->account().used(),
                            mailbox.waiting(), mailbox.waiting_bytes(), shard->holders().account().used()});
  }
  if (auto const* const workers = started_workers_.load(std::memory_order_acquire))
    stats.blocking_work_waiting = workers->waiting();
  stats.memory_state = memory_.state();
  stats.clients_shed = memory_.shed_count();
  stats.dropped_log_lines = dropped_stderr_lines();
  return stats;
}

void Runtime::measure() {
  if (measures()) return;
  core::TickSource const ticks(*clock_);
  for (auto const& shard : shards_)
    shard->measure(std::make_unique<core::ShardMetrics>(ticks));
}

bool Runtime::measures() const noexcept {
  return shards_.front()->metrics() != nullptr;
}

void Runtime::collect(core::MetricsPage& page) const {
  auto const now = stats();
  auto const number = [](auto value) { return static_cast<double>(value); };
  for (std::size_t i = 0; i < now.shards.size(); ++i) {
    auto const& shard = now.shards[i];
    core::MetricsPage::Labels const labels{{"shard", std::to_string(i)}};
    page.gauge("aerie_connections", "Connections that are open, or still being closed.",
               number(shard.connections), labels);
    page.gauge("aerie_timers", "Calls that are to be made later.", number(shard.timers), labels);
    page.gauge("aerie_held_bytes",
               "What connections hold by their accounts: what waits to be sent, and more.",
               number(shard.bytes_held), labels);
    page.gauge("aerie_held_for_slow_peers_bytes",
               "Of aerie_held_bytes, what is held for peers that do not take it, or do not send the rest.",
               number(shard.bytes_held_for_slow_peers), labels);
    page.gauge("aerie_posts_waiting", "Works of other threads that a loop has not run yet.",
               number(shard.posts_waiting), labels);
    page.gauge("aerie_posts_waiting_bytes", "What producers outside the runtime have in aerie_posts_waiting.",
               number(shard.posted_bytes_waiting), labels);
    if (auto const* const metrics = shards_[i]->metrics()) {
      core::TimeHistogram::Sum turns;
      metrics->add_turns_to(turns);
      page.histogram("aerie_loop_turn_seconds",
                     "Turns of the event loops: so long whatever comes meanwhile waits.", turns, labels);
    }
  }
  page.gauge("aerie_blocking_work_waiting", "Blocking works that wait for a worker thread.",
             number(now.blocking_work_waiting));
  page.gauge("aerie_memory_limit_bytes", "RuntimeOptions::memory_limit; 0 if there is none.",
             number(memory_.limit()));
  page.gauge("aerie_memory_state",
             "What is done about the limit: 0 nothing, 1 new clients are refused, 2 slow ones are closed.",
             number(static_cast<int>(now.memory_state)));
  page.counter("aerie_clients_shed_total", "Slow clients that were closed for the sake of the memory limit.",
               number(now.clients_shed));
  page.counter("aerie_log_lines_dropped_total", "Lines for standard error that nobody read in time.",
               number(now.dropped_log_lines));
  if (tracer_) {
    core::call_user(logger_, {"tracing", "the tracer's collect"}, [&] { tracer_->collect(page); });
  }
}

void Runtime::run() {
  {
    ShardThreads threads;
    {
      core::AsynchronousSignalsBlocked const blocked;
      try {
        for (std::size_t i = 1; i < shards_.size(); ++i)
          threads.start(*shards_[i]);
      } catch (...) {
        stop();
        throw;
      }
    }
    run_shard(*shards_.front());
  }
  for (auto const& shard : shards_)
    shard->resume();
}

void Runtime::stop() noexcept {
  for (auto const& shard : shards_)
    shard->stop();
}

void Runtime::on_signal(std::initializer_list<int> signals, std::function<void(int)> handler) {
  if (!signals_) signals_ = std::make_unique<core::SignalWatcher>(*shards_.front());
  signals_->add(signals, std::move(handler));
}

int Runtime::descriptor() {
  if (shards_.size() != 1) {
    throw std::logic_error(
        "aerie: only a runtime with RuntimeOptions::threads = 1 can run inside another event loop");
  }
  shards_.front()->arm();
  return shards_.front()->descriptor();
}

}}  // namespace aerie::v1
