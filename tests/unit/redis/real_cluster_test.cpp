#include "redis/slots.hpp"
#include "unit/redis/real_server_fixture.hpp"

#include <array>
#include <cstdlib>

namespace aerie::redis { namespace {

/// Three masters, each with a replica.
class RealCluster : public RealServerFixture {
 protected:
  using Options = test::RedisServer::Options;

  void SetUp() override {
    RealServerFixture::SetUp();
    if (IsSkipped()) return;
    std::string create = "redis-cli --cluster create --cluster-replicas 1 --cluster-yes";
    for (auto& node : nodes) {
      node = std::make_unique<test::RedisServer>(
          Options{"--cluster-enabled", "yes", "--cluster-node-timeout", "1000",
                  "--cluster-require-full-coverage", "no", "--repl-diskless-sync-delay", "0"},
          cluster_port());
      create += " 127.0.0.1:" + std::to_string(node->port);
    }
    for (auto& node : nodes) {
      auto const one = make(node->url() + "?topology=single");
      ASSERT_TRUE(until_ready(*one));
    }
    ASSERT_EQ(std::system((create + " >/dev/null 2>&1").c_str()), 0);
    client = make(nodes[0]->url(), [](ClientOptions& options) { options.command_timeout = 20s; });
    // Until every node agrees with the others, and every replica has what its master has.
    for (auto& node : nodes) {
      auto const one = make(node->url() + "?topology=single");
      ASSERT_TRUE(until_ready(*one));
      ASSERT_TRUE(until([&] {
        auto const role = ask(*one, {"ROLE"}).reply;
        return ask(*one, {"CLUSTER", "INFO"}).reply.text().find("cluster_state:ok") !=
                   std::string_view::npos &&
               (role[0].text() == "master" || role[3].text() == "connected");
      }));
    }
    ASSERT_TRUE(until_ready(*client));
  }
  /// The nodes talk to each other on ports that are 10000 higher.
  static std::uint16_t cluster_port() {
    auto port = test::free_port();
    while (port >= 50'000)
      port = test::free_port();
    return port;
  }
  /// The one of the URL's masters that has the slot of a channel.
  test::RedisServer& master_of(std::string_view channel) {
    auto const answer = ask(*client, {"CLUSTER", "SLOTS"});
    auto const map = SlotMap::parse(answer.reply, {.host = "127.0.0.1"});
    auto const port = map->owner(slot_of(channel))->port;
    for (auto& node : nodes) {
      if (node->port == port) return *node;
    }
    std::abort();
  }

  std::array<std::unique_ptr<test::RedisServer>, 6> nodes;
  std::unique_ptr<Client> client;
  std::array<std::string, 3> const channels{"bar", "one", "foo"};  // one for each master
};

TEST_F(RealCluster, CarriesShardedMessagesAlsoAfterAFailover) {
  std::vector<Subscription> subscriptions;
  std::size_t confirmed = 0;
  for (auto const& channel : channels)
    subscriptions.push_back(client->ssubscribe(channel, hear(), [&](bool) { ++confirmed; }));
  subscriptions.push_back(client->subscribe("all", hear(), [&](bool) { ++confirmed; }));
  ASSERT_TRUE(until([&] { return confirmed == 4; }));
  auto const say = [&](std::string const& text) {
    heard.clear();
    for (auto const& channel : channels)
      client->spublish(channel, text + channel);
    client->publish("all", text + "all");
    auto const all = until([&] { return heard.size() == 4; });
    std::sort(heard.begin(), heard.end());
    EXPECT_EQ(heard, (std::vector<std::string>{text + "all", text + "bar", text + "foo", text + "one"}));
    return all;
  };
  ASSERT_TRUE(say("before "));

  // The master of a channel dies: its replica takes over.
  auto& dead = master_of("one");
  dead.kill();
  ASSERT_TRUE(until([&] { return client->state() == State::degraded; }));
  ASSERT_TRUE(until_ready(*client));
  ASSERT_TRUE(say("after "));

  // It comes back as a replica, and is made master again by hand.
  dead.start();
  auto const one = make(dead.url() + "?topology=single");
  ASSERT_TRUE(until([&] {
    auto const role = one->ready() ? ask(*one, {"ROLE"}).reply : Reply();
    return role[0].text() == "slave" && role[3].text() == "connected";
  }));
  EXPECT_TRUE(ask(*one, {"CLUSTER", "FAILOVER", "TAKEOVER"}));
  // What is published in between may be lost. The subscription may stay where it was: replicas have the
  // messages, too.
  ASSERT_TRUE(until([&] {
    if (ask(*one, {"ROLE"}).reply[0].text() != "master") return false;
    heard.clear();
    EXPECT_TRUE(ask(*client, {"SPUBLISH", "one", "again"}));
    auto const end = std::chrono::steady_clock::now() + 100ms;
    while (heard.empty() && std::chrono::steady_clock::now() < end)
      shard.turn(10ms);
    return !heard.empty();
  }));
  ASSERT_TRUE(until_ready(*client));
  EXPECT_EQ(client->stats().dropped, 0U);
  EXPECT_EQ(client->stats().protocol_errors, 0U);
}

TEST_F(RealCluster, FollowsASlotThatIsMoved) {
  std::size_t confirmed = 0;
  auto const subscription = client->ssubscribe("bar", hear(), [&](bool) { ++confirmed; });
  ASSERT_TRUE(until([&] { return confirmed == 1; }));
  EXPECT_EQ(ask(*client, {"SET", "bar", "value"}).reply.text(), "OK");
  auto& from = master_of("bar");
  auto& to = master_of("foo");
  auto const slot = std::to_string(slot_of("bar"));
  auto const at = [&](test::RedisServer& server) {
    auto one = make(server.url() + "?topology=single");
    EXPECT_TRUE(until_ready(*one));
    return one;
  };
  auto const source = at(from);
  auto const target = at(to);
  std::string const source_id(ask(*source, {"CLUSTER", "MYID"}).reply.text());
  std::string const target_id(ask(*target, {"CLUSTER", "MYID"}).reply.text());
  EXPECT_TRUE(ask(*target, {"CLUSTER", "SETSLOT", slot, "IMPORTING", source_id}));
  EXPECT_TRUE(ask(*source, {"CLUSTER", "SETSLOT", slot, "MIGRATING", target_id}));
  auto const port = std::to_string(to.port);
  EXPECT_TRUE(ask(*source, {"MIGRATE", "127.0.0.1", port, "bar", "0", "1000"}));
  // The key has gone ahead of its slot: the source answers ASK.
  EXPECT_EQ(ask(*client, {"GET", "bar"}).reply.text(), "value");
  EXPECT_TRUE(ask(*target, {"CLUSTER", "SETSLOT", slot, "NODE", target_id}));
  EXPECT_TRUE(ask(*source, {"CLUSTER", "SETSLOT", slot, "NODE", target_id}));
  EXPECT_EQ(ask(*client, {"GET", "bar"}).reply.text(), "value");
  ASSERT_TRUE(until([&] { return confirmed == 2 && client->ready(); }));
  client->spublish("bar", "there");
  ASSERT_TRUE(until([&] { return heard == std::vector<std::string>{"there"}; }));
}

}}  // namespace aerie::redis
