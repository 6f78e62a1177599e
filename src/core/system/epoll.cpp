/// What the event loop asks of Linux: epoll, an eventfd, a timerfd, a signalfd.

#include "core/system/signal_source.hpp"
#include "core/system/sockets.hpp"

#include <aerie/core/poller.hpp>
#include <aerie/core/wake_event.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

static_assert(Readiness::read == EPOLLIN && Readiness::write == EPOLLOUT && Readiness::error == EPOLLERR &&
              Readiness::hang_up == EPOLLHUP && Readiness::peer_ended == EPOLLRDHUP &&
              Readiness::once == std::uint32_t{EPOLLET});

/// Of no use here: the kernel keeps them.
struct Poller::Watches {};

namespace {

int checked_descriptor(int result, char const* what) {
  if (result < 0) throw std::system_error(errno, std::system_category(), what);
  return result;
}

void control(int epoll, int operation, int descriptor, std::uint32_t events, Pollable* pollable) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = pollable;
  checked_descriptor(epoll_ctl(epoll, operation, descriptor, &event), "aerie: cannot watch a descriptor");
}

}  // namespace

Poller::Poller()
    : descriptor_(
          checked_descriptor(epoll_create1(EPOLL_CLOEXEC), "aerie: cannot create an epoll instance")) {}

Poller::~Poller() {
  if (alarm_ >= 0) ::close(alarm_);
  ::close(descriptor_);
}

bool Poller::repeats() noexcept {
  return false;
}

void Poller::watch(int descriptor, std::uint32_t events, Pollable* pollable) {
  control(descriptor_, EPOLL_CTL_ADD, descriptor, events, pollable);
}

void Poller::rewatch(int descriptor, std::uint32_t events, Pollable* pollable) {
  control(descriptor_, EPOLL_CTL_MOD, descriptor, events, pollable);
}

void Poller::unwatch(int descriptor) noexcept {
  epoll_ctl(descriptor_, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Poller::forget(int) noexcept {}

std::size_t Poller::wait(std::array<Event, most_events>& events, int ms, int& error) {
  std::array<epoll_event, most_events> fetched;
  auto const count = epoll_wait(descriptor_, fetched.data(), static_cast<int>(fetched.size()), ms);
  if (count >= 0) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      events[i] = {fetched[i].events, static_cast<Pollable*>(fetched[i].data.ptr)};
    return static_cast<std::size_t>(count);
  }
  if (errno != EINTR) {
    error = errno;
    constexpr int moment = 10;
    ::poll(nullptr, 0, std::min(ms, moment));
  }
  return 0;
}

void Poller::set_alarm(std::chrono::nanoseconds const* delay) {
  if (alarm_ < 0) {
    alarm_ = checked_descriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
                                "aerie: cannot create a timerfd");
    // Level-triggered and never read: setting it anew is what makes it unreadable again.
    watch(alarm_, EPOLLIN, nullptr);
  }
  itimerspec alarm{};
  if (delay != nullptr) {
    auto const ns = std::max<std::int64_t>(delay->count(), 1);
    alarm.it_value.tv_sec = ns / 1'000'000'000;
    alarm.it_value.tv_nsec = ns % 1'000'000'000;
  }
  if (timerfd_settime(alarm_, 0, &alarm, nullptr) != 0)
    throw std::system_error(errno, std::system_category(), "aerie: cannot set the alarm");
}

WakeEvent::WakeEvent()
    : descriptor_(
          checked_descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "aerie: cannot create an eventfd")) {}

WakeEvent::~WakeEvent() {
  ::close(descriptor_);
}

bool WakeEvent::signal() noexcept {
  std::uint64_t const one = 1;
  return ::write(descriptor_, &one, sizeof one) == sizeof one;
}

void WakeEvent::empty() noexcept {
  std::uint64_t ignored = 0;
  [[maybe_unused]] auto const read = ::read(descriptor_, &ignored, sizeof ignored);
}

// --- Signals: blocked, so that they wait to be read.

struct SignalSource::State {
  State() {
    sigemptyset(&watched);
    sigemptyset(&blocked);
  }
  sigset_t watched;
  sigset_t blocked;  // of these, what was not blocked before
  int descriptor = -1;
};

SignalSource::SignalSource() : state_(std::make_unique<State>()) {
  state_->descriptor = checked_descriptor(::signalfd(-1, &state_->watched, SFD_NONBLOCK | SFD_CLOEXEC),
                                          "aerie: cannot create a signalfd");
}

SignalSource::~SignalSource() {
  while (next() != 0) {
  }
  ::close(state_->descriptor);
  pthread_sigmask(SIG_UNBLOCK, &state_->blocked, nullptr);
}

void SignalSource::add(sigset_t const& signals) {
  auto& [watched, blocked, descriptor] = *state_;
  auto all = watched;
  sigorset(&all, &watched, &signals);
  checked_descriptor(::signalfd(descriptor, &all, SFD_NONBLOCK | SFD_CLOEXEC), "aerie: cannot watch signals");
  watched = all;
  sigset_t before;
  pthread_sigmask(SIG_BLOCK, &watched, &before);
  for (int signal = 1; signal < NSIG; ++signal) {
    if (sigismember(&signals, signal) == 1 && sigismember(&before, signal) == 0) sigaddset(&blocked, signal);
  }
}

int SignalSource::descriptor() const noexcept {
  return state_->descriptor;
}

int SignalSource::next() noexcept {
  signalfd_siginfo info{};
  auto const size = ::read(state_->descriptor, &info, sizeof info);
  return size == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

int open_socket(int family) noexcept {
  return ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int accept_socket(int listener, sockaddr* peer, socklen_t* size) noexcept {
  return ::accept4(listener, peer, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

}}}  // namespace aerie::v1::core
