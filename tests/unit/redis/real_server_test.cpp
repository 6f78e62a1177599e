#include "unit/redis/real_server_fixture.hpp"

namespace aerie::redis { namespace {

using RealRedis = RealServerFixture;

TEST_F(RealRedis, DoesCommandsAndCarriesMessages) {
  test::RedisServer const server;
  auto const client = make(server.url());
  ASSERT_TRUE(until_ready(*client));
  std::string const bytes("\0\r\n\xff", 4);
  EXPECT_EQ(ask(*client, {"SET", "key", bytes}).reply.text(), "OK");
  EXPECT_EQ(ask(*client, {"GET", "key"}).reply.text(), bytes);
  EXPECT_TRUE(ask(*client, {"GET", "none"}).reply.is_nil());
  EXPECT_EQ(ask(*client, {"INCR", "key"}).reply.error_code(), "ERR");
  EXPECT_EQ(ask(*client, {"RPUSH", "list", "a", "b"}).reply.integer(), 2);
  EXPECT_EQ(ask(*client, {"LRANGE", "list", "0", "-1"}).reply,
            Reply::array({Reply::string("a"), Reply::string("b")}));

  int confirmed = 0;
  auto const count = [&](bool) { ++confirmed; };
  auto const a = client->subscribe("ch", hear(), count);
  auto const b = client->psubscribe("c?", hear(), count);
  auto const c = client->ssubscribe("ch", hear(), count);
  ASSERT_TRUE(until([&] { return confirmed == 3; }));
  client->publish("ch", bytes);
  client->spublish("ch", std::string(3'000'000, 'x'));
  ASSERT_TRUE(until([&] { return heard.size() == 3; }));
  EXPECT_EQ(heard[0], bytes);
  EXPECT_EQ(heard[1], bytes);
  EXPECT_EQ(heard[2].size(), 3'000'000U);
}

TEST_F(RealRedis, KeepsTheOrderOfManyMessages) {
  test::RedisServer const server;
  auto const client = make(server.url());
  bool confirmed = false;
  auto const a = client->subscribe("ch", hear(), [&](bool) { confirmed = true; });
  ASSERT_TRUE(until([&] { return confirmed; }));
  constexpr std::size_t many = 20'000;
  for (std::size_t i = 0; i < many; ++i)
    client->publish("ch", std::to_string(i));
  ASSERT_TRUE(until([&] { return heard.size() == many; }));
  for (std::size_t i = 0; i < many; ++i)
    ASSERT_EQ(heard[i], std::to_string(i));
  EXPECT_EQ(client->stats().dropped, 0U);
}

TEST_F(RealRedis, EntersAsAUserAndAsksForADatabase) {
  test::RedisServer const server(
      {"--requirepass", "pass word", "--user", "app", "on", ">se/cret", "~*", "&*", "+@all"});
  auto const nobody = make(server.url());
  ASSERT_TRUE(until([&] { return nobody->last_change().trouble == Trouble::not_authenticated; }));
  auto const wrong = make(server.url("app:wrong@"));
  ASSERT_TRUE(until([&] { return wrong->last_change().trouble == Trouble::not_authenticated; }));
  auto const standard = make(server.url(":pass%20word@"));
  ASSERT_TRUE(until_ready(*standard));
  auto const app = make(server.url("app:se%2Fcret@") + "/5");
  ASSERT_TRUE(until_ready(*app));
  EXPECT_EQ(ask(*app, {"ACL", "WHOAMI"}).reply.text(), "app");
  EXPECT_NE(ask(*app, {"CLIENT", "INFO"}).reply.text().find(" db=5 "), std::string_view::npos);
  EXPECT_NE(ask(*app, {"CLIENT", "INFO"}).reply.text().find(" name=aerie "), std::string_view::npos);
}

TEST_F(RealRedis, AUserWithFewRightsIsToldWhatIsMissing) {
  test::RedisServer const server(
      {"--user", "app", "on", ">p", "resetchannels", "&allowed", "-@all", "+subscribe", "+publish"});
  auto const client = make(server.url("app:p@"));
  bool confirmed = false;
  auto const allowed = client->subscribe("allowed", hear(), [&](bool) { confirmed = true; });
  ASSERT_TRUE(until([&] { return confirmed; }));
  auto const other = client->subscribe("other", hear());
  ASSERT_TRUE(until([&] { return client->last_change().trouble == Trouble::no_permission; }));
  EXPECT_EQ(ask(*client, {"PUBLISH", "other", "x"}).reply.error_code(), "NOPERM");
  EXPECT_EQ(ask(*client, {"PUBLISH", "allowed", "x"}).reply.integer(), 1);
}

TEST_F(RealRedis, ConnectsThroughAUnixSocket) {
  test::RedisServer const server({"--unixsocket", "redis.sock"});
  auto const client = make("unix:" + (server.folder / "redis.sock").string());
  ASSERT_TRUE(until_ready(*client));
  EXPECT_EQ(ask(*client, {"PING"}).reply.text(), "PONG");
}

TEST_F(RealRedis, ComesBackAfterARestart) {
  test::RedisServer server;
  auto const client = make(server.url());
  std::vector<bool> confirmed;
  auto const a = client->subscribe("ch", hear(), [&](bool again) { confirmed.push_back(again); });
  ASSERT_TRUE(until([&] { return confirmed.size() == 1; }));
  server.kill();
  ASSERT_TRUE(until([&] { return client->state() == State::degraded; }));
  server.start();
  ASSERT_TRUE(until_ready(*client));
  EXPECT_EQ(confirmed, (std::vector<bool>{false, true}));
  client->publish("ch", "after");
  ASSERT_TRUE(until([&] { return heard == std::vector<std::string>{"after"}; }));
}

TEST_F(RealRedis, SubscribesAnewWhenItsSubscriberIsKilled) {
  test::RedisServer const server;
  auto const client = make(server.url());
  int confirmed = 0;
  auto const a = client->subscribe("ch", hear(), [&](bool) { ++confirmed; });
  ASSERT_TRUE(until([&] { return confirmed == 1; }));
  EXPECT_EQ(ask(*client, {"CLIENT", "KILL", "TYPE", "pubsub"}).reply.integer(), 1);
  ASSERT_TRUE(until([&] { return confirmed == 2 && client->ready(); }));
  EXPECT_EQ(client->stats().gaps, 1U);
  client->publish("ch", "x");
  ASSERT_TRUE(until([&] { return heard.size() == 1; }));
}

TEST_F(RealRedis, NoticesThatItsSubscriberWasCutForBeingSlow) {
  test::RedisServer const server;
  auto const client = make(server.url());
  int confirmed = 0;
  auto const a = client->subscribe("ch", hear(), [&](bool) { ++confirmed; });
  ASSERT_TRUE(until([&] { return confirmed == 1; }));
  EXPECT_EQ(ask(*client, {"CONFIG", "SET", "client-output-buffer-limit", "pubsub 1000 1000 1"}).reply.text(),
            "OK");
  client->publish("ch", std::string(20'000'000, 'x'));
  ASSERT_TRUE(until([&] { return confirmed == 2 && client->ready(); }));
  EXPECT_EQ(client->stats().gaps, 1U);
}

TEST_F(RealRedis, GivesUpAServerThatIsStopped) {
  test::RedisServer server;
  auto const client = make(server.url(), [](ClientOptions& options) {
    options.ping_interval = 50ms;
    options.connect_timeout = 100ms;
    options.command_timeout = 200ms;
  });
  ASSERT_TRUE(until_ready(*client));
  server.pause();
  Answer answer;
  bool answered = false;
  client->command({"PING"}, [&](Answer given) {
    answer = std::move(given);
    answered = true;
  });
  ASSERT_TRUE(until([&] { return answered; }));
  EXPECT_EQ(answer.error, CommandError::connection_lost);
  ASSERT_TRUE(until([&] { return client->last_change().trouble == Trouble::unresponsive; }));
  server.resume();
  ASSERT_TRUE(until_ready(*client));
}

TEST_F(RealRedis, LeavesAServerThatHasBecomeAReplica) {
  test::RedisServer const master;
  test::RedisServer const server;
  auto const client = make(server.url());
  ASSERT_TRUE(until_ready(*client));
  auto const port = std::to_string(master.port);
  EXPECT_EQ(ask(*client, {"REPLICAOF", "127.0.0.1", port}).reply.text(), "OK");
  EXPECT_EQ(ask(*client, {"SET", "a", "b"}).reply.error_code(), "READONLY");
  EXPECT_EQ(client->last_change().trouble, Trouble::read_only);
  ASSERT_TRUE(until_ready(*client));
  EXPECT_EQ(ask(*client, {"REPLICAOF", "NO", "ONE"}).reply.text(), "OK");
  EXPECT_EQ(ask(*client, {"SET", "a", "b"}).reply.text(), "OK");
}

TEST_F(RealRedis, SaysThatThereIsNoRoom) {
  test::RedisServer const server({"--maxclients", "1"});
  auto const first = make(server.url());
  ASSERT_TRUE(until_ready(*first));
  auto const second = make(server.url());
  ASSERT_TRUE(until([&] { return second->last_change().trouble == Trouble::refused; }));
  EXPECT_NE(second->last_change().reason.find("max number of clients"), std::string::npos);
}

TEST_F(RealRedis, SaysThatThereIsNoSuchDatabase) {
  test::RedisServer const server;
  auto const client = make(server.url() + "/99");
  ASSERT_TRUE(until([&] { return client->last_change().trouble == Trouble::refused; }));
  EXPECT_NE(client->last_change().reason.find("DB index is out of range"), std::string::npos);
}

}}  // namespace aerie::redis
