#include "unit/cluster/redis_store_fixture.hpp"

#include <aerie/cluster/redis_idempotency_store.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/redis/client.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace aerie::cluster { namespace redis_idempotency_store_cases {

using namespace std::chrono_literals;
using Found = IdempotencyStore::Found;

using RedisIdempotency = test::RedisStoreFixture<RedisIdempotencyStore, RedisIdempotencyOptions>;

TEST_F(RedisIdempotency, GivesAKeyToOneOwnerAndItsAnswerToEverybody) {
  auto const here = make();
  auto const there = make();
  std::string const answer("\0\r\n\xff", 4);
  EXPECT_EQ(result(here->claim("k", "a", 1min)).found, Found::nothing);
  EXPECT_EQ(result(here->claim("k", "a", 1min)).found, Found::nothing) << "it is the owner's already";
  EXPECT_EQ(result(there->claim("k", "b", 1min)).found, Found::claim);
  EXPECT_FALSE(result(there->keep("k", "b", "forged", 1min)));
  EXPECT_TRUE(result(here->keep("k", "a", answer, 1min)));
  auto const found = result(there->claim("k", "b", 1min));
  EXPECT_EQ(found.found, Found::an_answer);
  EXPECT_EQ(found.answer, answer);
  EXPECT_FALSE(result(there->keep("k", "b", "another", 1min))) << "the first answer counts";
}

TEST_F(RedisIdempotency, GivesBackWhatTheOwnerReleasesAndNothingElse) {
  auto const store = make();
  EXPECT_EQ(result(store->claim("k", "a", 1min)).found, Found::nothing);
  store->release("k", "b");
  EXPECT_EQ(result(store->claim("k", "b", 1min)).found, Found::claim);
  store->release("k", "a");
  EXPECT_EQ(result(store->claim("k", "b", 1min)).found, Found::nothing);
  EXPECT_TRUE(result(store->keep("k", "b", "answer", 1min)));
  store->release("k", "b");
  EXPECT_EQ(result(store->claim("k", "c", 1min)).found, Found::an_answer);
}

TEST_F(RedisIdempotency, EndsClaimsAndAnswersWithTheirTime) {
  auto const store = make();
  EXPECT_EQ(result(store->claim("k", "a", 1ms)).found, Found::nothing);
  while (result(store->claim("k", "b", 1min)).found == Found::claim) {
  }
  EXPECT_FALSE(result(store->keep("k", "a", "late", 1min)));
  EXPECT_TRUE(result(store->keep("k", "b", "answer", 1ms)));
  while (result(store->claim("k", "c", 1min)).found == Found::an_answer) {
  }
}

TEST_F(RedisIdempotency, ThrowsWhileRedisCannotBeReachedAndGoesOnAfterwards) {
  timeout = 100ms;
  auto const store = make();
  server->kill();
  EXPECT_THROW(result(store->claim("k", "a", 1min)), std::runtime_error);
  EXPECT_THROW(result(store->keep("k", "a", "answer", 1min)), std::runtime_error);
  server->start();
  std::optional<IdempotencyStore::Claim> claimed;
  while (!claimed) {
    try {
      claimed = result(store->claim("k", "a", 1min));
    } catch (std::runtime_error const&) {
    }
  }
  EXPECT_EQ(claimed->found, Found::nothing);
}

}}  // namespace aerie::cluster::redis_idempotency_store_cases
