#include "core/signal_mask.hpp"
#include "core/signal_watcher.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/worker_pool.hpp>

#include <signal.h>

#include <stdexcept>
#include <thread>

namespace aerie { inline namespace v1 {

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

}  // namespace

Runtime::Runtime(RuntimeOptions options)
    : clock_(options.clock != nullptr ? options.clock : &system_clock_),
      logger_(options.log_level, std::move(options.log_sink), clock_),
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
  ignore_broken_pipes();
  for (unsigned i = 0; i < options.threads; ++i) {
    shards_.push_back(
        std::make_unique<core::Shard>(*this, static_cast<std::uint16_t>(i), *clock_, options.producer_limit));
    memory_.add(*shards_.back());
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

void Runtime::run() {
  std::vector<std::jthread> threads;
  {
    core::AsynchronousSignalsBlocked const blocked;
    try {
      for (std::size_t i = 1; i < shards_.size(); ++i)
        threads.emplace_back([&shard = *shards_[i]] { run_shard(shard); });
    } catch (...) {
      stop();
      throw;
    }
  }
  run_shard(*shards_.front());
  threads.clear();
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
