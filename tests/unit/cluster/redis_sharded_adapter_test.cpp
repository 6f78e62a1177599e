#include "cluster/sharded_codec.hpp"
#include "unit/cluster/adapter_fixture.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace redis_sharded_adapter_test { namespace {

using namespace aerie::cluster_test;
using aerie::Adapter;
using aerie::ClusterState;
using aerie::RedisShardedAdapter;
using aerie::cluster::SubscriptionMode;
namespace cluster = aerie::cluster;
using Form = EventPayload::Form;
using Strings = std::vector<std::string>;

class RedisShardedAdapterTest : public AdapterFixture<RedisShardedAdapter> {};

ClusterMessage hello(Texts rooms = {}) {
  return said(event(Form::json, "said", "hello"), std::move(rooms));
}

TEST_F(RedisShardedAdapterTest, SubscribesToItsNamespacesAndItself) {
  open({"/chat"});
  auto const subscribed = commands("SSUBSCRIBE");
  EXPECT_EQ(
      (std::set(subscribed.begin(), subscribed.end())),
      (std::set<std::string>{"SSUBSCRIBE socket.io#/chat#", "SSUBSCRIBE socket.io#/chat#0123456789abcdef#"}));
  EXPECT_EQ(member.states.back(), ClusterState::ready);
}

TEST_F(RedisShardedAdapterTest, SubscribesToRoomsAsTheModeSays) {
  struct {
    SubscriptionMode mode;
    Adapter::RoomInterest interest;
  } const cases[] = {{SubscriptionMode::static_, Adapter::RoomInterest::none},
                     {SubscriptionMode::dynamic, Adapter::RoomInterest::named},
                     {SubscriptionMode::dynamic_private, Adapter::RoomInterest::all}};
  for (auto const& each : cases) {
    RedisShardedAdapter const made{.subscription_mode = each.mode};
    EXPECT_EQ(made(member)->room_interest(), each.interest);
  }

  open({"/chat"});
  commands("");
  in_turn([&] {
    adapter->room_created("/chat", "room1");
    adapter->room_created("/unknown", "room1");
  });
  EXPECT_EQ(commands("SSUBSCRIBE"), Strings{"SSUBSCRIBE socket.io#/chat#room1#"});
  receive("s", "socket.io#/chat#room1#", cluster::encode_sharded("others", "", hello({"room1"})));
  EXPECT_EQ(member.delivered.size(), 1U);
  in_turn([&] { adapter->room_deleted("/chat", "room1"); });
  EXPECT_EQ(commands("SUNSUBSCRIBE"), Strings{"SUNSUBSCRIBE socket.io#/chat#room1#"});
}

TEST_F(RedisShardedAdapterTest, ANamespaceThatEndsTakesItsRoomsAlong) {
  open({"/chat"});
  in_turn([&] { adapter->room_created("/chat", "room1"); });
  commands("");
  in_turn([&] { adapter->namespace_closed("/chat"); });
  EXPECT_EQ(commands("SUNSUBSCRIBE").size(), 3U);
}

TEST_F(RedisShardedAdapterTest, PublishesJsonUnlessSomethingIsBinary) {
  open();
  EXPECT_EQ(adapter->payload_form(false), Form::json);
  EXPECT_EQ(adapter->payload_form(true), Form::msgpack);
  commands("");
  publish(hello({"room1"}));
  EXPECT_EQ(
      commands("SPUBLISH"),
      Strings{
          R"(SPUBLISH socket.io#/chat#room1# {"type":3,"data":{"packet":{"type":2,"data":["said","hello"]},)"
          R"("opts":{"rooms":["room1"],"except":[],"flags":{}}},"uid":"0123456789abcdef","nsp":"/chat"})"});
  EXPECT_EQ(member.sent, 1U);
  EXPECT_TRUE(member.delivered.empty());
}

TEST_F(RedisShardedAdapterTest, AsksAndIsAnsweredOnItsOwnChannel) {
  open();
  servers(3);
  commands("");
  request(fetching());
  auto const sent = commands("");
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0], "PUBSUB SHARDNUMSUB socket.io#/chat#");
  EXPECT_NE(sent[1].find(R"("requestId":"0000000000000007")"), std::string::npos) << sent[1];
  auto const response = cluster::encode_sharded("others", "/chat", "0000000000000007", details({}));
  receive("s", "socket.io#/chat#0123456789abcdef#", response);
  EXPECT_EQ(member.notes, (Strings{"expect 2 #7", "answered #7"}));
  EXPECT_EQ(member.responses.at(0).server, "others");
  // What belongs to nobody.
  receive("s", "socket.io#/chat#0123456789abcdef#",
          cluster::encode_sharded("others", "/chat", "0000000000000008", details({})));
  EXPECT_EQ(member.responses.size(), 1U);
  EXPECT_EQ(member.malformed, 0U);
}

TEST_F(RedisShardedAdapterTest, AnswersOnTheChannelOfWhoHasAsked) {
  open();
  commands("");
  auto asked = fetching();
  receive("s", "socket.io#/chat#", cluster::encode_sharded("asker", "q", asked));
  ASSERT_EQ(member.responders.size(), 1U);
  in_turn([&] { member.responders[0](details({})); });
  EXPECT_EQ(commands("SPUBLISH"),
            Strings{R"(SPUBLISH socket.io#/chat#asker# {"type":8,"data":{"requestId":"q","sockets":[]},)"
                    R"("uid":"0123456789abcdef","nsp":"/chat"})"});
}

TEST_F(RedisShardedAdapterTest, CountsWhatIsNoMessageAndIgnoresHeartbeats) {
  open();
  receive("s", "socket.io#/chat#", "garbage");
  receive("s", "socket.io#/chat#", R"({"type":2,"uid":"others","nsp":"/chat"})");
  receive("s", "socket.io#/chat#", R"({"type":3,"uid":"others","nsp":"/other"})");
  EXPECT_EQ(member.malformed, 1U);
  EXPECT_TRUE(member.delivered.empty());
}

TEST_F(RedisShardedAdapterTest, RefusesImpossibleSettings) {
  EXPECT_THROW(RedisShardedAdapter{.channel_prefix = ""}(member), std::invalid_argument);
  EXPECT_THROW(RedisShardedAdapter{.requests_timeout = 0ms}(member), std::invalid_argument);
}

}}  // namespace redis_sharded_adapter_test
