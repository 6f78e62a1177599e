#pragma once

#include "load/clock.hpp"

#include <array>
#include <cstdint>

namespace load {

/// Counts durations in buckets that are 3 % wide, from nanoseconds to hours, so that noting one costs as
/// little at the end of a run as at its beginning.
class Latencies {
 public:
  void add(Clock::duration latency);
  void clear() { *this = Latencies(); }
  std::uint64_t count() const { return count_; }
  /// The duration, in microseconds, that a share of all does not exceed: 0.5 is the median. 0 if there are
  /// none.
  double percentile_us(double share) const;

 private:
  static constexpr unsigned buckets_per_octave = 32;
  static constexpr unsigned octaves = 44;

  std::array<std::uint64_t, buckets_per_octave * octaves> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace load
