#include "gateway/throttle_table.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace throttle_table_cases {

using namespace aerie;
using namespace std::chrono_literals;
using gateway::ThrottleTable;

constexpr core::TimePoint start{std::chrono::hours{1}};

TEST(ThrottleTable, CountsInWindowsThatBeginWithTheFirst) {
  ThrottleTable table({2, 1s}, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 600ms), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 700ms), 300ms);
  EXPECT_EQ(table.count("ada", start + 999ms), 1ms);
  EXPECT_EQ(table.count("ada", start + 1s), std::nullopt);
}

TEST(ThrottleTable, CountsEachKeyByItself) {
  ThrottleTable table({1, 1s}, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("bob", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start), 1s);
}

TEST(ThrottleTable, KeepsAWindowThatOutlivesItsGeneration) {
  ThrottleTable table({1, 1s}, 100);
  EXPECT_EQ(table.count("early", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 900ms), std::nullopt);
  EXPECT_EQ(table.count("other", start + 1s), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 1800ms), 100ms);
}

TEST(ThrottleTable, BlocksFromTheMomentThatIsTooMuch) {
  struct Step {
    core::Milliseconds at;
    std::optional<core::Milliseconds> wait;
  };
  // One within a second; who goes beyond is blocked for five.
  ThrottleTable table({1, 1s, 5s}, 100);
  Step const steps[] = {
      {0ms, std::nullopt},
      {500ms, 5s},
      {1500ms, 4s},  // what is refused prolongs nothing
      {5499ms, 1ms},
      {5500ms, std::nullopt},
      {5600ms, 5s},
      {10'600ms, std::nullopt},
      {11'600ms, std::nullopt},
  };
  for (auto const& step : steps)
    EXPECT_EQ(table.count("ada", start + step.at), step.wait) << step.at.count();
}

TEST(ThrottleTable, KeepsABlockThatIsLongerThanTheWindow) {
  ThrottleTable table({1, 1s, 1min}, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 1ms), 1min);
  for (int second = 2; second < 60; second += 2)
    EXPECT_EQ(table.count("bob", start + std::chrono::seconds{second}), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 50s), 10s + 1ms);
}

TEST(ThrottleTable, ForgetsWhoHasBeenQuiet) {
  ThrottleTable table({1, 1s}, 100);
  for (int i = 0; i < 10; ++i)
    table.count(std::to_string(i), start);
  EXPECT_EQ(table.size(), 10U);
  table.count("ada", start + 1s);
  table.count("ada", start + 2s);
  EXPECT_EQ(table.size(), 1U);
}

TEST(ThrottleTable, IsBoundedWhoeverComes) {
  ThrottleTable table({1, 1s}, 100);
  for (int i = 0; i < 10'000; ++i)
    table.count(std::to_string(i), start);
  EXPECT_LE(table.size(), 100U);
}

TEST(ThrottleTable, TakesATimeThatIsALittleEarlier) {
  ThrottleTable table({1, 1s}, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start - 5ms), 1s);
}

TEST(ThrottleTable, CountsWhatSeveralThreadsDo) {
  ThrottleTable table({1000, 1h}, 100);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&table] {
      for (int n = 0; n < 250; ++n)
        table.count("ada", start);
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_NE(table.count("ada", start), std::nullopt);
}

}  // namespace throttle_table_cases
