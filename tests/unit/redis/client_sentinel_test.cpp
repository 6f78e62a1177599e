#include "unit/redis/client_fixture.hpp"

namespace aerie::redis { namespace {

/// Two sentinels, s and t, and two servers, a and b, of which a is the master at first.
class RedisSentinel : public NodesFixture {
 protected:
  RedisSentinel() {
    options.url = "redis://app:secret@s,t?topology=sentinel&master=mine";
    for (auto const* const name : {"a", "b"}) {
      node(name).user = "app";
      node(name).password = "secret";
    }
    make_master("a");
  }

  void make_master(std::string const& name) {
    for (auto const* const sentinel : {"s", "t"})
      node(sentinel).answers["SENTINEL"] = test::FakeRedis::array({name, "6379"});
    for (auto const* const each : {"a", "b"})
      node(each).answers["ROLE"] = test::FakeRedis::array({each == name ? "master" : "slave"});
  }
};

TEST_F(RedisSentinel, IsAskedForTheMaster) {
  open();
  EXPECT_EQ(states, (Texts{"connecting", "ready"})) << last_reason;
  EXPECT_EQ(node("s").dialled.front(), "s:26379");
  EXPECT_EQ(node("s").count("SENTINEL GET-MASTER-ADDR-BY-NAME mine"), 1U);
  EXPECT_EQ(node("s").count("AUTH"), 0U) << "the password is the master's";
  in_turn([&] { client->command({"ECHO", "x"}, note("e")); });
  EXPECT_EQ(node("a").count("ECHO"), 1U);
}

TEST_F(RedisSentinel, HasCredentialsOfItsOwn) {
  for (auto const* const sentinel : {"s", "t"}) {
    node(sentinel).user = "watcher";
    node(sentinel).password = "other";
  }
  open();
  EXPECT_EQ(states.back(), "degraded");
  EXPECT_NE(last_reason.find("NOAUTH"), std::string::npos) << last_reason;
  client.reset();
  options.sentinel_user = "watcher";
  options.sentinel_password = "other";
  open();
  EXPECT_EQ(states.back(), "ready") << last_reason;
}

TEST_F(RedisSentinel, TheNextOneIsAskedIfOneIsDown) {
  node("s").up = false;
  open();
  pass(1s);
  EXPECT_EQ(states.back(), "ready") << last_reason;
  EXPECT_EQ(node("t").count("SENTINEL"), 1U);
}

TEST_F(RedisSentinel, AFailoverIsFollowed) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("news", hear("a"), confirm("a")); });
  node("a").stop();
  run();
  EXPECT_EQ(states.back(), "degraded");
  pass(500ms);
  make_master("b");
  pass(5s);
  EXPECT_EQ(states.back(), "ready") << last_reason;
  EXPECT_EQ(confirmed, (Texts{"a", "a again"}));
  in_turn([&] { client->publish("news", "x", note("p")); });
  pass(2s);
  EXPECT_EQ(node("b").count("PUBLISH"), 1U);
}

TEST_F(RedisSentinel, ASwitchIsFollowedThoughTheOldMasterIsThere) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("news", hear("a"), confirm("a")); });
  make_master("b");
  in_turn([&] {
    node("s").publish("", "+switch-master", "other a 6379 c 6379");
    node("s").publish("", "+switch-master", "mine nonsense");
    node("s").publish("", "+switch-master", "");
  });
  EXPECT_EQ(states.back(), "ready");
  in_turn([&] { node("s").publish("", "+switch-master", "mine a 6379 b 6379"); });
  EXPECT_EQ(last_reason, "Redis at a:6379: the master is b:6379 now");
  pass(1s);
  EXPECT_EQ(states.back(), "ready") << last_reason;
  in_turn([&] { client->publish("news", "x", note("p")); });
  pass(2s);
  EXPECT_EQ(node("b").count("PUBLISH"), 1U);
  EXPECT_EQ(confirmed, (Texts{"a", "a again"}));
}

TEST_F(RedisSentinel, WhoIsNoMasterYetIsTriedAgain) {
  node("a").answers["ROLE"] = test::FakeRedis::array({"slave"});
  open();
  EXPECT_EQ(states.back(), "degraded");
  EXPECT_NE(last_reason.find("no master"), std::string::npos) << last_reason;
  make_master("b");
  pass(1s);
  EXPECT_EQ(states.back(), "ready") << last_reason;
}

TEST_F(RedisSentinel, ANameThatNobodyKnowsIsTold) {
  for (auto const* const answer : {"*-1\r\n", "-ERR No such master with that name\r\n", "*0\r\n", ":1\r\n",
                                   "*2\r\n$1\r\na\r\n$1\r\nx\r\n"}) {
    for (auto const* const sentinel : {"s", "t"})
      node(sentinel).answers["SENTINEL"] = answer;
    open();
    EXPECT_EQ(states.back(), "degraded") << answer;
    EXPECT_NE(last_reason.find("a sentinel: "), std::string::npos) << last_reason;
    auto const before = node("s").count("SENTINEL") + node("t").count("SENTINEL");
    pass(60s);
    EXPECT_LE(node("s").count("SENTINEL") + node("t").count("SENTINEL") - before, 3U) << "no tight loop";
    make_master("a");
    pass(5s);
    pass(5s);
    EXPECT_EQ(states.back(), "ready") << last_reason;
    client.reset();
    run();
  }
}

TEST_F(RedisSentinel, ThatGoesIsNotMissedWhileAllIsWell) {
  open();
  node("s").stop();
  node("t").stop();
  for (int i = 0; i < 60; ++i)
    pass(1s);
  EXPECT_EQ(states.back(), "ready");
}

TEST_F(RedisSentinel, MayBeClosedAndDestroyedAtAnyTime) {
  for (int cut = 0; cut < 12; ++cut) {
    for (auto const destroy : {false, true}) {
      open();
      auto const a = client->subscribe("x", hear("a"));
      for (int i = 0; i < cut; ++i) {
        shard().turn(0ms);
        for (auto& [name, each] : nodes)
          each->serve();
      }
      if (cut % 2 == 1) node("a").cut();
      in_turn([&] { destroy ? client.reset() : client->close(); });
      pass(1min);
      if (destroy) continue;
      in_turn([&] { client->open(); });
      pass(1s);
      EXPECT_EQ(client->state(), State::ready) << last_reason;
      client.reset();
      run();
    }
  }
}

}}  // namespace aerie::redis
