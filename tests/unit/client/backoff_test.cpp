#include "client/backoff.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

using core::Milliseconds;

TEST(Backoff, DoublesUpToItsLimit) {
  Backoff backoff(Milliseconds{100}, Milliseconds{1000}, 0);
  std::vector<long> delays;
  for (int i = 0; i < 6; ++i)
    delays.push_back(backoff.next(0.9).count());
  EXPECT_EQ(delays, (std::vector<long>{100, 200, 400, 800, 1000, 1000}));
  EXPECT_EQ(backoff.attempts(), 6U);
  backoff.reset();
  EXPECT_EQ(backoff.next(0.9).count(), 100);
}

TEST(Backoff, ChanceAddsOrTakesAwayAPart) {
  // An even first decimal takes away, an odd one adds: floor(0.25 * 0.5 * 1000) and floor(0.35 * 0.5 * 1000).
  EXPECT_EQ(Backoff(Milliseconds{1000}, Milliseconds{5000}, 0.5).next(0.25).count(), 875);
  EXPECT_EQ(Backoff(Milliseconds{1000}, Milliseconds{5000}, 0.5).next(0.35).count(), 1175);
}

TEST(Backoff, NeverOverflowsHoweverOftenItIsTried) {
  Backoff backoff(Milliseconds{1000}, Milliseconds{5000}, 1);
  for (int i = 0; i < 3000; ++i) {
    auto const delay = backoff.next(i % 2 == 0 ? 0.05 : 0.99);
    EXPECT_GE(delay.count(), 0);
    EXPECT_LE(delay.count(), 5000);
  }
}

}}}}  // namespace aerie::v1::client::test
