#include "unit/cluster/redis_store_fixture.hpp"

#include <aerie/cluster/redis_throttle_store.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/spawn.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace aerie::cluster { namespace redis_throttle_store_cases {

using namespace std::chrono_literals;
using Wait = std::optional<core::Milliseconds>;

class RedisThrottle : public test::RedisStoreFixture<RedisThrottleStore, RedisThrottleOptions> {
 protected:
  Wait count(ThrottleStore& store, std::string key, ThrottleLimit limit) {
    return result(store.count(std::move(key), limit));
  }
};

TEST_F(RedisThrottle, CountsForAllServersTogether) {
  auto const here = make();
  auto const there = make();
  ThrottleLimit const limit{3, 1min, 0ms};
  EXPECT_EQ(count(*here, "ada", limit), std::nullopt);
  EXPECT_EQ(count(*there, "ada", limit), std::nullopt);
  EXPECT_EQ(count(*here, "ada", limit), std::nullopt);
  auto const wait = count(*there, "ada", limit);
  ASSERT_TRUE(wait);
  EXPECT_GT(*wait, 0ms);
  EXPECT_LE(*wait, 1min);
  EXPECT_EQ(count(*there, "bob", limit), std::nullopt);
  // What was refused has not made it longer.
  EXPECT_LE(count(*here, "ada", limit), wait);
}

TEST_F(RedisThrottle, BeginsAnewWhenTheWindowIsOver) {
  auto const store = make();
  ThrottleLimit const limit{1, 1ms, 0ms};
  EXPECT_EQ(count(*store, "ada", limit), std::nullopt);
  while (count(*store, "ada", limit)) {
  }
}

TEST_F(RedisThrottle, BlocksFromTheMomentThatIsTooMuch) {
  auto const store = make();
  ThrottleLimit const limit{1, 1min, 1h};
  EXPECT_EQ(count(*store, "ada", limit), std::nullopt);
  EXPECT_EQ(count(*store, "ada", limit), 1h);
  auto const wait = count(*store, "ada", limit);
  ASSERT_TRUE(wait);
  EXPECT_GT(*wait, 1min) << "the block counts, not the window";
  EXPECT_LE(*wait, 1h);
  // A block that ends lets the next one through.
  ThrottleLimit const quick{1, 1min, 1ms};
  EXPECT_EQ(count(*store, "bob", quick), std::nullopt);
  EXPECT_EQ(count(*store, "bob", quick), 1ms);
  while (count(*store, "bob", quick)) {
  }
}

TEST_F(RedisThrottle, ThrowsWhileRedisCannotBeReachedAndGoesOnAfterwards) {
  timeout = 100ms;
  auto const store = make();
  // More than is counted here: what timed out may have been counted.
  ThrottleLimit const limit{1000, 1min, 0ms};
  server->kill();
  EXPECT_THROW(static_cast<void>(count(*store, "ada", limit)), std::runtime_error);
  server->start();
  bool counted = false;
  while (!counted) {
    try {
      EXPECT_EQ(count(*store, "ada", limit), std::nullopt);
      counted = true;
    } catch (std::runtime_error const&) {
    }
  }
}

}}  // namespace aerie::cluster::redis_throttle_store_cases
