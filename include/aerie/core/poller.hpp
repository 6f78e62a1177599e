#pragma once

/// \file
/// Waits for descriptors: on epoll, or on poll(2) where the build says so (the CMake option
/// AERIE_EVENT_BACKEND). Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace aerie { inline namespace v1 { namespace core {

/// What a descriptor is watched for, and what it is ready for, as bits. The numbers are the kernel's.
struct Readiness {
  static constexpr std::uint32_t read = 0x001;
  static constexpr std::uint32_t write = 0x004;
  /// Told of whether it is asked for or not.
  static constexpr std::uint32_t error = 0x008;
  static constexpr std::uint32_t hang_up = 0x010;
  /// The peer has ended its direction.
  static constexpr std::uint32_t peer_ended = 0x2000;
  /// Asks to be told once of each change, and not for as long as it is so. Where `Poller::repeats`, it is
  /// told for as long as it is so all the same.
  static constexpr std::uint32_t once = 1U << 31U;
};

/// What the event loop watches. It goes by `Shard::retire`, so that an event which has been fetched finds it.
class AERIE_API Pollable {
 public:
  virtual ~Pollable() = default;
  /// `events` are bits of `Readiness`.
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

  /// True if what is not done about an event is told in every turn: then what nobody is interested in any
  /// more must not be watched for.
  static bool repeats() noexcept;

  /// Each throws std::system_error if the kernel refuses (its table of watches is full, for instance).
  void watch(int descriptor, std::uint32_t events, Pollable* pollable);
  void rewatch(int descriptor, std::uint32_t events, Pollable* pollable);
  void unwatch(int descriptor) noexcept;
  /// The descriptor, watched or not, is about to be closed. Costs nothing where the kernel sees that itself.
  void forget(int descriptor) noexcept;

  struct Event {
    std::uint32_t events;
    Pollable* pollable;
  };
  /// Waits until something is ready, at most `ms` milliseconds, and fetches some of it into `events`. How
  /// many were fetched; 0 also if a signal came in between, or if waiting is impossible at present, which
  /// takes a moment, so that nobody spins, and leaves the system's number of the error in `error`.
  static constexpr std::size_t most_events = 256;
  std::size_t wait(std::array<Event, most_events>& events, int ms, int& error);

  /// Is readable while something is ready; -1 where there is no such thing.
  int descriptor() const noexcept { return descriptor_; }
  /// Makes `descriptor()` readable at the end of `delay`; null: not any more.
  void set_alarm(std::chrono::nanoseconds const* delay);

 private:
  /// What is kept of the watches where the kernel keeps none.
  struct Watches;

  int descriptor_ = -1;
  [[maybe_unused]] int alarm_ = -1;
  Owned<Watches> watches_;
};

}}}  // namespace aerie::v1::core
