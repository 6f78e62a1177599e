#include "cluster/redis_codec.hpp"
#include "unit/cluster/adapter_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace redis_adapter_test { namespace {

using namespace aerie::cluster_test;
using aerie::ClusterState;
using aerie::RedisAdapter;
using aerie::Value;
namespace cluster = aerie::cluster;
using Form = EventPayload::Form;
using Strings = std::vector<std::string>;

class RedisAdapterTest : public AdapterFixture<RedisAdapter> {
 protected:
  std::string from_another(ClusterMessage message) { return cluster::encode_broadcast("others", message); }
  /// The id that our only request has on the wire.
  std::string asked_id() {
    for (auto const& command : commands("PUBLISH socket.io-request#/chat# ")) {
      auto const payload = command.substr(std::string_view("PUBLISH socket.io-request#/chat# ").size());
      auto const request = cluster::decode_request(payload, "/chat");
      if (request) return request->id;
    }
    ADD_FAILURE() << "nothing was asked";
    return {};
  }
};

ClusterMessage hello(Texts rooms = {}) {
  return said(event(Form::msgpack, "said", "hello"), std::move(rooms));
}

TEST_F(RedisAdapterTest, SubscribesToWhatConcernsItsNamespaces) {
  open({"/a*"});
  auto subscribed = commands("");
  auto const has = [&](std::string_view command) {
    return std::any_of(subscribed.begin(), subscribed.end(),
                       [&](auto const& each) { return each.starts_with(command); });
  };
  EXPECT_TRUE(has("PSUBSCRIBE socket.io#/a\\*#*"));
  EXPECT_TRUE(has("SUBSCRIBE socket.io-request#/a*#"));
  EXPECT_TRUE(has("SUBSCRIBE socket.io-response#/a*#"));
  EXPECT_EQ(member.states.back(), ClusterState::ready);

  in_turn([&] { adapter->namespace_closed("/a*"); });
  EXPECT_EQ(commands("PUNSUBSCRIBE").size(), 1U);
}

TEST_F(RedisAdapterTest, PublishesEventsOnTheChannelOfTheirRoom) {
  open();
  commands("");
  publish(hello({"room1"}));
  publish(hello({"room1", "room2"}));
  auto const published = commands("PUBLISH");
  ASSERT_EQ(published.size(), 2U);
  EXPECT_TRUE(published[0].starts_with("PUBLISH socket.io#/chat#room1# ")) << published[0];
  EXPECT_TRUE(published[1].starts_with("PUBLISH socket.io#/chat# ")) << published[1];
  EXPECT_EQ(member.sent, 2U);
  // It hears itself, and leaves it at that.
  EXPECT_TRUE(member.delivered.empty());
  EXPECT_EQ(member.malformed, 0U);
}

TEST_F(RedisAdapterTest, DeliversWhatOthersPublish) {
  open();
  receive("", "socket.io#/chat#room1#", from_another(hello({"room1"})));
  ASSERT_EQ(member.delivered.size(), 1U);
  EXPECT_EQ(member.delivered[0].payload.event(), "said");
  EXPECT_EQ(member.delivered[0].target.rooms, Strings{"room1"});
  receive("", "socket.io-request#/chat#", R"({"type":2,"opts":{"rooms":["a"]},"rooms":["b"]})");
  ASSERT_EQ(member.delivered.size(), 2U);
  EXPECT_EQ(member.delivered[1].action, ClusterAction::join);
  EXPECT_EQ(member.delivered[1].nsp, "/chat");
  receive("", "socket.io-request#/chat#", R"({"uid":"x","type":6,"data":["reload"]})");
  ASSERT_EQ(member.delivered.size(), 3U);
  EXPECT_EQ(member.delivered[2].action, ClusterAction::server_side);
  EXPECT_EQ(member.received, 3U);
}

TEST_F(RedisAdapterTest, CountsWhatIsNoMessage) {
  open();
  receive("", "socket.io#/chat#", "garbage");
  receive("", "socket.io-request#/chat#", "{");
  receive("", "socket.io-response#/chat#", "[]");
  EXPECT_EQ(member.malformed, 3U);
  EXPECT_TRUE(member.delivered.empty());
}

TEST_F(RedisAdapterTest, CountsWhoIsAskedBeforeItAsks) {
  open();
  servers(4);
  commands("");
  request(fetching({"room1"}));
  auto const all = commands("PUB");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0], "PUBSUB NUMSUB socket.io-request#/chat#");
  EXPECT_TRUE(all[1].starts_with("PUBLISH socket.io-request#/chat# ")) << all[1];
  EXPECT_EQ(member.notes, Strings{"expect 3 #7"});
}

TEST_F(RedisAdapterTest, GivesAnswersToTheRequestThatTheyBelongTo) {
  open();
  request(fetching());
  auto const id = asked_id();
  receive("", "socket.io-response#/chat#", R"({"requestId":"other","sockets":[{"id":"x"}]})");
  receive("", "socket.io-response#/chat#", R"({"requestId":")" + id + R"(","sockets":[{"id":"s"}]})");
  EXPECT_EQ(member.notes, (Strings{"expect 1 #7", "answered #7"}));
  ASSERT_EQ(member.responses.size(), 1U);
  EXPECT_EQ(member.responses[0].sockets.at(0).id, "s");
  in_turn([&] { adapter->request_ended(7); });
  receive("", "socket.io-response#/chat#", R"({"requestId":")" + id + R"(","sockets":[]})");
  EXPECT_EQ(member.responses.size(), 1U);
}

TEST_F(RedisAdapterTest, AServerThatGoesIsNotWaitedFor) {
  open();
  servers(3);
  request(fetching());
  pass(250ms);
  EXPECT_EQ(member.notes, Strings{"expect 2 #7"});
  servers(2);
  pass(250ms);
  EXPECT_EQ(member.notes, (Strings{"expect 2 #7", "gone #7"}));
}

TEST_F(RedisAdapterTest, ServersAreCountedAgainOnlyWhileSomebodyIsWaitedFor) {
  open();
  request(fetching());
  pass(250ms);
  EXPECT_EQ(commands("PUBSUB").size(), 2U);
  in_turn([&] { adapter->request_ended(7); });
  for (int i = 0; i < 8; ++i)
    pass(250ms);
  EXPECT_TRUE(commands("PUBSUB").empty());
}

TEST_F(RedisAdapterTest, WaitsForServersAsLongAsIsSet) {
  options.requests_timeout = 2s;
  open();
  request(telling(event(Form::msgpack, "question")));
  for (int i = 0; i < 7; ++i)
    pass(250ms);
  EXPECT_EQ(member.notes, Strings{"expect 1 #7"});
  pass(250ms);
  EXPECT_EQ(member.notes, (Strings{"expect 1 #7", "gone #7"}));
}

TEST_F(RedisAdapterTest, ClientsHaveTheTimeThatTheirBroadcastSays) {
  options.requests_timeout = 1s;
  open();
  request(asking(hello(), 60'000));
  for (int i = 0; i < 40; ++i)
    pass(250ms);
  EXPECT_EQ(member.notes, Strings{"expect 1 #7"});
}

TEST_F(RedisAdapterTest, WithoutRedisNobodyCanBeAsked) {
  redis.up = false;
  open();
  EXPECT_NE(member.states.back(), ClusterState::ready);
  EXPECT_FALSE(member.last_reason.empty());
  request(fetching());
  EXPECT_EQ(member.notes, Strings{"unreachable #7"});
  std::size_t servers = 0;
  in_turn([&] { adapter->count_servers([&](std::size_t count) { servers = count; }); });
  EXPECT_EQ(servers, 1U);

  publish(hello());
  EXPECT_EQ(member.lost, 0U);
  for (int i = 0; i < 12; ++i)
    pass(500ms);
  EXPECT_EQ(member.lost, 1U);
  redis.up = true;
  for (int i = 0; i < 20; ++i)
    pass(500ms);
  EXPECT_EQ(member.states.back(), ClusterState::ready);
  // A fetch that nobody waits for is not sent late.
  EXPECT_TRUE(commands("PUBLISH socket.io-request").empty());
}

TEST_F(RedisAdapterTest, TellsHowManyServersThereAre) {
  open();
  servers(5);
  std::size_t servers = 0;
  in_turn([&] { adapter->count_servers([&](std::size_t count) { servers = count; }); });
  EXPECT_EQ(servers, 5U);
}

TEST_F(RedisAdapterTest, AnswersRequestsOfOthers) {
  open();
  commands("");
  receive("", "socket.io-request#/chat#",
          R"({"uid":"asker1","requestId":"q","type":5,"opts":{"rooms":["r"]}})");
  ASSERT_EQ(member.asked.size(), 1U);
  EXPECT_EQ(member.asked[0].action, ClusterAction::fetch);
  EXPECT_NE(member.asked[0].request, 0U);
  in_turn([&] { member.responders[0](details({})); });
  EXPECT_EQ(commands("PUBLISH"),
            Strings{R"(PUBLISH socket.io-response#/chat# {"requestId":"q","sockets":[]})"});
}

TEST_F(RedisAdapterTest, AnswersWhoHasAskedAloneIfThatIsSet) {
  options.publish_on_specific_response_channel = true;
  options.key = "k";
  open();
  commands("");
  receive("", "k-request#/chat#", R"({"uid":"asker1","requestId":"q","type":5,"opts":{}})");
  receive("", "k-request#/chat#", R"({"uid":"asker1","requestId":"p","type":6,"data":["question"]})");
  ASSERT_EQ(member.responders.size(), 2U);
  in_turn([&] {
    member.responders[0](details({}));
    member.responders[1](answer(ClusterResponse::Type::server_side, 1));
  });
  EXPECT_EQ(commands("PUBLISH"),
            (Strings{R"(PUBLISH k-response#/chat#asker1# {"requestId":"q","sockets":[]})",
                     R"(PUBLISH k-response#/chat# {"type":6,"requestId":"p","data":1})"}));
}

TEST_F(RedisAdapterTest, SaysNothingOfClientsThatHaveLeft) {
  open();
  commands("");
  auto const asked = cluster::encode_request("asker1", "q", asking(hello()));
  receive("", "socket.io-request#/chat#", asked);
  ASSERT_EQ(member.responders.size(), 1U);
  in_turn([&] {
    member.responders[0](count(1));
    auto left = answer(ClusterResponse::Type::ack, Value());
    left.error = aerie::AckError::disconnected;
    member.responders[0](left);
  });
  EXPECT_EQ(commands("PUBLISH").size(), 1U);
}

TEST_F(RedisAdapterTest, TellsEarlierVersionsTheNamesOfRoomsAndSockets) {
  open();
  commands("");
  receive("", "socket.io-request#/#", R"({"uid":"asker1","requestId":"q","type":1})");
  receive("", "socket.io-request#/#", R"({"uid":"asker1","requestId":"p","type":0,"rooms":["a"]})");
  ASSERT_EQ(member.responders.size(), 2U);
  auto const sockets = details({{"s", {}, Texts{"s", "a"}, {}}, {"t", {}, Texts{"t", "a"}, {}}});
  in_turn([&] {
    member.responders[0](sockets);
    member.responders[1](sockets);
  });
  EXPECT_EQ(commands("PUBLISH"),
            (Strings{R"(PUBLISH socket.io-response#/# {"requestId":"q","rooms":["s","a","t"]})",
                     R"(PUBLISH socket.io-response#/# {"requestId":"p","sockets":["s","t"]})"}));
}

TEST_F(RedisAdapterTest, WritesAndReadsWithTheParserThatItIsGiven) {
  options.parser = {.encode = [](Value const& value) { return aerie::json::stringify(value); },
                    .decode = [](std::string_view text) -> std::optional<Value> {
                      Value value;
                      if (!aerie::json::parse(text, value).ok()) return std::nullopt;
                      return value;
                    }};
  open();
  commands("");
  publish(hello());
  auto const published = commands("PUBLISH");
  ASSERT_EQ(published.size(), 1U);
  EXPECT_NE(published[0].find(R"({"type":2,"data":["said","hello"],"nsp":"/chat"})"), std::string::npos)
      << published[0];
  receive("", "socket.io#/chat#", R"(["others",{"type":2,"data":["said"],"nsp":"/chat"},{}])");
  EXPECT_EQ(member.delivered.size(), 1U);
}

TEST_F(RedisAdapterTest, ClosesWhenRedisHasWhatWasSent) {
  open();
  bool closed = false;
  shard().post([&] {
    adapter->publish(std::make_shared<ClusterMessage const>(hello()));
    adapter->close([&] { closed = true; });
  });
  run();
  EXPECT_TRUE(closed);
  EXPECT_EQ(commands("PUBLISH socket.io#/chat#").size(), 1U);
  EXPECT_EQ(member.states.back(), ClusterState::closed);
  EXPECT_EQ(redis.connections(), 0U);

  // And it may begin again.
  in_turn([&] {
    adapter->open();
    adapter->namespace_created("/chat");
  });
  EXPECT_EQ(member.states.back(), ClusterState::ready);
  receive("", "socket.io#/chat#", from_another(hello()));
  EXPECT_EQ(member.delivered.size(), 1U);
}

TEST_F(RedisAdapterTest, ClosesSoonWithoutRedis) {
  redis.up = false;
  open();
  bool closed = false;
  in_turn([&] { adapter->close([&] { closed = true; }); });
  pass(10ms);
  EXPECT_TRUE(closed);
}

TEST_F(RedisAdapterTest, RefusesImpossibleSettings) {
  auto const refused = [&](RedisAdapter const& impossible, std::string_view setting) {
    try {
      impossible(member);
      ADD_FAILURE() << setting;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string_view(error.what()).find(setting), std::string_view::npos) << error.what();
    }
  };
  refused({.key = ""}, "key");
  refused({.requests_timeout = 0ms}, "requests_timeout");
  refused({.parser = {.encode = [](Value const&) { return std::string(); }, .decode = {}}}, "parser");
  refused({.url = "http://localhost"}, "redis://");
  refused({.signing = {.keys = {"secret"}}}, "signing");
  refused({.signing = {.keys = {std::string(32, 'k')}, .max_age = 6s}, .client = {.command_timeout = 6s}},
          "client.command_timeout");
}

}}  // namespace redis_adapter_test
