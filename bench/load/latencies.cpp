#include "load/latencies.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace load {

void Latencies::add(Clock::duration latency) {
  // The highest bit names the octave, the five below it the bucket within.
  constexpr unsigned bits = std::countr_zero(buckets_per_octave);
  auto const nanoseconds =
      static_cast<std::uint64_t>(std::max<std::int64_t>(std::chrono::nanoseconds(latency).count(), 0)) +
      buckets_per_octave;
  auto const octave = static_cast<unsigned>(std::bit_width(nanoseconds)) - 1 - bits;
  auto const bucket = (nanoseconds >> octave) & (buckets_per_octave - 1);
  ++buckets_[std::min<std::size_t>(octave * buckets_per_octave + bucket, buckets_.size() - 1)];
  ++count_;
}

double Latencies::percentile_us(double share) const {
  auto const wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size() && wanted != 0; ++i) {
    seen += buckets_[i];
    if (seen < wanted) continue;
    auto const octave = i / buckets_per_octave;
    auto const upper = (buckets_per_octave + i % buckets_per_octave + 1) << octave;
    return static_cast<double>(upper - buckets_per_octave) / 1000;
  }
  return 0;
}

}  // namespace load
