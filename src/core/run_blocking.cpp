#include <aerie/core/run_blocking.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/worker_pool.hpp>

#include <atomic>

namespace aerie { inline namespace v1 { namespace core {

namespace {

enum class Progress : std::uint8_t { queued, running, done, dropped };

}  // namespace

// Shared with the worker, because it may be taken from the queue after the task has gone.
struct BlockingWait::Job {
  std::atomic<Progress> progress{Progress::queued};
  // Changed on the shard only, and not while a worker is at it.
  BlockingWait* wait;
  Shard* shard;
};

void BlockingWait::submit() {
  auto& shard = context().shard();
  job_ = std::make_shared<Job>();
  job_->wait = this;
  job_->shard = &shard;
  shard.runtime().workers().submit([job = job_] {
    auto expected = Progress::queued;
    if (!job->progress.compare_exchange_strong(expected, Progress::running)) return;
    job->wait->work();
    job->progress = Progress::done;
    job->progress.notify_all();
    job->shard->post([job] {
      if (job->wait != nullptr) job->wait->resume();
    });
  });
}

bool BlockingWait::drop() noexcept {
  auto expected = Progress::queued;
  return job_->progress.compare_exchange_strong(expected, Progress::dropped);
}

void BlockingWait::on_cancel() noexcept {
  if (drop()) wake();
}

void BlockingWait::settle() noexcept {
  if (!job_) return;
  if (!drop()) job_->progress.wait(Progress::running);
  job_->wait = nullptr;
}

}}}  // namespace aerie::v1::core
