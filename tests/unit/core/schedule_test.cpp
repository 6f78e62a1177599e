#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/sleep.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace aerie::core { namespace {

using namespace std::chrono_literals;

class ScheduleTest : public ::testing::Test {
 protected:
  void advance(Milliseconds by) {
    clock.advance(by);
    run();
  }
  void run() {
    for (std::size_t i = 0; i < runtime.shard_count(); ++i)
      runtime.shard(i).run_ready();
  }

  std::vector<std::string> log;
  ManualClock clock;
  Runtime runtime{{.threads = 2,
                   .log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); },
                   .clock = &clock}};
  int calls = 0;
};

TEST_F(ScheduleTest, CallsOnceAndNeverEarly) {
  auto const call = after(runtime, 5s, [this] { ++calls; });
  advance(4'999ms);
  EXPECT_EQ(calls, 0);
  EXPECT_TRUE(call.pending());
  advance(1ms);
  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(call.pending());
  advance(1h);
  EXPECT_EQ(calls, 1);
}

TEST_F(ScheduleTest, CountsFromWhenItWasAskedFor) {
  auto const call = after(runtime, 5s, [this] { ++calls; });
  clock.advance(5s);  // before the shard has heard of it
  run();
  EXPECT_EQ(calls, 1);
}

TEST_F(ScheduleTest, KeepsItsIntervalsAndLeavesOutThoseItHasMissed) {
  auto const call = every(runtime, 10ms, [this] { ++calls; });
  advance(10ms);
  EXPECT_EQ(calls, 1);
  advance(35ms);  // at 45 instead of 20, 30 and 40
  EXPECT_EQ(calls, 2);
  advance(5ms);
  EXPECT_EQ(calls, 3);
}

TEST_F(ScheduleTest, IsCancelledWithItsHandle) {
  auto const kept = std::make_shared<int>(1);
  {
    auto const call = after(runtime, 5s, [this, kept] { ++calls; });
    run();
    EXPECT_EQ(kept.use_count(), 2);
  }
  run();
  EXPECT_EQ(kept.use_count(), 1);
  advance(5s);
  EXPECT_EQ(calls, 0);
}

TEST_F(ScheduleTest, IsCancelledBeforeTheShardHasHeardOfIt) {
  after(runtime, 0ms, [this] { ++calls; }).cancel();
  advance(1s);
  EXPECT_EQ(calls, 0);
}

TEST_F(ScheduleTest, MayCancelItself) {
  std::optional<Scheduled> call;
  call = every(runtime, 1ms, [&] {
    if (++calls == 2) call.reset();
  });
  advance(1ms);
  advance(1ms);
  advance(1s);
  EXPECT_EQ(calls, 2);
}

TEST_F(ScheduleTest, ReplacesACallByAnother) {
  auto call = after(runtime, 1s, [this] { calls += 1; });
  call = after(runtime, 1s, [this] { calls += 10; });
  advance(1s);
  EXPECT_EQ(calls, 10);
}

TEST_F(ScheduleTest, ComesWithoutAHandleThatWasReleased) {
  after(runtime, 1s, [this] { ++calls; }).release();
  advance(1s);
  EXPECT_EQ(calls, 1);
}

TEST_F(ScheduleTest, RunsATaskToItsEndWithWhatItsFunctionHasCaptured) {
  std::string said;
  {
    auto const call =
        after(runtime, 1s,
              [&said, text = std::string("a text that is long enough to be on the heap")]() -> Task<void> {
                co_await sleep_for(1s);
                said = text;
              });
    advance(1s);
  }
  advance(1s);
  EXPECT_EQ(said, "a text that is long enough to be on the heap");
}

TEST_F(ScheduleTest, LogsWhatIsThrownAndGoesOn) {
  auto const plain = every(runtime, 1s, [this] {
    ++calls;
    throw 42;
  });
  auto const task = every(runtime, 1s, [this]() -> Task<void> {
    co_await sleep_for(1ms);
    ++calls;
    throw std::runtime_error("as ordered");
  });
  advance(1s);
  advance(1ms);
  advance(999ms);
  advance(1ms);
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(log.size(), 4U);
}

TEST_F(ScheduleTest, StaysOnTheShardThatHasAskedForIt) {
  Shard* shard = nullptr;
  Scheduled call;
  runtime.shard(1).post([&] { call = after(runtime, 1s, [&] { shard = Shard::current(); }); });
  run();
  advance(1s);
  EXPECT_EQ(shard, &runtime.shard(1));
}

TEST_F(ScheduleTest, MayBeCancelledOnAnyThreadAndWhenItsRuntimeIsGone) {
  std::optional<Runtime> other(std::in_place, RuntimeOptions{.clock = &clock});
  auto call = after(*other, 1s, [this] { ++calls; });
  auto late = after(*other, 1h, [this] { ++calls; });
  other->shard(0).run_ready();
  std::thread([&] { call.cancel(); }).join();
  clock.advance(1s);
  other->shard(0).run_ready();
  other.reset();
  EXPECT_EQ(calls, 0);
  late.cancel();
}

TEST_F(ScheduleTest, TakesTheLongestOfTimes) {
  auto const once = after(runtime, Milliseconds::max(), [this] { ++calls; });
  auto const often = every(runtime, Milliseconds::max(), [this] { ++calls; });
  advance(24h);
  EXPECT_EQ(calls, 0);
}

TEST_F(ScheduleTest, RefusesIntervalsOfNothing) {
  EXPECT_THROW(static_cast<void>(every(runtime, 0ms, [] {})), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(every(runtime, -1s, [] {})), std::invalid_argument);
}

}}  // namespace aerie::core
