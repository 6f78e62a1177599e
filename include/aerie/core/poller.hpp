#pragma once

/// \file
/// Waits for descriptors, on epoll. Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

struct epoll_event;

namespace aerie { inline namespace v1 { namespace core {

/// What the event loop watches. It goes by `Shard::retire`, so that an event which has been fetched finds it.
class AERIE_API Pollable {
 public:
  virtual ~Pollable() = default;
  /// `events` are epoll's.
  virtual void on_ready(std::uint32_t events) = 0;
  /// An exception has come out of it, which nobody has expected and the loop has reported: what stands behind
  /// the descriptor is to end.
  virtual void on_failure() {}
};

class AERIE_API Poller {
 public:
  /// Throws std::system_error if there is no descriptor left.
  Poller();
  ~Poller();
  Poller(Poller const&) = delete;
  Poller& operator=(Poller const&) = delete;

  /// Each throws std::system_error if the kernel refuses (its table of watches is full, for instance).
  void watch(int descriptor, std::uint32_t events, Pollable* pollable);
  void rewatch(int descriptor, std::uint32_t events, Pollable* pollable);
  void unwatch(int descriptor) noexcept;

  /// Waits until something is ready, at most `ms` milliseconds, and fetches some of it into `events`. How
  /// many were fetched; 0 also if a signal came in between, or if waiting is impossible at present, which
  /// takes a moment, so that nobody spins, and leaves the system's number of the error in `error`.
  static constexpr std::size_t most_events = 256;
  std::size_t wait(std::array<epoll_event, most_events>& events, int ms, int& error);

  int descriptor() const noexcept { return epoll_; }
  /// Makes `descriptor()` readable at the end of `delay`; null: not any more.
  void set_alarm(std::chrono::nanoseconds const* delay);

 private:
  void control(int operation, int descriptor, std::uint32_t events, Pollable* pollable);

  int epoll_;
  int alarm_ = -1;
};

}}}  // namespace aerie::v1::core
