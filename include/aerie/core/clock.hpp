#pragma once

/// \file
/// Time as an input: protocols are told the time by whoever drives them, so tests turn the clock themselves.

#include <aerie/core/api.hpp>

#include <chrono>

namespace aerie { inline namespace v1 { namespace core {

using Milliseconds = std::chrono::milliseconds;
/// A point of monotonic time; never affected by changes of the wall clock.
using TimePoint = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

/// Where a runtime reads the time. Thread-safe.
class AERIE_API Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() const = 0;
  virtual WallTime wall() const = 0;
};

/// The computer's own clocks.
class AERIE_API SystemClock final : public Clock {
 public:
  TimePoint now() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
};

/// A clock that stands still until it is turned. For tests; belongs to one thread.
class AERIE_API ManualClock final : public Clock {
 public:
  TimePoint now() const override { return now_; }
  WallTime wall() const override { return wall_; }
  void advance(Milliseconds by) {
    now_ += by;
    wall_ += by;
  }

 private:
  TimePoint now_{std::chrono::hours{1}};
  WallTime wall_{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};
};

}}}  // namespace aerie::v1::core
