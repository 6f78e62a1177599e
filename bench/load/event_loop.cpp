#include "load/event_loop.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace load {

namespace {

void control(int epoll, int operation, int descriptor, std::uint32_t events, EventTarget& target) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &target;
  if (epoll_ctl(epoll, operation, descriptor, &event) < 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

}  // namespace

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), read_buffer_(256 * 1024) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

EventLoop::~EventLoop() {
  ::close(epoll_);
}

void EventLoop::add(int descriptor, std::uint32_t events, EventTarget& target) {
  control(epoll_, EPOLL_CTL_ADD, descriptor, events, target);
}

void EventLoop::change(int descriptor, std::uint32_t events, EventTarget& target) {
  control(epoll_, EPOLL_CTL_MOD, descriptor, events, target);
}

void EventLoop::flush() {
  for (auto* const outgoing : to_flush_)
    outgoing->flush();
  to_flush_.clear();
}

void EventLoop::turn(TimePoint limit) {
  flush();
  // In nanoseconds: a millisecond would blur the schedule of the open-loop scenarios.
  auto const wait = std::max(limit - Clock::now(), Clock::duration::zero());
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(wait);
  timespec timeout{};
  timeout.tv_sec = seconds.count();
  timeout.tv_nsec = std::chrono::duration_cast<std::chrono::nanoseconds>(wait - seconds).count();

  std::array<epoll_event, 512> events;
  auto const count = epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    auto const& event = events[static_cast<std::size_t>(i)];
    static_cast<EventTarget*>(event.data.ptr)->on_events(event.events);
    flush();
  }
}

}  // namespace load
