#include "unit/redis/real_server_fixture.hpp"

#include <array>

namespace aerie::redis { namespace {

using RealSentinel = RealServerFixture;

TEST_F(RealSentinel, TheMasterIsFoundAndFollowed) {
  test::RedisServer master;
  test::RedisServer const replica(
      {"--replicaof", "127.0.0.1 " + std::to_string(master.port), "--repl-diskless-sync-delay", "0"});
  auto const at_replica = make(replica.url());
  ASSERT_TRUE(until_ready(*at_replica));
  ASSERT_TRUE(until([&] { return ask(*at_replica, {"ROLE"}).reply[3].text() == "connected"; }));

  std::array<std::unique_ptr<test::RedisServer>, 3> sentinels;
  std::string url = "redis://";
  for (auto& sentinel : sentinels) {
    sentinel = test::RedisServer::sentinel("sentinel monitor mine 127.0.0.1 " + std::to_string(master.port) +
                                           " 2\nsentinel down-after-milliseconds mine 300\n"
                                           "sentinel failover-timeout mine 3000\n");
    url += (url.size() > 8 ? ",127.0.0.1:" : "127.0.0.1:") + std::to_string(sentinel->port);
  }
  auto const client = make(url + "?topology=sentinel&master=mine");
  std::size_t confirmed = 0;
  auto const subscription = client->subscribe("ch", hear(), [&](bool) { ++confirmed; });
  ASSERT_TRUE(until([&] { return confirmed == 1; }));
  EXPECT_EQ(ask(*client, {"SET", "key", "value"}).reply.text(), "OK");

  // The sentinels must know of each other, and of the replica, before they can act.
  auto const at_sentinel = make(sentinels[0]->url() + "?topology=single");
  ASSERT_TRUE(until_ready(*at_sentinel));
  ASSERT_TRUE(until([&] {
    return ask(*at_sentinel, {"SENTINEL", "SENTINELS", "mine"}).reply.size() == 2 &&
           ask(*at_sentinel, {"SENTINEL", "REPLICAS", "mine"}).reply.size() == 1;
  }));
  master.kill();
  ASSERT_TRUE(until([&] { return client->state() == State::degraded; }));
  ASSERT_TRUE(until([&] { return confirmed == 2 && client->ready(); })) << client->last_change().reason;
  EXPECT_EQ(ask(*client, {"ROLE"}).reply[0].text(), "master");
  EXPECT_EQ(ask(*client, {"SET", "key", "other"}).reply.text(), "OK");
  client->publish("ch", "after");
  ASSERT_TRUE(until([&] { return heard == std::vector<std::string>{"after"}; }));
}

}}  // namespace aerie::redis
