#include "gateway/throttle_table.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace throttle_table_cases {

using namespace aerie;
using namespace std::chrono_literals;
using gateway::ThrottleTable;

constexpr core::TimePoint start{std::chrono::hours{1}};

TEST(ThrottleTable, CountsInWindowsThatBeginWithTheFirst) {
  ThrottleTable table(2, 1s, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 600ms), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 700ms), 300ms);
  EXPECT_EQ(table.count("ada", start + 999ms), 1ms);
  EXPECT_EQ(table.count("ada", start + 1s), std::nullopt);
}

TEST(ThrottleTable, CountsEachKeyByItself) {
  ThrottleTable table(1, 1s, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("bob", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start), 1s);
}

TEST(ThrottleTable, KeepsAWindowThatOutlivesItsGeneration) {
  ThrottleTable table(1, 1s, 100);
  EXPECT_EQ(table.count("early", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 900ms), std::nullopt);
  EXPECT_EQ(table.count("other", start + 1s), std::nullopt);
  EXPECT_EQ(table.count("ada", start + 1800ms), 100ms);
}

TEST(ThrottleTable, ForgetsWhoHasBeenQuiet) {
  ThrottleTable table(1, 1s, 100);
  for (int i = 0; i < 10; ++i)
    table.count(std::to_string(i), start);
  EXPECT_EQ(table.size(), 10U);
  table.count("ada", start + 1s);
  table.count("ada", start + 2s);
  EXPECT_EQ(table.size(), 1U);
}

TEST(ThrottleTable, IsBoundedWhoeverComes) {
  ThrottleTable table(1, 1s, 100);
  for (int i = 0; i < 10'000; ++i)
    table.count(std::to_string(i), start);
  EXPECT_LE(table.size(), 100U);
}

TEST(ThrottleTable, TakesATimeThatIsALittleEarlier) {
  ThrottleTable table(1, 1s, 100);
  EXPECT_EQ(table.count("ada", start), std::nullopt);
  EXPECT_EQ(table.count("ada", start - 5ms), 1s);
}

TEST(ThrottleTable, CountsWhatSeveralThreadsDo) {
  ThrottleTable table(1000, 1h, 100);
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
