#include "unit/core/task_fixture.hpp"

#include <aerie/core/heap_trim.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace aerie::test { namespace {

int trims;
void count_trim() noexcept {
  ++trims;
}

class HeapTrimTest : public TaskFixture {
 protected:
  HeapTrimTest() { trims = 0; }
  static constexpr auto much = core::HeapTrim::much;
  static constexpr auto patience = core::HeapTrim::patience;
  core::HeapTrim trim{shard(), &count_trim};
};

TEST_F(HeapTrimTest, GivesBackWhatHasBeenFreeForAWhile) {
  trim.holds(4 * much);
  trim.holds(2 * much - 1);
  advance(patience - core::Milliseconds{1});
  EXPECT_EQ(trims, 0);
  advance(core::Milliseconds{1});
  EXPECT_EQ(trims, 1);
  advance(10 * patience);
  EXPECT_EQ(trims, 1) << "once";
}

TEST_F(HeapTrimTest, KeepsWhatIsHalfInUse) {
  trim.holds(4 * much);
  trim.holds(2 * much);
  advance(10 * patience);
  EXPECT_EQ(trims, 0);
}

TEST_F(HeapTrimTest, KeepsLittle) {
  trim.holds(much - 1);
  trim.holds(0);
  advance(10 * patience);
  EXPECT_EQ(trims, 0);
}

TEST_F(HeapTrimTest, KeepsWhatIsNeededAgainSoon) {
  trim.holds(4 * much);
  trim.holds(0);
  advance(patience / 2);
  trim.holds(3 * much);
  advance(10 * patience);
  EXPECT_EQ(trims, 0);
}

TEST_F(HeapTrimTest, GivesBackAfterEveryStorm) {
  for (int storm = 1; storm <= 3; ++storm) {
    trim.holds(much);
    trim.holds(1);
    advance(patience);
    EXPECT_EQ(trims, storm);
  }
}

TEST(TrimHeap, TakesNothingThatIsInUse) {
  auto const kept = std::make_unique<std::string>(100'000, 'x');
  core::trim_heap();
  EXPECT_EQ(*kept, std::string(100'000, 'x'));
}

}}  // namespace aerie::test
