#include "core/signal_watcher.hpp"

#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

SignalWatcher::SignalWatcher(Shard& shard, std::initializer_list<int> signals,
                             std::function<void(int)> handler)
    : shard_(shard), handler_(std::move(handler)) {
  sigset_t set;
  sigemptyset(&set);
  for (int const signal : signals)
    sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  descriptor_ = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  if (descriptor_ < 0)
    throw std::system_error(errno, std::system_category(), "aerie: cannot create a signalfd");
  shard_.watch(descriptor_, EPOLLIN, *this);
}

SignalWatcher::~SignalWatcher() {
  ::close(descriptor_);
}

void SignalWatcher::on_ready(std::uint32_t) {
  signalfd_siginfo info{};
  if (::read(descriptor_, &info, sizeof info) == sizeof info) handler_(static_cast<int>(info.ssi_signo));
}

}}}  // namespace aerie::v1::core
