#include "unit/core/task_fixture.hpp"

#include <aerie/core/evenly.hpp>

#include <cstddef>
#include <vector>

namespace aerie::test { namespace {

class Evenly : public TaskFixture {
 protected:
  auto begin_with(std::size_t count, core::Milliseconds spread) {
    return begin(core::evenly(shard(), count, spread, [this](std::size_t i) { calls.push_back(i); }));
  }
  std::vector<std::size_t> calls;
};

using Calls = std::vector<std::size_t>;

TEST_F(Evenly, CallsOnePerShareOfTheTime) {
  auto const ended = begin_with(4, 400ms);
  run_ready();
  EXPECT_EQ(calls, Calls{0});
  advance(99ms);
  EXPECT_EQ(calls, Calls{0});
  advance(1ms);
  EXPECT_EQ(calls, (Calls{0, 1}));
  advance(200ms);
  EXPECT_EQ(calls, (Calls{0, 1, 2, 3}));
  EXPECT_TRUE(ended->has_value());
}

TEST_F(Evenly, CatchesUpWhenItWasLate) {
  auto const ended = begin_with(1000, 1s);
  run_ready();
  advance(500ms);
  EXPECT_EQ(calls.size(), 501U);
}

TEST_F(Evenly, CallsAllAtOnceWithoutATime) {
  auto const ended = begin_with(3, 0ms);
  run_ready();
  EXPECT_EQ(calls, (Calls{0, 1, 2}));
}

TEST_F(Evenly, EndsAtOnceIfThereIsNothingToCall) {
  auto const ended = begin_with(0, 24h);
  run_ready();
  EXPECT_TRUE(ended->has_value());
}

TEST_F(Evenly, KnowsTimesThatAreLong) {
  auto const ended = begin_with(3'000'000, 24h);
  run_ready();
  advance(12h);
  EXPECT_NEAR(static_cast<double>(calls.size()), 1'500'000, 2);
}

}}  // namespace aerie::test
