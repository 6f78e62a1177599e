#include "unit/redis/client_fixture.hpp"

#include <stdexcept>

namespace aerie::redis { namespace {

using RedisClient = ClientFixture;

TEST_F(RedisClient, ConnectsAndAnswersCommands) {
  open();
  EXPECT_EQ(states, (Texts{"connecting", "ready"}));
  EXPECT_EQ(server.dialled, Texts{"redis:6379"});
  in_turn([&] {
    EXPECT_TRUE(client->command({"ECHO", "one"}, note("a")));
    EXPECT_TRUE(client->command({"ECHO", "two"}, note("b")));
    EXPECT_TRUE(client->command({"NONSENSE"}, note("c")));
    EXPECT_TRUE(answers.empty());
  });
  EXPECT_EQ(answers, (Texts{"a: one", "b: two", "c: -ERR unknown command 'NONSENSE'"}));
  EXPECT_EQ(client->stats().commands, 3U);
  EXPECT_EQ(client->stats().outbox, 0U);
  EXPECT_EQ(client->stats().pending, 0U);
}

TEST_F(RedisClient, SaysWhoItIs) {
  options.url = "redis://app:secret@redis/3";
  server.user = "app";
  server.password = "secret";
  open();
  EXPECT_EQ(client->state(), State::ready) << last_reason;
  EXPECT_EQ(server.commands, (Texts{"AUTH app secret", "CLIENT SETNAME aerie", "SELECT 3", "INFO cluster"}));
}

TEST_F(RedisClient, PublishesBytesAndCountsThem) {
  open();
  std::string const payload("\0\r\n\xff", 4);
  in_turn([&] { client->publish("room\r\n", payload, note("published")); });
  EXPECT_EQ(server.commands.back(), "PUBLISH room\r\n " + payload);
  EXPECT_EQ(answers, Texts{"published: 0"});
  EXPECT_EQ(client->stats().published, 1U);
}

TEST_F(RedisClient, CarriesMessagesToWhoListens) {
  open();
  Subscription a, b, c;
  in_turn([&] {
    a = client->subscribe("news", hear("a"), confirm("a"));
    b = client->psubscribe("new*", hear("b"), confirm("b"));
    c = client->ssubscribe("news", hear("c"), confirm("c"));
    EXPECT_FALSE(a.active());
  });
  EXPECT_TRUE(a.active());
  EXPECT_EQ(confirmed, (Texts{"a", "b", "c"}));
  std::string const payload("\0\xff\r\n", 4);
  in_turn([&] {
    client->publish("news", payload);
    client->spublish("news", "sharded");
    client->publish("old", "nobody");
  });
  EXPECT_EQ(heard, (Texts{"a: news " + payload, "b: news " + payload + " by new*", "c: news sharded"}));
  EXPECT_EQ(client->stats().messages, 3U);
}

TEST_F(RedisClient, SubscriptionsHaveAConnectionOfTheirOwnWhichIsMadeWhenItIsNeeded) {
  open();
  EXPECT_EQ(server.connections(), 1U);
  Subscription a;
  in_turn([&] { a = client->subscribe("a", hear("a")); });
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(states, (Texts{"connecting", "ready"})) << "it was ready all the time";
}

TEST_F(RedisClient, IsReadyWhenWhatWasSubscribedBeforeIsConfirmed) {
  options.dial = server.dial();
  client = std::make_unique<Client>(shard(), options);
  bool was_ready = true;
  auto const a = client->subscribe("a", hear("a"), [&](bool) { was_ready = client->ready(); });
  in_turn([&] { client->open(); });
  EXPECT_FALSE(was_ready);
  EXPECT_TRUE(client->ready());
}

TEST_F(RedisClient, AChannelIsSubscribedOnceHoweverManyListen) {
  open();
  Subscription a, b, c;
  in_turn([&] {
    a = client->subscribe("x", hear("a"));
    b = client->subscribe("x", hear("b"));
    c = client->subscribe("x", hear("c"));
  });
  EXPECT_EQ(server.count("SUBSCRIBE"), 1U);
  in_turn([&] { client->publish("x", "1"); });
  EXPECT_EQ(taken(heard), (Texts{"a: x 1", "b: x 1", "c: x 1"}));
  in_turn([&] {
    a.reset();
    b = {};
    client->publish("x", "2");
  });
  EXPECT_EQ(taken(heard), Texts{"c: x 2"});
  EXPECT_EQ(server.count("UNSUBSCRIBE"), 0U);
  in_turn([&] { c.reset(); });
  EXPECT_EQ(server.count("UNSUBSCRIBE x"), 1U);
}

TEST_F(RedisClient, WhatEndsAndBeginsAgainAtOnceIsConfirmedOnce) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("other", hear("other")); });
  Subscription b;
  in_turn([&] {
    for (int i = 0; i < 3; ++i) {
      b = client->subscribe("x", hear("x"), confirm("x"));
      if (i < 2) b.reset();
    }
  });
  EXPECT_EQ(confirmed, Texts{"x"});
  in_turn([&] { client->publish("x", "1"); });
  EXPECT_EQ(heard, Texts{"x: x 1"});
}

TEST_F(RedisClient, WhatIsCalledBeforeItIsConnectedWaits) {
  server.up = false;
  open();
  in_turn([&] {
    client->command({"ECHO", "one"}, note("a"));
    client->publish("x", "two", note("b"));
  });
  EXPECT_TRUE(answers.empty());
  EXPECT_EQ(client->stats().pending, 2U);
  server.up = true;
  pass(1s);
  EXPECT_EQ(answers, (Texts{"a: one", "b: 0"}));
}

TEST_F(RedisClient, WhatWaitsTooLongIsNotSent) {
  server.up = false;
  open();
  in_turn([&] {
    client->command({"ECHO", "one"}, note("a"), {.deadline = 100ms});
    client->command({"ECHO", "two"}, note("b"));
  });
  pass(99ms);
  EXPECT_TRUE(answers.empty());
  pass(1ms);
  EXPECT_EQ(taken(answers), Texts{"a: (not sent)"});
  pass(4900ms);
  EXPECT_EQ(answers, Texts{"b: (not sent)"});
  EXPECT_EQ(client->stats().dropped, 2U);
  EXPECT_EQ(client->stats().outbox, 0U);
}

TEST_F(RedisClient, ACommandHasAnAnswerByItsDeadlineAndItsReplyIsDropped) {
  open();
  server.silent = true;
  in_turn([&] {
    client->command({"ECHO", "one"}, note("a"), {.deadline = 300ms});
    client->command({"ECHO", "two"}, note("b"), {.deadline = 100ms});
    client->command({"ECHO", "three"}, note("c"));
  });
  pass(100ms);
  EXPECT_EQ(taken(answers), Texts{"b: (timed out)"});
  pass(200ms);
  EXPECT_EQ(taken(answers), Texts{"a: (timed out)"});
  server.silent = false;
  run();
  EXPECT_EQ(answers, Texts{"c: three"});
  EXPECT_EQ(client->stats().unconfirmed, 2U);
}

TEST_F(RedisClient, TheOutboxIsBounded) {
  options.outbox_limit = 10'000;
  open();
  server.silent = true;
  std::string const payload(1000, 'x');
  std::size_t accepted = 0;
  in_turn([&] {
    while (client->publish("x", payload, note("p")))
      ++accepted;
  });
  EXPECT_EQ(taken(answers), Texts{"p: (outbox full)"});
  EXPECT_GT(accepted, 5U);
  EXPECT_LE(client->stats().outbox, 10'000U);
  EXPECT_EQ(client->stats().dropped, 1U);
  server.silent = false;
  run();
  EXPECT_EQ(taken(answers).size(), accepted);
  // One fits an empty outbox, whatever its size.
  in_turn([&] { EXPECT_TRUE(client->publish("x", std::string(100'000, 'x'), note("large"))); });
  EXPECT_EQ(answers, Texts{"large: 0"});
  EXPECT_EQ(client->stats().outbox, 0U);
}

TEST_F(RedisClient, TheOutboxIsBoundedWithoutAConnectionToo) {
  options.outbox_limit = 10'000;
  server.up = false;
  open();
  auto const held = shard().account().used();
  in_turn([&] {
    while (client->publish("x", std::string(1000, 'x'))) {
    }
  });
  EXPECT_GT(shard().account().used(), held + 5'000);
  pass(5s);
  EXPECT_EQ(shard().account().used(), held);
}

TEST_F(RedisClient, CloseAnswersWhatWaitsAndCallsNobodyAfterwards) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a")); });
  server.silent = true;
  in_turn([&] { client->command({"ECHO", "sent"}, note("sent")); });
  in_turn([&] {
    client->close();
    EXPECT_EQ(answers, Texts{"sent: (connection lost)"});
    EXPECT_EQ(states.back(), "closed");
  });
  server.silent = false;
  server.publish("", "x", "late");
  pass(1h);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_TRUE(heard.empty());
  EXPECT_EQ(states.back(), "closed");
  EXPECT_FALSE(client->command({"ECHO", "x"}, note("closed")));
  EXPECT_EQ(answers.back(), "closed: (not sent)");
}

TEST_F(RedisClient, CloseSendsWhatWasPublished) {
  open();
  in_turn([&] {
    client->publish("x", "last words");
    client->close();
  });
  EXPECT_EQ(server.count("PUBLISH x last words"), 1U);
  pass(10s);
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(RedisClient, MayBeOpenedAgain) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a"), confirm("a")); });
  in_turn([&] { client->close(); });
  in_turn([&] { client->open(); });
  EXPECT_EQ(states, (Texts{"connecting", "ready", "closed", "connecting", "ready"}));
  EXPECT_EQ(confirmed, (Texts{"a", "a again"}));
  in_turn([&] { client->publish("x", "1"); });
  EXPECT_EQ(heard, Texts{"a: x 1"});
}

TEST_F(RedisClient, MayBeClosedOrDestroyedByEveryCallback) {
  struct {
    std::string_view what;
    std::function<void(Client&, std::function<void()>)> arrange;
  } const cases[] = {
      {"an answer",
       [](Client& c, auto f) {
         c.command({"ECHO", "x"}, [f](Answer) { f(); });
       }},
      {"a refused command",
       [](Client& c, auto f) {
         std::string const large(20'000, 'x');
         c.command({"ECHO", large});
         c.command({"ECHO", large}, [f](Answer) { f(); });
       }},
  };
  options.outbox_limit = 10'000;
  for (auto const destroy : {false, true}) {
    for (auto const& [what, arrange] : cases) {
      SCOPED_TRACE(what);
      open();
      int rest = 0;
      in_turn([&] {
        arrange(*client, [&] { destroy ? client.reset() : client->close(); });
        if (!client) return;
        client->command({"ECHO", "y"}, [&](Answer) { ++rest; });
      });
      // One that was destroyed answers nobody any more; one that was closed, everybody.
      EXPECT_EQ(rest, destroy ? 0 : 1);
      client.reset();
      run();
    }
    auto const in_subscription = [&](auto arrange) {
      open();
      Subscription a;
      bool called = false;
      in_turn([&] {
        a = arrange([&] {
          called = true;
          destroy ? client.reset() : client->close();
        });
      });
      in_turn([&] {
        if (client) client->publish("x", "1");
      });
      EXPECT_TRUE(called);
      EXPECT_FALSE(a.active());
      if (destroy) client.reset();
      a.reset();
      client.reset();
      run();
    };
    in_subscription([&](auto f) { return client->subscribe("x", [f](Message const&) { f(); }); });
    in_subscription([&](auto f) { return client->subscribe("x", hear("x"), [f](bool) { f(); }); });
    on_state = [&](StateChange const& change) {
      if (change.state == State::ready) destroy ? client.reset() : client->close();
    };
    open();
    on_state = nullptr;
    client.reset();
    run();
  }
}

TEST_F(RedisClient, WhatCallbacksThrowIsReportedAndNothingElse) {
  open();
  Subscription a, b;
  in_turn([&] {
    a = client->subscribe(
        "x", [](Message const&) { throw std::runtime_error("listener"); }, [](bool) { throw 1; });
    b = client->subscribe("x", hear("b"));
    client->command({"ECHO", "x"}, [](Answer) { throw std::runtime_error("answer"); });
  });
  in_turn([&] { client->publish("x", "1", note("p")); });
  EXPECT_EQ(heard, Texts{"b: x 1"});
  EXPECT_EQ(answers, Texts{"p: 1"});
  EXPECT_GE(log.size(), 3U);
}

TEST_F(RedisClient, ListenersMayComeAndGoWhileAMessageIsDelivered) {
  open();
  Subscription a, b, c;
  in_turn([&] {
    a = client->subscribe("x", [&](Message const&) {
      heard.emplace_back("a");
      a.reset();
      b.reset();
      c = client->subscribe("x", hear("c"));
    });
    b = client->subscribe("x", hear("b"));
  });
  in_turn([&] { client->publish("x", "1"); });
  EXPECT_EQ(taken(heard), Texts{"a"});
  in_turn([&] { client->publish("x", "2"); });
  EXPECT_EQ(heard, Texts{"c: x 2"});
}

TEST_F(RedisClient, ASubscriptionMayOutliveTheClient) {
  open();
  auto a = client->subscribe("x", hear("a"));
  run();
  EXPECT_TRUE(a.active());
  client.reset();
  EXPECT_FALSE(a.active());
  a.reset();
}

TEST_F(RedisClient, ItsEndIsTheLastThatAnybodyIsToldOfIt) {
  server.up = false;
  open();
  auto a = client->subscribe("x", hear("a"));
  auto b = client->subscribe("y", hear("b"));
  run();
  taken(states);
  client.reset();
  // The client waits for it no more, but who is told of the state may have gone with the client.
  a.reset();
  run();
  b.reset();
  EXPECT_EQ(states, Texts{});
}

TEST_F(RedisClient, ImpossibleOptionsAreRefusedByName) {
  auto const problem = [&](auto change) -> std::string {
    ClientOptions wrong;
    change(wrong);
    try {
      Client const refused(shard(), wrong);
    } catch (std::invalid_argument const& error) {
      return error.what();
    }
    return "(none)";
  };
  struct {
    std::string_view names;
    std::function<void(ClientOptions&)> change;
  } const cases[] = {
      {"URL", [](auto& o) { o.url = "http://x"; }},
      {"connect_timeout", [](auto& o) { o.connect_timeout = 0ms; }},
      {"command_timeout", [](auto& o) { o.command_timeout = -1ms; }},
      {"ping_interval", [](auto& o) { o.ping_interval = core::Milliseconds::max(); }},
      {"reconnect_delay", [](auto& o) { o.reconnect_delay = 6s; }},
      {"outbox_limit", [](auto& o) { o.outbox_limit = 0; }},
      {"limits", [](auto& o) { o.limits.bytes = 0; }},
      {"client_name", [](auto& o) { o.client_name = "a b"; }},
      {"master", [](auto& o) { o.topology = Topology::sentinel; }},
      {"several addresses", [](auto& o) { o.url = "redis://a,b?topology=single"; }},
      {"database", [](auto& o) { o.url = "redis://a/1?topology=cluster"; }},
  };
  for (auto const& [names, change] : cases) {
    auto const text = problem(change);
    EXPECT_NE(text.find(names), std::string::npos) << names << ": " << text;
  }
}

}}  // namespace aerie::redis
