#include <aerie/core/run_blocking.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/worker_pool.hpp>

#include <atomic>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

namespace {

enum class Progress : std::uint8_t { queued, running, done };

}  // namespace

// Shared with the worker, who may be done with it after the task.
struct BlockingWait::Job {
  std::atomic<Progress> progress{Progress::queued};
  // Changed on the shard only, and only when the worker is done.
  BlockingWait* wait;
  std::shared_ptr<Mailbox> mailbox;
};

void BlockingWait::submit() {
  auto& shard = context().shard();
  job_ = std::make_shared<Job>();
  job_->wait = this;
  job_->mailbox = shard.mailbox().shared_from_this();
  auto work = [job = job_] {
    job->progress = Progress::running;
    job->wait->work();
    job->progress = Progress::done;
    job->progress.notify_all();
    job->mailbox->post([job] {
      if (job->wait != nullptr) job->wait->resume();
    });
  };
  try {
    shard.runtime().workers().submit(std::move(work));
  } catch (...) {
    job_ = nullptr;  // There is nothing whose end could be waited for.
    throw;
  }
}

void BlockingWait::on_cancel() noexcept {
  // What was promised to be done is done, and it may refer to the task: only its end lets the task go on.
}

void BlockingWait::settle() noexcept {
  if (!job_) return;
  for (auto progress = job_->progress.load(); progress != Progress::done; progress = job_->progress.load())
    job_->progress.wait(progress);
  job_->wait = nullptr;
}

}}}  // namespace aerie::v1::core
