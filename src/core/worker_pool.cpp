#include "core/signal_mask.hpp"

#include <aerie/core/worker_pool.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace core {

WorkerPool::WorkerPool(std::size_t threads) : most_patient_(std::max<std::size_t>(threads / 2, 1)) {
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

void WorkerPool::submit_patient(UniqueFunction<void()> task) {
  if (threads_.empty()) return task();
  {
    std::scoped_lock const lock(mutex_);
    patient_.push_back(std::move(task));
  }
  ready_.notify_one();
}

std::size_t WorkerPool::waiting() const {
  std::scoped_lock const lock(mutex_);
  return tasks_.size() + patient_.size();
}

void WorkerPool::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return closing_ || !tasks_.empty() || has_patient_turn(); });
    auto const patient = has_patient_turn();
    if (!patient && tasks_.empty()) return;
    auto& queue = patient ? patient_ : tasks_;
    {
      auto task = std::move(queue.front());
      queue.pop_front();
      if (patient) ++patient_running_;
      lock.unlock();
      task();
    }
    lock.lock();
    if (!patient) continue;
    --patient_running_;
    // Whoever was called for the next one of these may have found that it was not its turn yet.
    if (has_patient_turn()) ready_.notify_one();
  }
}

}}}  // namespace aerie::v1::core
