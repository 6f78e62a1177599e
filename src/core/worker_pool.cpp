#include "core/signal_mask.hpp"

#include <aerie/core/worker_pool.hpp>

namespace aerie { inline namespace v1 { namespace core {

WorkerPool::WorkerPool(std::size_t threads) {
  AsynchronousSignalsBlocked const blocked;
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool() {
  {
    std::scoped_lock const lock(mutex_);
    closing_ = true;
  }
  ready_.notify_all();
  for (auto& thread : threads_)
    thread.join();
}

void WorkerPool::submit(UniqueFunction<void()> task) {
  if (threads_.empty()) return task();
  {
    std::scoped_lock const lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  ready_.notify_one();
}

std::size_t WorkerPool::waiting() const {
  std::scoped_lock const lock(mutex_);
  return tasks_.size();
}

void WorkerPool::work() {
  while (true) {
    UniqueFunction<void()> task;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return closing_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

}}}  // namespace aerie::v1::core
