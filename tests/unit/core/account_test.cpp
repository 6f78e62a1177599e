#include <aerie/core/account.hpp>

#include <gtest/gtest.h>

#include <utility>

namespace aerie::test { namespace {

using core::Account;
using core::Charge;

TEST(Account, ChargesTheOnesAboveToo) {
  Account shard;
  Account connection(&shard);
  connection.charge(10);
  shard.charge(5);
  EXPECT_EQ(connection.used(), 10U);
  EXPECT_EQ(shard.used(), 15U);
  connection.credit(4);
  EXPECT_EQ(connection.used(), 6U);
  EXPECT_EQ(shard.used(), 11U);
}

TEST(Account, GivesBackWhatItStillHoldsWhenItGoes) {
  Account shard;
  {
    Account connection(&shard);
    connection.charge(10);
  }
  EXPECT_EQ(shard.used(), 0U);
}

TEST(Account, MovesWithItsConnection) {
  Account first;
  Account second;
  Account connection(&first);
  connection.charge(10);
  connection.move_below(nullptr);
  EXPECT_EQ(first.used(), 0U);
  connection.move_below(&second);
  EXPECT_EQ(second.used(), 10U);
}

TEST(Account, ChargesGoBackWithTheirOwner) {
  Account account;
  Charge kept;
  {
    Charge charge(account, 10);
    Charge other(account, 3);
    other.resize(7);
    EXPECT_EQ(account.used(), 17U);
    charge.resize(4);
    EXPECT_EQ(account.used(), 11U);
    kept = std::move(charge);
  }
  EXPECT_EQ(account.used(), 4U);
  EXPECT_EQ(kept.bytes(), 4U);
  kept = Charge();
  EXPECT_EQ(account.used(), 0U);
}

}}  // namespace aerie::test
