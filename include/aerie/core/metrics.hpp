#pragma once

/// \file
/// What is measured where it happens: numbers that one shard writes and anybody reads, without a lock.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace aerie { inline namespace v1 { namespace core {

/// A number that one thread changes. Read on any thread.
class Tally {
 public:
  void add(std::uint64_t more = 1) noexcept {
    count_.store(count_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t less = 1) noexcept { add(std::uint64_t{0} - less); }
  std::uint64_t get() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> count_{0};
};

/// Measures short times at the price of a few instructions: by the processor's own counter where the kernel
/// takes that for the time as well, otherwise by `clock`. Thread-safe.
class AERIE_API TickSource {
 public:
  /// Takes a millisecond where the counter has to be compared with the time first.
  explicit TickSource(Clock const& clock);

  std::uint64_t now() const noexcept { return is_counter() ? counter() : by_clock(); }
  double per_second() const noexcept { return per_second_; }
  /// Whether `now` is `counter`.
  bool is_counter() const noexcept { return clock_ == nullptr; }
  /// The processor's.
  static std::uint64_t counter() noexcept {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return 0;
#endif
  }

 private:
  std::uint64_t by_clock() const noexcept;

  Clock const* clock_ = nullptr;  // null: by the counter
  double per_second_ = 1e9;
};

/// The times that histograms tell apart, in seconds, and the same in ticks of a source.
class AERIE_API TimeBounds {
 public:
  static constexpr std::size_t size = 14;
  static constexpr std::array<double, size> seconds{0.00002, 0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                    0.025,   0.05,   0.1,    0.25,  0.5,    1,     5};
  constexpr explicit TimeBounds(double ticks_per_second) noexcept {
    for (std::size_t i = 0; i < size; ++i)
      ticks_[i] = static_cast<std::uint64_t>(seconds[i] * ticks_per_second);
  }

  /// The first bound that is not less; `size` if all are.
  constexpr std::size_t place_of(std::uint64_t ticks) const noexcept {
    std::size_t place = 0;
    while (place < size && ticks > ticks_[place])
      ++place;
    return place;
  }
  constexpr bool is_shortest(std::uint64_t ticks) const noexcept { return ticks <= ticks_.front(); }

 private:
  std::array<std::uint64_t, size> ticks_{};
};

/// How often something took how long. One thread records, any reads.
class TimeHistogram {
 public:
  void record(std::uint64_t ticks, TimeBounds const& bounds) noexcept {
    ticks_.add(ticks);
    if (bounds.is_shortest(ticks)) [[likely]]
      return counts_.front().add();
    counts_[bounds.place_of(ticks)].add();
  }

  /// Of several, added up.
  struct Sum {
    std::array<std::uint64_t, TimeBounds::size + 1> counts{};
    double seconds = 0;
  };
  void add_to(Sum& sum, double ticks_per_second) const noexcept {
    for (std::size_t i = 0; i < counts_.size(); ++i)
      sum.counts[i] += counts_[i].get();
    sum.seconds += static_cast<double>(ticks_.get()) / ticks_per_second;
  }

 private:
  std::array<Tally, TimeBounds::size + 1> counts_;
  Tally ticks_;
};

/// What a shard measures of itself, and what those on it measure with.
struct ShardMetrics {
  explicit ShardMetrics(TickSource const& source) noexcept : ticks(source), bounds(source.per_second()) {}

  /// By the loop's own clock, which it reads at both ends of its wait anyway.
  void record_turn(std::chrono::nanoseconds took) noexcept {
    static constexpr TimeBounds of_clock(nanoseconds_per_second);
    turns_.record(static_cast<std::uint64_t>(took.count()), of_clock);
  }
  void add_turns_to(TimeHistogram::Sum& sum) const noexcept { turns_.add_to(sum, nanoseconds_per_second); }

  TickSource ticks;
  TimeBounds bounds;

 private:
  static constexpr double nanoseconds_per_second = 1e9;

  /// The turns of the loop, from the moment at which it has stopped waiting: so long whatever comes meanwhile
  /// has to wait.
  TimeHistogram turns_;
};

}}}  // namespace aerie::v1::core
