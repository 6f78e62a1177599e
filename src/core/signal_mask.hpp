#pragma once

#include <signal.h>

#include <initializer_list>

namespace aerie { inline namespace v1 { namespace core {

/// While it exists, threads that are started have all signals blocked but those that tell of a fault of the
/// thread itself, or measure it: signals to the process are for the thread that runs the first event loop.
class AsynchronousSignalsBlocked {
 public:
  AsynchronousSignalsBlocked() noexcept {
    sigset_t set;
    sigfillset(&set);
    for (int const signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS, SIGPROF, SIGVTALRM})
      sigdelset(&set, signal);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
  }
  ~AsynchronousSignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AsynchronousSignalsBlocked(AsynchronousSignalsBlocked const&) = delete;
  AsynchronousSignalsBlocked& operator=(AsynchronousSignalsBlocked const&) = delete;

 private:
  sigset_t before_;
};

}}}  // namespace aerie::v1::core
