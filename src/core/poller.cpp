#include <aerie/core/poller.hpp>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

namespace {

int checked_descriptor(int result, char const* what) {
  if (result < 0) throw std::system_error(errno, std::system_category(), what);
  return result;
}

}  // namespace

Poller::Poller()
    : epoll_(checked_descriptor(epoll_create1(EPOLL_CLOEXEC), "aerie: cannot create an epoll instance")) {}

Poller::~Poller() {
  if (alarm_ >= 0) ::close(alarm_);
  ::close(epoll_);
}

void Poller::control(int operation, int descriptor, std::uint32_t events, Pollable* pollable) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = pollable;
  checked_descriptor(epoll_ctl(epoll_, operation, descriptor, &event), "aerie: cannot watch a descriptor");
}

void Poller::watch(int descriptor, std::uint32_t events, Pollable* pollable) {
  control(EPOLL_CTL_ADD, descriptor, events, pollable);
}

void Poller::rewatch(int descriptor, std::uint32_t events, Pollable* pollable) {
  control(EPOLL_CTL_MOD, descriptor, events, pollable);
}

void Poller::unwatch(int descriptor) noexcept {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr);
}

std::size_t Poller::wait(std::array<epoll_event, most_events>& events, int ms, int& error) {
  auto const count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), ms);
  if (count >= 0) return static_cast<std::size_t>(count);
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

}}}  // namespace aerie::v1::core
