#include "cluster/id_watch.hpp"

#include "unit/cluster/adapter_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace id_watch_test { namespace {

using namespace aerie::cluster_test;
using aerie::ClusterState;
using aerie::RedisAdapter;
using aerie::RedisShardedAdapter;
using aerie::cluster::IdWatch;
using Heard = IdWatch::Heard;
using Kind = IdWatch::Kind;

aerie::core::TimePoint const now{1h};

TEST(IdWatch, KnowsItsOwnGreetingsOnce) {
  IdWatch watch("me");
  auto const first = watch.greeting(1, Kind::question);
  auto const second = watch.greeting(2, Kind::answer);
  EXPECT_EQ(watch.hear(second, now), Heard::own);
  EXPECT_EQ(watch.hear(first, now), Heard::own);
  EXPECT_FALSE(watch.conflict(now));
  EXPECT_EQ(watch.hear(first, now), Heard::question);
  EXPECT_TRUE(watch.conflict(now));
}

TEST(IdWatch, GreetingsOfAnotherWithItsIdAreAConflictForAWhile) {
  IdWatch watch("me");
  IdWatch twin("me");
  EXPECT_EQ(watch.hear(twin.greeting(1, Kind::question), now), Heard::question);
  EXPECT_EQ(watch.hear(twin.greeting(2, Kind::answer), now + 1s), Heard::answer);
  EXPECT_TRUE(watch.conflict(now + 1s + IdWatch::memory - 1ms));
  EXPECT_FALSE(watch.conflict(now + 1s + IdWatch::memory));
  EXPECT_EQ(watch.hear(twin.greeting(3, Kind::answer), now + 1h), Heard::answer);
  watch.reset();
  EXPECT_FALSE(watch.conflict(now + 1h));
}

TEST(IdWatch, WhatIsNoGreetingToThisIdIsNothing) {
  IdWatch watch("me");
  IdWatch other("you");
  for (auto const& text : {std::string(), std::string("{"), other.greeting(1, Kind::question),
                           std::string(R"({"requestId":"x","sockets":[]})")})
    EXPECT_EQ(watch.hear(text, now), Heard::nothing) << text;
  EXPECT_FALSE(watch.conflict(now));
}

struct PubSub {
  using Options = RedisAdapter;
  static constexpr std::string_view kind = "";
  static constexpr char const* channel_beginning = "socket.io-response#/#";
};
struct Sharded {
  using Options = RedisShardedAdapter;
  static constexpr std::string_view kind = "s";
  static constexpr char const* channel_beginning = "socket.io#/#";
};

template <class Adapter>
class SameId : public AdapterFixture<typename Adapter::Options> {
 protected:
  /// The greetings that were sent since the last call; `channel` is where they went.
  std::size_t greetings(std::string_view kind) {
    std::size_t count = 0;
    for (auto const& command : this->commands("")) {
      auto const at = command.find(Adapter::channel_beginning);
      if (!command.starts_with("PUBLISH") && !command.starts_with("SPUBLISH")) continue;
      if (at == std::string::npos || command.find(kind) == std::string::npos) continue;
      channel = command.substr(at, command.find(' ', at) - at);
      ++count;
    }
    return count;
  }
  void twin_says(Kind kind) {
    auto const id = channel.substr(std::string_view(Adapter::channel_beginning).size());
    IdWatch twin(id.substr(0, id.size() - 1));
    this->receive(Adapter::kind, channel, twin.greeting(++numbers, kind));
  }

  std::string channel;
  std::uint64_t numbers = 0;
};
using Adapters = testing::Types<PubSub, Sharded>;
TYPED_TEST_SUITE(SameId, Adapters);

constexpr std::string_view question = R"("question":true)";
constexpr std::string_view answer = R"("question":false)";

TYPED_TEST(SameId, WhoIsAloneWithItsIdIsReadyAndCountsNothing) {
  this->open();
  EXPECT_EQ(this->greetings(question), 1U);
  EXPECT_EQ(this->member.states.back(), ClusterState::ready);
  EXPECT_EQ(this->member.id_conflicts, 0U);
  EXPECT_EQ(this->member.sent, 0U);
  EXPECT_EQ(this->member.malformed, 0U);
  EXPECT_TRUE(this->log.empty()) << this->log.front();
}

TYPED_TEST(SameId, BothAreToldAndReadyAgainWhenOneHasGone) {
  this->open();
  ASSERT_EQ(this->greetings(question), 1U);
  this->twin_says(Kind::question);
  EXPECT_EQ(this->greetings(answer), 1U);
  EXPECT_EQ(this->member.states.back(), ClusterState::degraded);
  EXPECT_NE(this->member.last_reason.find("has the id of this one"), std::string::npos);
  EXPECT_EQ(this->member.id_conflicts, 1U);
  EXPECT_EQ(std::ranges::count_if(
                this->log,
                [](auto const& line) { return line.find("has the id of this one") != std::string::npos; }),
            1);

  // While the other is there, it is asked and answers; an answer is not answered.
  for (int i = 0; i < 6; ++i) {
    this->pass(10s);
    EXPECT_EQ(this->greetings(question), 1U) << i;
    this->twin_says(Kind::answer);
    EXPECT_EQ(this->greetings(answer), 0U) << i;
    EXPECT_EQ(this->member.states.back(), ClusterState::degraded) << i;
  }
  for (int i = 0; i < 3; ++i)
    this->pass(10s);
  EXPECT_EQ(this->member.states.back(), ClusterState::ready);
  this->greetings(question);
  for (int i = 0; i < 6; ++i)
    this->pass(10s);
  EXPECT_EQ(this->greetings(question), 0U);
}

TYPED_TEST(SameId, EveryReturnToRedisAsksAgain) {
  this->open();
  ASSERT_EQ(this->greetings(question), 1U);
  this->redis.cut();
  for (int i = 0; i < 30; ++i)
    this->pass(100ms);
  EXPECT_EQ(this->member.states.back(), ClusterState::ready);
  EXPECT_EQ(this->greetings(question), 1U);
}

}}  // namespace id_watch_test
