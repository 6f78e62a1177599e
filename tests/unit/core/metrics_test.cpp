#include "unit/support/metrics_text.hpp"

#include <aerie/core/metrics.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/core/runtime.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <string>

namespace aerie { namespace core { namespace {

using namespace std::chrono_literals;
using test::MetricsText;

TEST(Ticks, AreThoseOfAClockThatIsNotTheComputers) {
  ManualClock clock;
  TickSource const ticks(clock);
  auto const before = ticks.now();
  clock.advance(250ms);
  EXPECT_DOUBLE_EQ(static_cast<double>(ticks.now() - before) / ticks.per_second(), 0.25);
}

TEST(Ticks, GoAsFastAsTheComputersTime) {
  SystemClock const clock;
  TickSource const ticks(clock);
  auto const begin = std::chrono::steady_clock::now();
  auto const first = ticks.now();
  while (std::chrono::steady_clock::now() - begin < 20ms) {
  }
  auto const last = ticks.now();
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  auto const measured = static_cast<double>(last - first) / ticks.per_second();
  EXPECT_GT(measured, 0.019) << "the loop has run for 20 ms";
  EXPECT_LT(measured, took * 1.05);
}

TEST(TimeHistogram, PutsEachTimeBelowTheFirstBoundThatIsNotLess) {
  TimeBounds const bounds(1e9);
  TimeHistogram histogram;
  // Nanoseconds: on the first bound, just above it, and beyond the last one.
  for (auto const time : {20'000U, 20'001U, 100'000U})
    histogram.record(time, bounds);
  histogram.record(9'000'000'000U, bounds);
  TimeHistogram::Sum sum;
  histogram.add_to(sum, 1e9);
  EXPECT_EQ(sum.counts[0], 1U);
  EXPECT_EQ(sum.counts[1], 2U);
  EXPECT_EQ(sum.counts[TimeBounds::size], 1U);
  EXPECT_NEAR(sum.seconds, 9.000'140'001, 1e-9);
}

TEST(MetricsPage, IsWrittenAsPrometheusReadsIt) {
  MetricsPage page;
  page.counter("a_total", "What is counted.", 3, {{"kind", "x"}});
  page.gauge("b", "What there is.\nReally.", -1.5);
  page.counter("a_total", "What is counted.", 4, {{"kind", "quote \" back \\ line\nend"}});
  EXPECT_EQ(page.text(),
            "# HELP a_total What is counted.\n"
            "# TYPE a_total counter\n"
            "a_total{kind=\"x\"} 3\n"
            "a_total{kind=\"quote \\\" back \\\\ line\\nend\"} 4\n"
            "# HELP b What there is.\\nReally.\n"
            "# TYPE b gauge\n"
            "b -1.5\n");
  MetricsText const read(page.text());
  EXPECT_EQ(read["b"], -1.5);
}

TEST(MetricsPage, HasCommonLabelsBeforeOthersAndBounds) {
  MetricsPage page;
  page.set_common_labels({{"server", "/a"}});
  TimeHistogram::Sum sum;
  sum.counts[2] = 5;
  sum.seconds = 0.25;
  page.histogram("c_seconds", "How long.", sum, {{"event", "e"}});
  MetricsText const read(page.text());
  EXPECT_EQ(read["c_seconds_bucket{server=\"/a\",event=\"e\",le=\"0.0001\"}"], 0);
  EXPECT_EQ(read["c_seconds_bucket{server=\"/a\",event=\"e\",le=\"0.0005\"}"], 5);
  EXPECT_EQ(read["c_seconds_bucket{server=\"/a\",event=\"e\",le=\"+Inf\"}"], 5);
  EXPECT_EQ(read["c_seconds_sum{server=\"/a\",event=\"e\"}"], 0.25);
  EXPECT_EQ(read["c_seconds_count{server=\"/a\",event=\"e\"}"], 5);
}

/// The checker itself: each of these pages is refused.
TEST(MetricsText, RefusesWhatPrometheusDoes) {
  std::string const head = "# HELP a Help.\n# TYPE a gauge\n";
  EXPECT_EQ(MetricsText(head + "a 1\n")["a"], 1);
  for (auto const* const bad :
       {"a 1", "b 1\n", "a\n", "a x\n", "a 1 \n", "a{} 1\n", "a{b=\"c\" 1\n", "a{b=\"c} 1\n",
        "a{b=\"\\x\"} 1\n", "a{b=\"c\",b=\"d\"} 1\n", "a{1=\"c\"} 1\n", "a{le=\"1\"} 1\n", "a 1\na 2\n", "\n",
        "# a\n", "# TYPE a gauge\n", "# HELP a Help.\n"})
    EXPECT_THROW(MetricsText(head + bad), std::runtime_error) << bad;
  std::string const histogram = "# HELP h_seconds Help.\n# TYPE h_seconds histogram\n";
  std::string const good = "h_seconds_bucket{le=\"1\"} 1\nh_seconds_bucket{le=\"+Inf\"} 2\n";
  EXPECT_EQ(MetricsText(histogram + good + "h_seconds_sum 1\nh_seconds_count 2\n").size(), 4U);
  for (auto const& bad : {good + "h_seconds_sum 1\nh_seconds_count 3\n", good + "h_seconds_count 2\n",
                          std::string("h_seconds_bucket{le=\"1\"} 1\nh_seconds_sum 1\nh_seconds_count 1\n"),
                          std::string("h_seconds_bucket{le=\"1\"} 3\nh_seconds_bucket{le=\"+Inf\"} 2\n"
                                      "h_seconds_sum 1\nh_seconds_count 2\n")})
    EXPECT_THROW(MetricsText(histogram + bad), std::runtime_error) << bad;
  EXPECT_THROW(MetricsText("# HELP a Help.\n# TYPE a counter\na 1\n"), std::runtime_error) << "no _total";
  EXPECT_THROW(MetricsText("# HELP a_ms Help.\n# TYPE a_ms gauge\na_ms 1\n"), std::runtime_error);
}

TEST(MetricsOfARuntime, SayWhatItHoldsAndWhatItMeasures) {
  ManualClock clock;
  Runtime runtime({.threads = 2, .log_sink = nullptr, .clock = &clock});
  MetricsPage before;
  runtime.collect(before);
  MetricsText const unmeasured(before.text());
  EXPECT_EQ(unmeasured["aerie_connections{shard=\"1\"}"], 0);
  EXPECT_FALSE(unmeasured.has_family("aerie_loop_turn_seconds"));
  EXPECT_FALSE(runtime.measures());

  runtime.measure();
  runtime.measure();
  EXPECT_TRUE(runtime.measures());
  runtime.shard(1).post([&clock] { clock.advance(3ms); });
  runtime.shard(1).turn(0ms);
  MetricsPage page;
  collect_process(page);
  runtime.collect(page);
  MetricsText const measured(page.text());
  EXPECT_EQ(measured["aerie_loop_turn_seconds_count{shard=\"0\"}"], 0);
  EXPECT_EQ(measured["aerie_loop_turn_seconds_count{shard=\"1\"}"], 1);
  EXPECT_EQ(measured["aerie_loop_turn_seconds_bucket{shard=\"1\",le=\"0.0025\"}"], 0);
  EXPECT_EQ(measured["aerie_loop_turn_seconds_bucket{shard=\"1\",le=\"0.005\"}"], 1);
  EXPECT_NEAR(measured["aerie_loop_turn_seconds_sum{shard=\"1\"}"], 0.003, 1e-9);
  EXPECT_GT(measured["process_resident_memory_bytes"], 1e6);
  EXPECT_GT(measured["process_open_fds"], 3);
  // This year, whichever it is: after 2020.
  EXPECT_GT(measured["process_start_time_seconds"], 1.58e9);
}

}}}  // namespace aerie::core
