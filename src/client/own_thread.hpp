#pragma once

/// \file
/// The thread of a client that was given no runtime.

#include <aerie/core/clock.hpp>
#include <aerie/core/runtime.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>

namespace aerie { inline namespace v1 { namespace client {

/// The thread keeps itself and its runtime until it has said goodbye to the server; nobody has to wait for
/// it, and a name that is being looked up may take its time.
class OwnThread : public std::enable_shared_from_this<OwnThread> {
 public:
  OwnThread();
  Runtime& runtime() noexcept { return *runtime_; }
  core::Shard& shard() noexcept { return runtime_->shard(0); }

  /// Throws std::system_error if there is no thread to be had.
  void start();
  /// Waits, for `limit` at most, until everything is sent and nobody is called any more. Not on the thread
  /// itself.
  void wait(core::Milliseconds limit);

 private:
  void run();

  std::unique_ptr<Runtime> runtime_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_done_ = false;
};

}}}  // namespace aerie::v1::client
