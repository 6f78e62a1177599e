#include <aerie/core/log.hpp>
#include <aerie/core/timing_wheel.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace {

using namespace std::chrono_literals;
using aerie::core::Milliseconds;
using aerie::core::TimePoint;
using aerie::core::Timer;
using aerie::core::TimingWheel;

TimePoint const start{1h};
aerie::Logger const quiet(aerie::LogLevel::off, {});

struct Alarm {
  explicit Alarm(TimingWheel& w) : wheel(w) {}
  void ring() {
    ++rings;
    if (again > 0ms) wheel.start(timer, at += again);
    if (victim != nullptr) victim->reset();
  }
  TimingWheel& wheel;
  int rings = 0;
  Milliseconds again{0};
  TimePoint at{};
  std::unique_ptr<Alarm>* victim = nullptr;
  Timer timer = Timer::calling<&Alarm::ring>(this);
};

TEST(TimingWheel, FiresAtItsDeadlineAndNotBefore) {
  for (auto const delay : {1ms, 2ms, 63ms, 64ms, 65ms, 4095ms, 4096ms, 25'000ms, 300'000ms, 100'000'000ms}) {
    TimingWheel wheel(start);
    Alarm alarm(wheel);
    wheel.start(alarm.timer, start + delay);
    wheel.advance(start + delay - 1ms, quiet);
    EXPECT_EQ(alarm.rings, 0) << delay.count();
    wheel.advance(start + delay, quiet);
    EXPECT_EQ(alarm.rings, 1) << delay.count();
    EXPECT_FALSE(wheel.next().has_value()) << delay.count();
  }
}

TEST(TimingWheel, RoundsAFractionUp) {
  TimingWheel wheel(start);
  Alarm alarm(wheel);
  wheel.start(alarm.timer, start + 1500us);
  wheel.advance(start + 1900us, quiet);
  EXPECT_EQ(alarm.rings, 0);
  wheel.advance(start + 2ms, quiet);
  EXPECT_EQ(alarm.rings, 1);
}

TEST(TimingWheel, NextNeverLiesAfterTheEarliestDeadlineAndAlwaysMakesProgress) {
  TimingWheel wheel(start);
  Alarm alarm(wheel);
  auto const deadline = start + 123'456ms;
  wheel.start(alarm.timer, deadline);
  int steps = 0;
  while (alarm.rings == 0) {
    auto const next = wheel.next();
    ASSERT_TRUE(next.has_value());
    ASSERT_LE(*next, deadline);
    wheel.advance(*next, quiet);
    ASSERT_LT(++steps, 10);
  }
}

TEST(TimingWheel, CancelledAndDestroyedTimersDoNotFire) {
  TimingWheel wheel(start);
  Alarm cancelled(wheel);
  auto destroyed = std::make_unique<Alarm>(wheel);
  wheel.start(cancelled.timer, start + 5ms);
  wheel.start(destroyed->timer, start + 5ms);
  cancelled.timer.cancel();
  destroyed.reset();
  wheel.advance(start + 10ms, quiet);
  EXPECT_EQ(cancelled.rings, 0);
  EXPECT_FALSE(cancelled.timer.pending());
}

TEST(TimingWheel, ATimerMayDestroyAnotherOneThatIsDueAtTheSameTime) {
  TimingWheel wheel(start);
  Alarm first(wheel);
  auto second = std::make_unique<Alarm>(wheel);
  first.victim = &second;
  wheel.start(first.timer, start + 5ms);
  wheel.start(second->timer, start + 5ms);
  wheel.advance(start + 5ms, quiet);
  EXPECT_EQ(first.rings, 1);
  EXPECT_EQ(second, nullptr);
}

TEST(TimingWheel, ATimerMayRestartItself) {
  TimingWheel wheel(start);
  Alarm alarm(wheel);
  alarm.again = 10ms;
  alarm.at = start + 10ms;
  wheel.start(alarm.timer, alarm.at);
  wheel.advance(start + 105ms, quiet);
  EXPECT_EQ(alarm.rings, 10);
}

TEST(TimingWheel, FiresAcrossEveryBoundaryOfItsLevels) {
  for (unsigned bit = 0; bit < 43; ++bit) {
    auto const boundary = Milliseconds{std::int64_t{1} << bit};
    TimingWheel wheel(TimePoint{});
    wheel.advance(TimePoint{} + boundary - 1ms, quiet);
    Alarm alarm(wheel);
    wheel.start(alarm.timer, TimePoint{} + boundary + 2ms);
    wheel.advance(TimePoint{} + boundary + 1ms, quiet);
    EXPECT_EQ(alarm.rings, 0) << bit;
    wheel.advance(TimePoint{} + boundary + 2ms, quiet);
    EXPECT_EQ(alarm.rings, 1) << bit;
  }
}

TEST(TimingWheel, HoldsTheLatestDeadlineThereIs) {
  TimingWheel wheel(TimePoint{});
  Alarm alarm(wheel);
  wheel.start(alarm.timer, TimePoint::max() - 1ms);
  wheel.advance(TimePoint::max() - 10ms, quiet);
  EXPECT_EQ(alarm.rings, 0);
  wheel.advance(TimePoint::max(), quiet);
  EXPECT_EQ(alarm.rings, 1);
}

TEST(TimingWheel, AgreesWithAPlainListOverRandomOperations) {
  std::mt19937 random(7);
  TimingWheel wheel(start);
  std::vector<std::unique_ptr<Alarm>> alarms;
  std::vector<TimePoint> deadlines;
  for (int i = 0; i < 200; ++i) {
    alarms.push_back(std::make_unique<Alarm>(wheel));
    deadlines.push_back(TimePoint::max());
  }
  auto now = start;
  for (int round = 0; round < 20'000; ++round) {
    auto const i = random() % alarms.size();
    auto const choice = random() % 10;
    if (choice < 6) {
      deadlines[i] = now + Milliseconds{1 + random() % (choice < 3 ? 100 : 1'000'000)};
      wheel.start(alarms[i]->timer, deadlines[i]);
    } else if (choice < 7) {
      deadlines[i] = TimePoint::max();
      alarms[i]->timer.cancel();
    } else {
      now += Milliseconds{random() % (choice < 9 ? 50 : 50'000)};
      std::vector<int> before;
      for (auto const& alarm : alarms)
        before.push_back(alarm->rings);
      wheel.advance(now, quiet);
      for (std::size_t k = 0; k < alarms.size(); ++k) {
        auto const due = deadlines[k] <= now;
        ASSERT_EQ(alarms[k]->rings - before[k], due ? 1 : 0) << "round " << round;
        if (due) deadlines[k] = TimePoint::max();
      }
    }
  }
}

}  // namespace
