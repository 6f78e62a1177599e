#include <aerie/core/metrics.hpp>

#include <chrono>
#include <fstream>
#include <limits>
#include <string>

namespace aerie { inline namespace v1 { namespace core {

namespace {

using std::chrono::steady_clock;

/// Whether the kernel itself tells the time by the processor's counter, after it has watched it: then it runs
/// evenly, and alike on all processors.
bool counter_is_time() {
#if defined(__x86_64__)
  std::ifstream file("/sys/devices/system/clocksource/clocksource0/current_clocksource");
  std::string source;
  return file >> source && source == "tsc";
#else
  return false;
#endif
}

#if defined(__x86_64__)
struct Moment {
  std::uint64_t count;
  steady_clock::time_point time;
};

/// Both at the same moment, as nearly as some attempts allow: a thread may be interrupted between them.
Moment read_both() {
  Moment best{};
  auto least = std::numeric_limits<std::uint64_t>::max();
  for (int i = 0; i < 5; ++i) {
    auto const before = __builtin_ia32_rdtsc();
    auto const time = steady_clock::now();
    auto const took = __builtin_ia32_rdtsc() - before;
    if (took >= least) continue;
    least = took;
    best = {before + took / 2, time};
  }
  return best;
}

double counts_per_second() {
  auto const begin = read_both();
  auto end = begin;
  while (end.time - begin.time < std::chrono::milliseconds{1})
    end = read_both();
  return static_cast<double>(end.count - begin.count) /
         std::chrono::duration<double>(end.time - begin.time).count();
}
#else
double counts_per_second() {
  return 0;
}
#endif

}  // namespace

TickSource::TickSource(Clock const& clock) {
  if (dynamic_cast<SystemClock const*>(&clock) != nullptr && counter_is_time()) {
    per_second_ = counts_per_second();
  } else {
    clock_ = &clock;
  }
}

std::uint64_t TickSource::by_clock() const noexcept {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds(clock_->now().time_since_epoch()).count());
}

}}}  // namespace aerie::v1::core
