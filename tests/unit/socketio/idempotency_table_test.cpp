#include "socketio/idempotency_table.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace idempotency_table_cases {

using namespace aerie;
using namespace std::chrono_literals;
using socketio::IdempotencyTable;
using Found = IdempotencyStore::Found;

constexpr core::TimePoint start{};

TEST(IdempotencyTable, GivesAKeyToOneOwnerAndItsAnswerToEverybody) {
  IdempotencyTable table(10, 10'000);
  EXPECT_EQ(table.claim("k", "a", start, 1s).found, Found::nothing);
  EXPECT_EQ(table.claim("k", "b", start, 1s).found, Found::claim);
  EXPECT_EQ(table.claim("other", "b", start, 1s).found, Found::nothing);
  EXPECT_TRUE(table.keep("k", "a", "answer", start, 1s));
  auto const found = table.claim("k", "b", start, 1s);
  EXPECT_EQ(found.found, Found::an_answer);
  EXPECT_EQ(found.answer, "answer");
}

TEST(IdempotencyTable, GivesAnOwnerWhatItHasAlready) {
  IdempotencyTable table(10, 10'000);
  EXPECT_EQ(table.claim("k", "a", start, 1s).found, Found::nothing);
  EXPECT_EQ(table.claim("k", "a", start, 1s).found, Found::nothing);
  EXPECT_EQ(table.size(), 1u);
}

TEST(IdempotencyTable, EndsAClaimWithItsLease) {
  IdempotencyTable table(10, 10'000);
  table.claim("k", "a", start, 1s);
  EXPECT_EQ(table.claim("k", "b", start + 999ms, 1s).found, Found::claim);
  EXPECT_EQ(table.claim("k", "b", start + 1s, 1s).found, Found::nothing);
  EXPECT_FALSE(table.keep("k", "a", "late", start + 1s, 1s)) << "it is somebody else's now";
  EXPECT_TRUE(table.keep("k", "b", "answer", start + 1s, 1s));
}

TEST(IdempotencyTable, TakesALateAnswerWhereNobodyHasClaimedSince) {
  IdempotencyTable table(10, 10'000);
  table.claim("k", "a", start, 1s);
  table.expire(start + 2s);
  EXPECT_TRUE(table.keep("k", "a", "answer", start + 2s, 1s));
  EXPECT_FALSE(table.keep("k", "b", "another", start + 2s, 1s)) << "the first answer counts";
  EXPECT_EQ(table.claim("k", "c", start + 2s, 1s).answer, "answer");
}

TEST(IdempotencyTable, ReleasesNobodyElsesClaimAndNoAnswer) {
  IdempotencyTable table(10, 10'000);
  table.claim("k", "a", start, 1s);
  table.release("k", "b");
  EXPECT_EQ(table.claim("k", "b", start, 1s).found, Found::claim);
  table.release("k", "a");
  EXPECT_EQ(table.claim("k", "b", start, 1s).found, Found::nothing);
  table.keep("k", "b", "b", start, 1s);
  table.release("k", "b");
  EXPECT_EQ(table.claim("k", "c", start, 1s).found, Found::an_answer);
}

TEST(IdempotencyTable, KeepsAnAnswerForItsTime) {
  IdempotencyTable table(10, 10'000);
  table.keep("k", "a", "answer", start, 5s);
  EXPECT_EQ(table.next_expiry(), start + 5s);
  EXPECT_EQ(table.claim("k", "b", start + 4s, 1s).found, Found::an_answer);
  EXPECT_EQ(table.claim("k", "b", start + 5s, 1s).found, Found::nothing);
}

TEST(IdempotencyTable, HoldsNothingWhenAllIsOver) {
  IdempotencyTable table(10, 10'000);
  for (int i = 0; i < 5; ++i) {
    table.claim("c" + std::to_string(i), "a", start, 1s);
    table.keep("k" + std::to_string(i), "a", "answer", start, std::chrono::seconds(i + 1));
  }
  EXPECT_GT(table.bytes(), 0u);
  table.expire(start + 3s);
  EXPECT_EQ(table.size(), 2u);
  table.expire(start + 5s);
  EXPECT_EQ(table.size(), 0u);
  EXPECT_EQ(table.bytes(), 0u);
  EXPECT_EQ(table.next_expiry(), std::nullopt);
}

TEST(IdempotencyTable, GivesUpTheAnswersThatAreOverFirstWhereThereAreTooMany) {
  IdempotencyTable table(2, 10'000);
  table.claim("under way", "a", start, 1ms);
  table.keep("long", "a", "1", start, 9s);
  table.keep("short", "a", "2", start, 1s);
  table.keep("middle", "a", "3", start, 5s);
  EXPECT_EQ(table.answers(), 2u);
  EXPECT_EQ(table.claim("short", "b", start, 1s).found, Found::nothing);
  EXPECT_EQ(table.claim("long", "b", start, 1s).found, Found::an_answer);
  EXPECT_EQ(table.claim("under way", "b", start, 1s).found, Found::claim) << "claims are no answers";
}

TEST(IdempotencyTable, GivesUpAnswersWhereTheyAreTooLarge) {
  IdempotencyTable table(100, 3000);
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(table.keep("k" + std::to_string(i), "a", std::string(1000, 'x'), start, 1s + i * 1ms));
  EXPECT_LE(table.bytes(), 3000u);
  EXPECT_EQ(table.claim("k9", "b", start, 1s).found, Found::an_answer);
  EXPECT_EQ(table.claim("k0", "b", start, 1s).found, Found::nothing);
  EXPECT_FALSE(table.keep("huge", "a", std::string(4000, 'x'), start, 1s));
  EXPECT_EQ(table.claim("k9", "b", start, 1s).found, Found::an_answer)
      << "what can't be kept drives nobody out";
}

}  // namespace idempotency_table_cases
