#include "client/own_thread.hpp"

#include <pthread.h>
#include <signal.h>

#include <chrono>
#include <thread>

namespace aerie { inline namespace v1 { namespace client {

namespace {

// As long as a WebSocket's peer, or the last request of polling, may take.
constexpr core::Milliseconds longest_linger{2500};

/// Signals are the program's: its own threads take them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    ::sigfillset(&all);
    for (int const synchronous : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP})
      ::sigdelset(&all, synchronous);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(SignalsBlocked const&) = delete;
  SignalsBlocked& operator=(SignalsBlocked const&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

OwnThread::OwnThread()
    : runtime_(
          std::make_unique<Runtime>(RuntimeOptions{.worker_threads = 1, .log_level = LogLevel::warning})) {}

void OwnThread::start() {
  SignalsBlocked const blocked;
  std::thread([self = shared_from_this()] { self->run(); }).detach();
}

void OwnThread::run() {
  runtime_->run();
  auto& last = shard();
  auto const end = std::chrono::steady_clock::now() + longest_linger;
  do {
    last.turn(core::Milliseconds{10});
  } while (last.counts().connections.load(std::memory_order_relaxed) > 0 &&
           std::chrono::steady_clock::now() < end);
  {
    std::scoped_lock const lock(mutex_);
    is_done_ = true;
  }
  changed_.notify_all();
  // Here, and not where the last handle goes: a name may still be looked up.
  runtime_ = nullptr;
}

void OwnThread::wait(core::Milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [this] { return is_done_; });
}

}}}  // namespace aerie::v1::client
