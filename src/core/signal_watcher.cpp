#include "core/signal_watcher.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/user_code.hpp>

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace aerie { inline namespace v1 { namespace core {

SignalWatcher::SignalWatcher(Shard& shard) : shard_(shard) {
  sigemptyset(&watched_);
  sigemptyset(&blocked_);
}

SignalWatcher::~SignalWatcher() {
  if (descriptor_ < 0) return;
  // Whoever asked for them is done; unblocked they would end a process that is ending well.
  while (next_signal() != 0) {
  }
  shard_.forget(descriptor_);
  ::close(descriptor_);
  pthread_sigmask(SIG_UNBLOCK, &blocked_, nullptr);
}

void SignalWatcher::add(std::initializer_list<int> signals, Handler handler) {
  Listener listener{{}, std::make_shared<Handler const>(std::move(handler))};
  sigemptyset(&listener.signals);
  auto watched = watched_;
  for (int const signal : signals) {
    if (sigaddset(&listener.signals, signal) != 0) {
      throw std::invalid_argument(
          concat("aerie: Runtime::on_signal: ", std::to_string(signal), " is not a signal"));
    }
    sigaddset(&watched, signal);
  }
  // Before it is blocked: if there is no descriptor left, signals keep their old meaning.
  int const descriptor = ::signalfd(descriptor_, &watched, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor < 0)
    throw std::system_error(errno, std::system_category(), "aerie: cannot create a signalfd");
  if (descriptor_ < 0) {
    try {
      shard_.watch(descriptor, Readiness::read | Readiness::once, *this);
    } catch (...) {
      ::close(descriptor);
      throw;
    }
    descriptor_ = descriptor;
  }
  listeners_.push_back(std::move(listener));
  watched_ = watched;
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &watched_, &before);
  for (int const signal : signals) {
    if (sigismember(&before, signal) == 0) sigaddset(&blocked_, signal);
  }
}

/// 0 if there is none.
int SignalWatcher::next_signal() noexcept {
  signalfd_siginfo info{};
  return ::read(descriptor_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

void SignalWatcher::on_ready(std::uint32_t) {
  while (auto const signal = next_signal()) {
    // What a handler adds is for the next signal.
    auto const listeners = listeners_;
    for (auto const& listener : listeners) {
      if (sigismember(&listener.signals, signal) != 1) continue;
      call_user(shard_.runtime().log(), {"core", "a handler", "a signal"}, *listener.handler, signal);
    }
  }
}

}}}  // namespace aerie::v1::core
