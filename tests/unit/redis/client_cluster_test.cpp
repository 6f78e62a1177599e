#include "redis/slots.hpp"
#include "unit/redis/client_fixture.hpp"

#include <array>
#include <set>

namespace aerie::redis { namespace {

/// Three nodes in memory: a has slots 0 to 5460, b to 10922, c to 16383, until it is said otherwise.
class RedisCluster : public NodesFixture {
 protected:
  RedisCluster() {
    options.url = "redis://a";
    for (auto const* const name : {"a", "b", "c"}) {
      node(name).cluster = true;
      owners.emplace_back(name);
    }
    tell_slots();
  }

  /// What CLUSTER SLOTS answers from now on, at every node.
  void tell_slots() {
    constexpr int bounds[] = {0, 5461, 10923, 16384};
    std::string reply = "*" + std::to_string(owners.size()) + "\r\n";
    for (std::size_t i = 0; i < owners.size(); ++i) {
      reply += "*3\r\n:" + std::to_string(bounds[i]) + "\r\n:" + std::to_string(bounds[i + 1] - 1) +
               "\r\n*3\r\n" + test::FakeRedis::bulk(owners[i]) + ":6379\r\n" + test::FakeRedis::bulk("id");
    }
    for (auto& [name, each] : nodes)
      each->answers["CLUSTER"] = reply;
  }

  /// Where a command has come, in the order of the nodes' names.
  std::string who_had(std::string_view command) {
    std::string result;
    for (auto& [name, each] : nodes) {
      if (each->count(command) > 0) result += name;
    }
    return result;
  }
  std::string moved(std::string_view channel, std::string const& to, std::string const& how = "MOVED") {
    return "-" + how + " " + std::to_string(slot_of(channel)) + " " + to + ":6379\r\n";
  }

  std::vector<std::string> owners;
  // Slots 5061, 9084 and 12182.
  std::string const at_a = "bar";
  std::string const at_b = "one";
  std::string const at_c = "foo";
};

TEST_F(RedisCluster, IsFoundOutAboutAndAskedForItsSlots) {
  open();
  EXPECT_EQ(states, (Texts{"connecting", "ready"})) << last_reason;
  EXPECT_EQ(node("a").count("CLUSTER SLOTS"), 1U);
  pass(1h);
  EXPECT_EQ(node("a").count("CLUSTER SLOTS"), 1U) << "while all is well, nobody is asked";
}

TEST_F(RedisCluster, CommandsGoToWhoHasTheirKey) {
  open();
  in_turn([&] {
    client->spublish(at_a, "1", note("a"));
    client->spublish(at_b, "1", note("b"));
    client->command({"GET", at_c}, note("c"));
    client->command({"EVAL", "script", "1", at_b}, note("d"), {.key = at_b});
  });
  EXPECT_EQ(who_had("SPUBLISH " + at_a), "a");
  EXPECT_EQ(who_had("SPUBLISH " + at_b), "b");
  EXPECT_EQ(who_had("GET"), "c");
  EXPECT_EQ(who_had("EVAL"), "b");
  EXPECT_EQ(answers.size(), 4U);
}

TEST_F(RedisCluster, WhatIsAboutNodesIsAskedOfAll) {
  open();
  node("b").answers["PUBSUB"] = ":7\r\n";
  node("c").answers["PUBSUB"] = "-ERR not here\r\n";
  std::multiset<std::string> said;
  in_turn([&] {
    client->command_everywhere(std::array{std::string_view("PUBSUB"), std::string_view("NUMSUB")},
                               [&](auto const& all) {
                                 for (Answer const& each : all)
                                   said.insert(each.reply.is_integer() ? std::to_string(each.reply.integer())
                                                                       : std::string(each.reply.text()));
                               });
  });
  EXPECT_EQ(who_had("PUBSUB"), "abc");
  EXPECT_EQ(said.size(), 3U);
  EXPECT_TRUE(said.contains("7"));
  EXPECT_TRUE(said.contains("ERR not here"));
}

TEST_F(RedisCluster, PublicationsAndSubscriptionsGoToAnyNode) {
  open();
  Subscription a;
  in_turn([&] {
    a = client->subscribe(at_c, hear("a"));
    client->publish(at_c, "1", note("p"));
  });
  EXPECT_EQ(who_had("PUBLISH"), "a");
  EXPECT_EQ(who_had("SUBSCRIBE"), "a");
}

TEST_F(RedisCluster, ShardedSubscriptionsAreWhereTheirSlotIs) {
  options.dial = nullptr;
  Subscription a, b, c;
  open();
  in_turn([&] {
    a = client->ssubscribe(at_a, hear("a"), confirm("a"));
    b = client->ssubscribe(at_b, hear("b"), confirm("b"));
    c = client->ssubscribe(at_c, hear("c"), confirm("c"));
  });
  EXPECT_EQ(who_had("SSUBSCRIBE " + at_a), "a");
  EXPECT_EQ(who_had("SSUBSCRIBE " + at_b), "b");
  EXPECT_EQ(who_had("SSUBSCRIBE " + at_c), "c");
  EXPECT_EQ(confirmed.size(), 3U);
  in_turn([&] {
    for (auto const& channel : {at_a, at_b, at_c})
      client->spublish(channel, "x");
  });
  std::sort(heard.begin(), heard.end());
  EXPECT_EQ(heard, (Texts{"a: bar x", "b: one x", "c: foo x"}));
}

TEST_F(RedisCluster, IsReadyWhenShardedSubscriptionsAreConfirmed) {
  options.dial = [this](core::Shard& where, core::Address const& address) {
    return node(address.host).dial()(where, address);
  };
  client = std::make_unique<Client>(shard(), options);
  bool was_ready = true;
  auto const a = client->ssubscribe(at_c, hear("a"), [&](bool) { was_ready = client->ready(); });
  in_turn([&] { client->open(); });
  EXPECT_FALSE(was_ready);
  EXPECT_TRUE(client->ready());
  EXPECT_EQ(who_had("SSUBSCRIBE"), "c") << "nobody is asked before the slots are known";
}

TEST_F(RedisCluster, FollowsASlotThatHasMoved) {
  open();
  node("a").answers["SPUBLISH"] = moved(at_a, "b");
  in_turn([&] { client->spublish(at_a, "1", note("p")); });
  EXPECT_EQ(who_had("SPUBLISH " + at_a), "ab");
  EXPECT_EQ(answers, Texts{"p: 0"});
  EXPECT_EQ(client->stats().published, 1U);
  EXPECT_EQ(client->stats().commands, 1U);
  EXPECT_EQ(client->stats().outbox, 0U);
  EXPECT_EQ(node("a").count("CLUSTER SLOTS"), 1U);
  pass(250ms);
  EXPECT_EQ(node("a").count("CLUSTER SLOTS"), 2U) << "others may have moved, too";
}

TEST_F(RedisCluster, AsksOnceWhereItIsTold) {
  open();
  node("a").answers["GET"] = moved(at_a, "c", "ASK");
  node("c").answers["ASKING"] = "+OK\r\n";
  node("c").answers["GET"] = "$5\r\nfound\r\n";
  in_turn([&] { client->command({"GET", at_a}, note("g")); });
  EXPECT_EQ(answers, Texts{"g: found"});
  auto const& said = node("c").commands;
  auto const asking = std::find(said.begin(), said.end(), "ASKING");
  ASSERT_NE(asking, said.end());
  EXPECT_EQ(*(asking + 1), "GET bar");
  node("a").answers["GET"] = "$5\r\nagain\r\n";
  in_turn([&] { client->command({"GET", at_a}, note("g")); });
  EXPECT_EQ(answers.back(), "g: again") << "the slot is still where it was";
}

TEST_F(RedisCluster, NodesThatSendACommandToAndFroAreGivenUp) {
  open();
  node("a").answers["GET"] = moved(at_a, "b");
  node("b").answers["GET"] = moved(at_a, "a");
  in_turn([&] { client->command({"GET", at_a}, note("g")); });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].substr(0, 9), "g: -MOVED");
  EXPECT_LE(node("a").count("GET") + node("b").count("GET"), 6U);
}

TEST_F(RedisCluster, ASubscriptionFollowsItsSlot) {
  open();
  Subscription a;
  node("a").answers["SSUBSCRIBE"] = moved(at_a, "b");
  in_turn([&] { a = client->ssubscribe(at_a, hear("a"), confirm("a")); });
  EXPECT_EQ(confirmed, Texts{"a"});
  for (int i = 0; i < 10; ++i)
    pass(250ms);
  EXPECT_EQ(confirmed, Texts{"a"}) << "also while others still think that it has not moved";
  in_turn([&] { node("b").publish("s", at_a, "x"); });
  EXPECT_EQ(heard, Texts{"a: bar x"});
}

TEST_F(RedisCluster, NodesThatSendASubscriptionToAndFroAreNoTightLoop) {
  open();
  node("a").answers["SSUBSCRIBE"] = moved(at_a, "b");
  node("b").answers["SSUBSCRIBE"] = moved(at_a, "a");
  Subscription a;
  in_turn([&] { a = client->ssubscribe(at_a, hear("a"), confirm("a")); });
  EXPECT_EQ(states.back(), "degraded");
  EXPECT_LE(node("a").count("SSUBSCRIBE") + node("b").count("SSUBSCRIBE"), 6U);
  node("b").answers.erase("SSUBSCRIBE");
  pass(5s);
  pass(5s);
  EXPECT_EQ(confirmed, Texts{"a"});
  EXPECT_EQ(states.back(), "ready") << last_reason;
}

TEST_F(RedisCluster, AFailoverTakesSubscriptionsAndWhatWaitsToTheNewMaster) {
  open();
  Subscription a, b;
  in_turn([&] {
    a = client->ssubscribe(at_a, hear("a"), confirm("a"));
    b = client->ssubscribe(at_b, hear("b"), confirm("b"));
  });
  taken(confirmed);
  node("b").stop();
  run();
  EXPECT_EQ(states.back(), "degraded");
  in_turn([&] { client->spublish(at_b, "meanwhile", note("p")); });
  for (int i = 0; i < 8; ++i)
    pass(250ms);
  EXPECT_TRUE(answers.empty());
  EXPECT_TRUE(confirmed.empty());
  owners[1] = "d";
  node("d").cluster = true;
  tell_slots();
  pass(250ms);
  EXPECT_EQ(confirmed, Texts{"b again"});
  EXPECT_EQ(states.back(), "ready") << last_reason;
  EXPECT_TRUE(answers.empty()) << "others may not have found the new master yet";
  pass(250ms);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(who_had("SPUBLISH"), "d");
  EXPECT_EQ(client->stats().gaps, 1U);
  auto const tries = node("b").dialled.size();
  pass(1min);
  EXPECT_EQ(node("b").dialled.size(), tries) << "who has no slots any more is left alone";
}

TEST_F(RedisCluster, AFailoverOfTheOnlyNodeThatWasNeededIsHeardOfFromTheOthers) {
  open();
  Subscription a;
  in_turn([&] { a = client->ssubscribe(at_a, hear("a"), confirm("a")); });
  taken(confirmed);
  node("a").stop();
  run();
  owners[0] = "d";
  node("d").cluster = true;
  tell_slots();
  for (int i = 0; i < 8; ++i)
    pass(250ms);
  EXPECT_EQ(confirmed, Texts{"a again"});
  EXPECT_EQ(states.back(), "ready") << last_reason;
}

TEST_F(RedisCluster, GoesOnWithTheOthersWhenTheNodeOfTheUrlIsGone) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("news", hear("a"), confirm("a")); });
  owners[0] = "b";
  node("a").stop();
  tell_slots();
  for (int i = 0; i < 20; ++i)
    pass(100ms);
  EXPECT_EQ(states.back(), "ready") << last_reason;
  EXPECT_EQ(confirmed, (Texts{"a", "a again"}));
  in_turn([&] { client->publish("news", "x", note("p")); });
  EXPECT_EQ(answers.size(), 1U);
}

TEST_F(RedisCluster, SlotsThatAreMovedOneByOneAreFollowedWithoutAFailure) {
  open();
  Subscription a;
  in_turn([&] { a = client->ssubscribe(at_a, hear("a"), confirm("a")); });
  owners[0] = "c";
  tell_slots();
  node("a").answers["SSUBSCRIBE"] = moved(at_a, "c");
  node("a").send_raw("*3\r\n$12\r\nsunsubscribe\r\n" + test::FakeRedis::bulk(at_a) + ":0\r\n", true);
  run();
  EXPECT_EQ(confirmed, (Texts{"a", "a again"}));
  EXPECT_EQ(who_had("SSUBSCRIBE " + at_a), "ac");
  EXPECT_EQ(states.back(), "ready") << last_reason;
}

TEST_F(RedisCluster, SlotsWithoutAnOwnerAreTold) {
  for (auto& [name, each] : nodes)
    each->answers["CLUSTER"] = "*0\r\n";
  open();
  EXPECT_EQ(states.back(), "degraded");
  EXPECT_NE(last_reason.find("no owner"), std::string::npos) << last_reason;
  in_turn([&] { client->spublish(at_a, "1", note("p")); });
  tell_slots();
  pass(250ms);
  EXPECT_EQ(states.back(), "ready") << last_reason;
  EXPECT_EQ(answers, Texts{"p: 0"});
}

TEST_F(RedisCluster, AnAnswerThatIsNoneIsToldAndAskedForAgain) {
  for (auto const* const nonsense : {"-ERR This instance has cluster support disabled\r\n", ":1\r\n",
                                     "*1\r\n:1\r\n", "*1\r\n*0\r\n", "*1\r\n*3\r\n:0\r\n:99999\r\n*0\r\n"}) {
    node("a").answers["CLUSTER"] = nonsense;
    open();
    EXPECT_EQ(states.back(), "degraded") << nonsense;
    tell_slots();
    pass(250ms);
    EXPECT_EQ(states.back(), "ready") << nonsense;
    client.reset();
    run();
  }
}

TEST_F(RedisCluster, ClusterDownIsToldAndTheSlotsAreAskedForAgain) {
  open();
  node("a").answers["GET"] = "-CLUSTERDOWN The cluster is down\r\n";
  in_turn([&] { client->command({"GET", at_a}, note("g")); });
  EXPECT_EQ(taken(answers), Texts{"g: -CLUSTERDOWN The cluster is down"});
  EXPECT_EQ(states.back(), "degraded");
  node("a").answers["GET"] = "$1\r\nx\r\n";
  in_turn([&] { client->command({"GET", at_a}, note("g")); });
  EXPECT_EQ(answers, Texts{"g: x"});
  EXPECT_EQ(states.back(), "ready");
}

TEST_F(RedisCluster, MayBeClosedAndDestroyedAtAnyTime) {
  for (int cut = 0; cut < 12; ++cut) {
    for (auto const destroy : {false, true}) {
      open();
      Subscription a;
      shard().post([&] {
        a = client->ssubscribe(at_c, hear("a"));
        client->spublish(at_b, "1");
      });
      for (int i = 0; i < cut; ++i) {
        shard().turn(0ms);
        if (i % 3 == 0) continue;
        for (auto& [name, each] : nodes)
          each->serve();
      }
      if (cut % 2 == 1) node("b").stop();
      in_turn([&] { destroy ? client.reset() : client->close(); });
      pass(1min);
      node("b").up = true;
      if (destroy) continue;
      EXPECT_EQ(client->stats().pending, 0U);
      in_turn([&] { client->open(); });
      pass(1s);
      EXPECT_EQ(client->state(), State::ready) << last_reason;
      a.reset();
      client.reset();
      run();
    }
  }
}

}}  // namespace aerie::redis
