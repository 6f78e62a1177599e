#include "load/latencies.hpp"

#include <gtest/gtest.h>

namespace load { namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr double width = 1.0 / 32;  // of a bucket

TEST(Latencies, NameEveryPercentileToTheWidthOfABucket) {
  Latencies latencies;
  for (int i = 1; i <= 1000; ++i)
    latencies.add(microseconds(i));
  EXPECT_NEAR(latencies.percentile_us(0.5), 500, 500 * width);
  EXPECT_NEAR(latencies.percentile_us(0.99), 990, 990 * width);
  EXPECT_NEAR(latencies.percentile_us(1), 1000, 1000 * width);
}

TEST(Latencies, KeepTheirPrecisionFromNanosecondsToHours) {
  for (auto const duration : {nanoseconds(1), nanoseconds(31), nanoseconds(1000), nanoseconds(1'000'000'007),
                              nanoseconds(std::chrono::hours(2))}) {
    SCOPED_TRACE(duration.count());
    Latencies latencies;
    latencies.add(duration);
    auto const exact = static_cast<double>(duration.count()) / 1000;
    EXPECT_GE(latencies.percentile_us(1), exact);
    EXPECT_LE(latencies.percentile_us(1), exact * (1 + width) + 0.002);
  }
}

TEST(Latencies, TakeATimeBeforeTheScheduleForNone) {
  Latencies latencies;
  latencies.add(nanoseconds(-5));
  EXPECT_LE(latencies.percentile_us(1), 0.001);
}

TEST(Latencies, AreZeroIfThereAreNone) {
  EXPECT_EQ(Latencies().percentile_us(0.99), 0);
}

}}  // namespace load
