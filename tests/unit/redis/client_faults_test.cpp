#include "unit/redis/client_fixture.hpp"

#include <iterator>

namespace aerie::redis { namespace {

using RedisFaults = ClientFixture;

TEST_F(RedisFaults, DownAtStartItIsTriedAgainWithGrowingPauses) {
  server.up = false;
  open();
  EXPECT_EQ(states, (Texts{"connecting", "degraded (unreachable)"}));
  EXPECT_EQ(last_reason, "nobody is at redis:6379");
  // Three quarters of 100 ms, 200 ms ... 2 s with the numbers of this test.
  std::vector<core::Milliseconds> pauses;
  for (auto waited = 0ms; pauses.size() < 9; waited += 1ms) {
    auto const before = server.dialled.size();
    pass(1ms);
    if (server.dialled.size() == before) continue;
    pauses.push_back(waited + 1ms);
    waited = -1ms;
  }
  EXPECT_EQ(pauses, (std::vector<core::Milliseconds>{75ms, 150ms, 300ms, 600ms, 1200ms, 1500ms, 1500ms,
                                                     1500ms, 1500ms}));
  EXPECT_EQ(states.size(), 2U) << "what has not changed is not told again";
  server.up = true;
  pass(5s);
  EXPECT_EQ(states.back(), "ready");
  EXPECT_EQ(client->stats().failures, 10U);
}

TEST_F(RedisFaults, ARestartSubscribesAnewAndTellsOfTheGap) {
  open();
  Subscription a, b;
  in_turn([&] {
    a = client->subscribe("x", hear("a"), confirm("a"));
    b = client->psubscribe("y*", hear("b"), confirm("b"));
  });
  taken(confirmed);
  server.stop();
  run();
  EXPECT_EQ(states.back(), "degraded (connection lost)");
  EXPECT_FALSE(a.active());
  server.up = true;
  pass(1s);
  EXPECT_EQ(states.back(), "ready");
  EXPECT_EQ(confirmed, (Texts{"a again", "b again"}));
  EXPECT_EQ(client->stats().gaps, 1U);
  EXPECT_EQ(client->stats().reconnects, 2U);
  in_turn([&] { client->publish("y1", "1"); });
  pass(1s);
  EXPECT_EQ(heard, Texts{"b: y1 1 by y*"});
}

TEST_F(RedisFaults, AKilledSubscriberIsMadeAnewAndCommandsGoOn) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a"), confirm("a")); });
  server.cut(true);
  in_turn([&] { client->command({"ECHO", "still here"}, note("e")); });
  EXPECT_EQ(answers, Texts{"e: still here"});
  EXPECT_EQ(client->state(), State::degraded);
  pass(1s);
  EXPECT_EQ(client->state(), State::ready);
  EXPECT_EQ(confirmed.back(), "a again");
}

TEST_F(RedisFaults, WhatWasSentAndNotAnsweredIsNotSentAgain) {
  open();
  server.silent = true;
  in_turn([&] { client->publish("x", "1", note("p")); });
  server.silent = false;
  server.cut();
  run();
  EXPECT_EQ(answers, Texts{"p: (connection lost)"});
  pass(10s);
  EXPECT_EQ(client->state(), State::ready);
  EXPECT_EQ(server.count("PUBLISH"), 0U);
  EXPECT_EQ(client->stats().unconfirmed, 1U);
}

TEST_F(RedisFaults, WhatIsPublishedWhileItIsAwayShortlyArrives) {
  open();
  server.stop();
  run();
  in_turn([&] { client->publish("x", "1", note("p")); });
  server.up = true;
  pass(1s);
  pass(1s);
  EXPECT_EQ(answers, Texts{"p: 0"});
}

TEST_F(RedisFaults, WhatIsPublishedWaitsForSubscriptionsThatAreMadeAgain) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a"), confirm("a")); });
  for (auto const subscribers_only : {false, true}) {
    server.cut(subscribers_only);
    run();
    in_turn([&] {
      client->publish("x", "1", note("1"));
      client->publish("x", "2", note("2"));
    });
    pass(subscribers_only ? 150ms : 75ms);
    EXPECT_EQ(client->state(), State::ready);
    EXPECT_EQ(taken(answers), Texts{}) << "others, with longer pauses, may not be back yet";
    pass(subscribers_only ? 400ms : 200ms);
    EXPECT_EQ(taken(answers), (Texts{"1: 1", "2: 1"}));
    EXPECT_EQ(taken(heard), (Texts{"a: x 1", "a: x 2"}));
  }
}

TEST_F(RedisFaults, WhatIsPublishedDoesNotWaitForeverForSubscriptions) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a"), confirm("a")); });
  server.answers["SUBSCRIBE"] = "";
  server.cut(true);
  run();
  pass(100ms);
  in_turn([&] {
    client->publish("x", "1", note("1"));
    client->command({"ECHO", "at once"}, note("e"));
  });
  EXPECT_EQ(taken(answers), Texts{"e: at once"}) << "only what is published is held back";
  pass(900ms);
  EXPECT_EQ(taken(answers), Texts{});
  pass(150ms);
  EXPECT_EQ(taken(answers), Texts{"1: 0"});
}

TEST_F(RedisFaults, WhatHasWaitedComesBeforeWhatIsPublishedWhenTheWaitIsOver) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a"), confirm("a")); });
  server.cut(true);
  run();
  pass(75ms);
  in_turn([&] { client->publish("x", "1"); });
  clock.advance(1s);
  // Before the timer of the wait has had its turn.
  client->publish("x", "2");
  run();
  EXPECT_EQ(heard, (Texts{"a: x 1", "a: x 2"}));
}

TEST_F(RedisFaults, OneConnectionThatIsBackBringsTheOtherOneBack) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a"), confirm("a")); });
  // The pauses of the subscriber grow, and then the other connection finds the server.
  server.up = false;
  server.cut(true);
  for (auto i = 0; i < 20; ++i)
    pass(1s);
  server.cut();
  server.up = true;
  for (auto i = 0; i < 10; ++i)
    pass(10ms);
  EXPECT_EQ(states.back(), "ready");
}

TEST_F(RedisFaults, AServerThatStopsAnsweringIsGivenUp) {
  open();
  Subscription a;
  in_turn([&] { a = client->subscribe("x", hear("a")); });
  for (int i = 0; i < 10; ++i)
    pass(5s);
  EXPECT_EQ(client->state(), State::ready) << "one that answers PING is alive";
  server.silent = true;
  pass(5s);
  pass(4999ms);
  EXPECT_EQ(client->state(), State::ready);
  pass(1ms);
  EXPECT_EQ(states.back(), "degraded (unresponsive)");
  EXPECT_EQ(last_reason, "Redis at redis:6379: it has not answered for 10000 ms");
  for (int i = 0; i < 60; ++i)
    pass(1s);
  EXPECT_EQ(last_reason, "Redis at redis:6379: it has not answered the greeting in 5000 ms");
  server.silent = false;
  pass(10s);
  pass(10s);
  EXPECT_EQ(client->state(), State::ready);
}

TEST_F(RedisFaults, ABusyConnectionIsNotAskedForSignsOfLife) {
  open();
  for (int i = 0; i < 20; ++i) {
    pass(1s);
    in_turn([&] { client->command({"ECHO", "x"}); });
  }
  EXPECT_EQ(client->stats().pending, 0U);
  EXPECT_EQ(client->stats().reconnects, 0U);
}

TEST_F(RedisFaults, AWrongPasswordIsSaidAndTriedWithPauses) {
  server.password = "right";
  for (auto const* const url : {"redis://redis", "redis://:wrong@redis", "redis://app:right@redis"}) {
    options.url = url;
    open();
    EXPECT_EQ(states.back(), "degraded (not authenticated)") << url;
    EXPECT_EQ(last_reason.find("right"), std::string::npos);
    auto const attempts = server.dialled.size();
    pass(60s);
    EXPECT_LE(server.dialled.size() - attempts, 2U) << "no tight loop";
    client.reset();
    run();
  }
  server.password = "";
  options.url = "redis://redis";
  open();
  EXPECT_EQ(states.back(), "ready");
}

TEST_F(RedisFaults, APasswordThatIsPutRightIsFound) {
  server.password = "new";
  options.url = "redis://:new@redis";
  server.password = "old";
  open();
  EXPECT_EQ(client->state(), State::degraded);
  server.password = "new";
  pass(5s);
  EXPECT_EQ(client->state(), State::ready);
}

TEST_F(RedisFaults, AServerThatLoadsIsWaitedFor) {
  server.loading = true;
  open();
  EXPECT_EQ(states.back(), "degraded (loading)");
  server.loading = false;
  pass(5s);
  EXPECT_EQ(states.back(), "ready");
}

TEST_F(RedisFaults, AServerThatRefusesConnectionsIsQuoted) {
  for (auto const* const command : {"PING", "CLIENT", "INFO"}) {
    server.answers[command] = "-ERR max number of clients reached\r\n";
    open();
    EXPECT_EQ(states.back(), "degraded (refused)") << command;
    EXPECT_EQ(last_reason, "Redis at redis:6379: ERR max number of clients reached");
    client.reset();
    run();
    server.answers.clear();
  }
}

TEST_F(RedisFaults, WhatAUserMayNotAskIsNotNeeded) {
  for (auto const* const command : {"PING", "CLIENT", "INFO"})
    server.answers[command] = "-NOPERM this user has no permissions to run the command\r\n";
  open();
  EXPECT_EQ(client->state(), State::ready) << last_reason;
  for (int i = 0; i < 10; ++i)
    pass(5s);
  EXPECT_EQ(client->stats().reconnects, 0U) << "an error is a sign of life as well";
}

TEST_F(RedisFaults, AReadOnlyReplicaIsLeft) {
  open();
  server.answers["SET"] = "-READONLY You can't write against a read only replica.\r\n";
  in_turn([&] {
    client->command({"SET", "a", "b"}, note("set"));
    client->command({"ECHO", "x"}, note("echo"));
  });
  EXPECT_EQ(answers, (Texts{"set: -READONLY You can't write against a read only replica.",
                            "echo: (connection lost)"}));
  EXPECT_EQ(states.back(), "degraded (read only)");
  server.answers.clear();
  pass(1s);
  EXPECT_EQ(client->state(), State::ready);
}

TEST_F(RedisFaults, AReadOnlyReplicaThatStaysOneIsNoTightLoop) {
  open();
  server.answers["SET"] = "-READONLY You can't write against a read only replica.\r\n";
  auto const before = server.dialled.size();
  for (int i = 0; i < 6000; ++i) {
    pass(10ms);
    if (client->ready()) in_turn([&] { client->command({"SET", "a", "b"}); });
  }
  EXPECT_LT(server.dialled.size() - before, 60U) << "one a second";
}

TEST_F(RedisFaults, TroubleOfTheServerIsToldUntilItHasPassed) {
  open();
  for (auto const* const error : {"OOM command not allowed when used memory > 'maxmemory'.", "MISCONF disk",
                                  "BUSY Redis is busy running a script."}) {
    server.answers["SET"] = "-" + std::string(error) + "\r\n";
    in_turn([&] { client->command({"SET", "a", "b"}, note("set")); });
    EXPECT_EQ(states.back(), "degraded (refused)");
    EXPECT_EQ(last_reason, "Redis at redis:6379: " + std::string(error));
    EXPECT_EQ(taken(answers), Texts{"set: -" + std::string(error)});
    in_turn([&] { client->command({"ECHO", "x"}); });
    EXPECT_EQ(states.back(), "ready");
  }
  EXPECT_EQ(server.connections(), 1U) << "the connection stays";
}

constexpr char const* not_now[] = {
    "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
    "LOADING Redis is loading the dataset in memory",
    "TRYAGAIN Multiple keys request during rehashing of slot",
    "CLUSTERDOWN The cluster is down",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.",
    "NOREPLICAS Not enough good replicas to write."};

TEST_F(RedisFaults, WhatIsPublishedWaitsInItsOrderWhileRedisTakesNothing) {
  open();
  auto a = client->subscribe("x", hear("a"));
  run();
  for (std::string const error : not_now) {
    server.commands.clear();
    server.answers["PUBLISH"] = "-" + error + "\r\n";
    in_turn([&] {
      for (auto const* const text : {"1", "2", "3"})
        client->publish("x", text, note(text));
    });
    EXPECT_EQ(client->state(), State::degraded) << error;
    in_turn([&] { client->publish("x", "4", note("4")); });
    for (int i = 0; i < 10; ++i)
      pass(100ms);
    EXPECT_EQ(taken(answers), Texts{}) << error;
    EXPECT_LE(server.count("PUBLISH"), 3U + 10U) << "one at a time is tried";
    server.answers.erase("PUBLISH");
    pass(100ms);
    EXPECT_EQ(taken(answers), (Texts{"1: 1", "2: 1", "3: 1", "4: 1"})) << error;
    EXPECT_EQ(taken(heard), (Texts{"a: x 1", "a: x 2", "a: x 3", "a: x 4"})) << error;
    EXPECT_EQ(client->state(), State::ready);
    in_turn([&] { client->publish("x", "5", note("5")); });
    EXPECT_EQ(taken(answers), Texts{"5: 1"}) << "at once again";
    taken(heard);
  }
  EXPECT_EQ(server.connections(), 2U) << "the connections stay";
  EXPECT_EQ(client->stats().outbox, 0U);
  EXPECT_EQ(client->stats().pending, 0U);
}

TEST_F(RedisFaults, WhatRedisDoesNotTakeInTimeIsGivenUp) {
  open();
  for (std::string const error : not_now) {
    server.answers["PUBLISH"] = "-" + error + "\r\n";
    in_turn([&] {
      client->publish("x", "1", note("1"));
      client->publish("x", "2", note("2"));
    });
    for (int i = 0; i < 54; ++i)
      pass(100ms);
    EXPECT_EQ(taken(answers), (Texts{"1: (not sent)", "2: (not sent)"})) << error;
    EXPECT_EQ(client->stats().pending, 0U);
    server.answers.erase("PUBLISH");
    in_turn([&] { client->publish("x", "3", note("3")); });
    pass(1s);
    EXPECT_EQ(taken(answers), Texts{"3: 0"});
  }
  EXPECT_EQ(client->stats().dropped, 2 * std::size(not_now));
}

TEST_F(RedisFaults, WhatIsOvertakenIsGivenUpAndDoesNotComeLate) {
  open();
  auto a = client->subscribe("x", hear("a"));
  run();
  server.refuse_next("PUBLISH", "-BUSY Redis is busy running a script.\r\n");
  in_turn([&] {
    client->publish("x", "3", note("3"));
    client->publish("x", "4", note("4"));
  });
  EXPECT_EQ(taken(answers), (Texts{"4: 1", "3: (not sent)"}));
  for (int i = 0; i < 20; ++i)
    pass(100ms);
  EXPECT_EQ(heard, Texts{"a: x 4"});
}

TEST_F(RedisFaults, AClientMayEndWhilePublicationsWaitForRedisToTakeThem) {
  for (auto const destroy : {false, true}) {
    server.answers["PUBLISH"] = "-BUSY Redis is busy running a script.\r\n";
    open();
    in_turn([&] { client->publish("x", "1", note("1")); });
    if (destroy) {
      client.reset();
    } else {
      in_turn([&] { client->close(); });
    }
    run();
    EXPECT_EQ(taken(answers), destroy ? Texts{} : Texts{"1: (not sent)"});
    server.answers.erase("PUBLISH");
  }
}

TEST_F(RedisFaults, AChannelThatIsForbiddenIsToldAndTriedAgain) {
  server.forbidden.insert("secret");
  open();
  Subscription a, b;
  in_turn([&] {
    a = client->subscribe("secret", hear("a"), confirm("a"));
    b = client->subscribe("open", hear("b"), confirm("b"));
  });
  EXPECT_EQ(confirmed, Texts{"b"});
  EXPECT_EQ(states.back(), "degraded (no permission)");
  EXPECT_NE(last_reason.find("refuses a subscription to secret: NOPERM"), std::string::npos) << last_reason;
  pass(60s);
  EXPECT_LE(server.count("SUBSCRIBE secret"), 3U);
  server.forbidden.clear();
  pass(5s);
  EXPECT_EQ(confirmed, (Texts{"b", "a"}));
  EXPECT_EQ(states.back(), "ready");
}

/// Whatever a server sends, to the connection of the commands or to that of the subscriptions: the connection
/// ends, the client lives.
TEST_F(RedisFaults, WhatIsNoReplyEndsTheConnection) {
  std::string deep;
  for (int i = 0; i < 10'000; ++i)
    deep += "*1\r\n";
  struct {
    std::string bytes;
    bool to_subscriber;
  } const cases[] = {
      {"HTTP/1.1 400 Bad Request\r\n\r\n", false},
      {"+OK\r\n", false},
      {"$-2\r\n", false},
      {"*99999999999\r\n", false},
      {deep, false},
      {"HTTP/1.1 400 Bad Request\r\n\r\n", true},
      {":1\r\n", true},
      {"+PONG\r\n", true},
      {"*0\r\n", true},
      {"*-1\r\n", true},
      {"*1\r\n$7\r\nmessage\r\n", true},
      {"*2\r\n$7\r\nmessage\r\n$1\r\nx\r\n", true},
      {"*3\r\n$7\r\nmessage\r\n:1\r\n$1\r\nx\r\n", true},
      {"*3\r\n$7\r\nmessage\r\n$1\r\nx\r\n*0\r\n", true},
      {"*3\r\n$8\r\npmessage\r\n$1\r\nx\r\n$1\r\nx\r\n", true},
      {"*4\r\n$7\r\nmessage\r\n$1\r\nx\r\n$1\r\nx\r\n$1\r\nx\r\n", true},
      {"*3\r\n$9\r\nsubscribe\r\n$1\r\nx\r\n:1\r\n", true},
      {"*3\r\n*0\r\n$1\r\nx\r\n:1\r\n", true},
      {"*2\r\n$4\r\npong\r\n$0\r\n\r\n", true},
      {"*3\r\n$5\r\nother\r\n$1\r\nx\r\n:1\r\n", true},
      {deep, true},
  };
  for (auto const& [bytes, to_subscriber] : cases) {
    SCOPED_TRACE(bytes.substr(0, 40));
    open();
    Subscription a;
    in_turn([&] { a = client->subscribe("x", hear("a")); });
    ASSERT_EQ(client->state(), State::ready);
    server.send_raw(bytes, to_subscriber);
    run();
    EXPECT_EQ(client->state(), State::degraded);
    EXPECT_EQ(states.back(), "degraded (protocol)");
    EXPECT_EQ(client->stats().protocol_errors, 1U);
    pass(1s);
    EXPECT_EQ(client->state(), State::ready);
    EXPECT_TRUE(heard.empty());
    client.reset();
    run();
  }
}

TEST_F(RedisFaults, AnEndThatTheServerSaysByItselfIsSubscribedAnew) {
  open();
  Subscription a;
  in_turn([&] { a = client->ssubscribe("x", hear("a"), confirm("a")); });
  server.send_raw("*3\r\n$12\r\nsunsubscribe\r\n$1\r\nx\r\n:0\r\n", true);
  run();
  EXPECT_EQ(server.count("SSUBSCRIBE x"), 2U);
  EXPECT_EQ(confirmed, (Texts{"a", "a again"}));
  EXPECT_EQ(client->stats().gaps, 1U);
}

TEST_F(RedisFaults, AReplyThatIsTooLargeEndsTheConnection) {
  options.limits.bytes = 1000;
  open();
  in_turn([&] { client->command({"ECHO", std::string(1001, 'x')}, note("e")); });
  EXPECT_EQ(answers, Texts{"e: (connection lost)"});
  EXPECT_NE(last_reason.find("ReplyLimits::bytes"), std::string::npos) << last_reason;
}

TEST_F(RedisFaults, OfSeveralAddressesTheNextIsTried) {
  options.url = "redis://a,b,c";
  server.up = false;
  open();
  for (int i = 0; i < 3; ++i)
    pass(5s);
  EXPECT_EQ((Texts(server.dialled.begin(), server.dialled.begin() + 4)),
            (Texts{"a:6379", "b:6379", "c:6379", "a:6379"}));
}

}}  // namespace aerie::redis
