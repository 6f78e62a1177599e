#pragma once

/// \file
/// Deadlines by the ten thousand: a hierarchical timing wheel with a resolution of one millisecond.
/// Belongs to one thread.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>

#include <array>
#include <cstdint>
#include <optional>

namespace aerie { inline namespace v1 {

class Logger;

namespace core {

class TimingWheel;

/// A place in one of the wheel's circular lists.
struct TimerLink {
  TimerLink* previous = nullptr;
  TimerLink* next = nullptr;
};

/// One deadline, embedded in the object that waits for it. Destroying it cancels it.
class AERIE_API Timer : private TimerLink {
 public:
  /// A timer that calls `(owner->*Member)()` when it is due.
  template <auto Member, class Owner>
  static Timer calling(Owner* owner) noexcept {
    return Timer(owner, [](void* object) { (static_cast<Owner*>(object)->*Member)(); });
  }

  Timer(Timer const&) = delete;
  Timer& operator=(Timer const&) = delete;
  ~Timer() { cancel(); }

  bool pending() const noexcept { return next != nullptr; }
  void cancel() noexcept;

 private:
  friend class TimingWheel;
  Timer(void* owner, void (*fire)(void*)) noexcept : owner_(owner), fire_(fire) {}
  void link_before(TimerLink& other) noexcept;

  std::uint64_t tick_ = 0;
  void* owner_;
  void (*fire_)(void*);
};

/// Starting and cancelling cost O(1); nothing ticks while nothing is due.
class AERIE_API TimingWheel {
 public:
  explicit TimingWheel(TimePoint start) noexcept;
  ~TimingWheel();
  TimingWheel(TimingWheel const&) = delete;
  TimingWheel& operator=(TimingWheel const&) = delete;

  /// (Re)starts `timer`, to fire at the first `advance` whose time is not before `deadline`: never early.
  void start(Timer& timer, TimePoint deadline) noexcept;

  /// Fires everything that is due at `now`. Timers may be started, cancelled and destroyed meanwhile. What
  /// one of them throws is written to `log` and stops no other.
  void advance(TimePoint now, Logger const& log) {
    // Everything lies ahead of the present tick, and most turns of a busy shard follow each other within one.
    if (now >= start_ + Milliseconds{now_ + 1}) advance_to(now, log);
  }

  /// When `advance` has to be called next: a lower bound of the earliest deadline, nothing if none is set.
  std::optional<TimePoint> next() const noexcept;

 private:
  static constexpr unsigned bits = 6;
  static constexpr unsigned slots = 1U << bits;
  // 48 bits of milliseconds: more than the 63 bits of nanoseconds that a TimePoint has.
  static constexpr unsigned levels = 8;

  struct Expiry {
    std::uint64_t tick;
    unsigned level;
    unsigned slot;
  };

  void advance_to(TimePoint now, Logger const& log);
  std::uint64_t tick_of(TimePoint time) const noexcept;
  void insert(Timer& timer) noexcept;
  std::optional<Expiry> next_expiry() const noexcept;
  void expire(Expiry const& expiry, Logger const& log);

  TimePoint start_;
  std::uint64_t now_ = 0;
  std::array<std::uint64_t, levels> occupied_{};
  std::array<std::array<TimerLink, slots>, levels> wheel_;
};

}  // namespace core
}}  // namespace aerie::v1
