#include <aerie/core/backlog.hpp>

#include <gtest/gtest.h>

namespace aerie::core { namespace {

constexpr std::size_t KiB = 1024;
constexpr std::size_t MiB = 1024 * KiB;
constexpr std::size_t limit = MiB;

/// Writes `size` in a turn of its own; false if the peer is too slow for it.
bool turn(Backlog& backlog, std::size_t& held, std::size_t size) {
  held += size;
  return backlog.end_turn(size, held, limit);
}

void take(Backlog& backlog, std::size_t& held, std::size_t size) {
  held -= size;
  EXPECT_TRUE(backlog.end_turn(0, held, limit));
}

TEST(Backlog, APeerThatTakesNothingHoldsTheLimitAnd64KiBWhateverTheTurnsWrite) {
  for (std::size_t const size :
       {1 * KiB, 10 * KiB, 31 * KiB, 33 * KiB, 100 * KiB, 300 * KiB, 600 * KiB, MiB}) {
    Backlog backlog;
    std::size_t held = 0;
    while (turn(backlog, held, size)) {
    }
    EXPECT_LE(held - size, limit + 64 * KiB) << size;
    EXPECT_GE(held, limit) << size;
  }
}

TEST(Backlog, OneTurnMayWriteAnyAmountToAPeerThatIsNotBehind) {
  Backlog backlog;
  std::size_t held = 0;
  EXPECT_TRUE(turn(backlog, held, 20 * KiB));
  EXPECT_TRUE(backlog.admits(16 * MiB, limit));
  EXPECT_TRUE(turn(backlog, held, 16 * MiB));
  // While that is on its way there is room for what there would be room for without it.
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(turn(backlog, held, 10 * KiB));
  EXPECT_FALSE(backlog.admits(100 * KiB, limit));
  EXPECT_FALSE(turn(backlog, held, 100 * KiB));
}

TEST(Backlog, AnotherBurstMayFollowWhenHalfOfTheLastIsTaken) {
  Backlog backlog;
  std::size_t held = 0;
  EXPECT_TRUE(turn(backlog, held, 16 * MiB));
  take(backlog, held, 7 * MiB);
  EXPECT_FALSE(backlog.admits(16 * MiB, limit));
  take(backlog, held, 1 * MiB);
  EXPECT_TRUE(backlog.admits(16 * MiB, limit));
  EXPECT_TRUE(turn(backlog, held, 16 * MiB));
  EXPECT_FALSE(backlog.admits(16 * MiB, limit));
}

TEST(Backlog, ABurstDoesNotRaiseTheLimitOnceItIsTaken) {
  Backlog backlog;
  std::size_t held = 0;
  EXPECT_TRUE(turn(backlog, held, 4 * MiB));
  take(backlog, held, 3 * MiB);
  take(backlog, held, 1 * MiB - 40 * KiB);
  while (turn(backlog, held, 10 * KiB)) {
  }
  EXPECT_LE(held, limit + 64 * KiB + 10 * KiB);
}

TEST(Backlog, ATurnThatWritesNothingIsNobodysFault) {
  Backlog backlog;
  std::size_t held = 0;
  EXPECT_TRUE(turn(backlog, held, 4 * MiB));
  EXPECT_TRUE(turn(backlog, held, 0));
  take(backlog, held, 100);
  EXPECT_TRUE(turn(backlog, held, 0));
}

}}  // namespace aerie::core
