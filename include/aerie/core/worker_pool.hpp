#pragma once

/// \file
/// Threads for work that blocks, so that no event loop ever does. Thread-safe.

#include <aerie/core/api.hpp>
#include <aerie/core/function.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// Runs tasks in the order of submission on a fixed number of threads, with none on the submitting one. The
/// destructor runs what is queued to its end, because somebody may have been promised it. The queue has no
/// bound of its own: each task in it is a handler under way, whose number is limited for each client.
class AERIE_API WorkerPool {
 public:
  explicit WorkerPool(std::size_t threads);
  ~WorkerPool();
  WorkerPool(WorkerPool const&) = delete;
  WorkerPool& operator=(WorkerPool const&) = delete;

  /// Runs `task`, which must not throw, on one of the threads, or, if there are none, here and now.
  void submit(UniqueFunction<void()> task);
  /// The same for what may hang for a long time and can't be stopped (a name that is looked up): at most half
  /// of the threads do such work at a time, so that the other work does not wait for it. With one thread it
  /// does.
  void submit_patient(UniqueFunction<void()> task);
  /// Tasks that wait for a thread.
  std::size_t waiting() const;

 private:
  void work();
  bool has_patient_turn() const noexcept { return !patient_.empty() && patient_running_ < most_patient_; }

  std::mutex mutable mutex_;
  std::condition_variable ready_;
  std::deque<UniqueFunction<void()>> tasks_;
  std::deque<UniqueFunction<void()>> patient_;
  std::size_t patient_running_ = 0;
  std::size_t most_patient_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}}}  // namespace aerie::v1::core
