#include "unit/socketio/logged_fixture.hpp"

namespace aerie::socketio::test { namespace {

/// Those who come back.
class LoggedClaims : public LoggedFixture {
 protected:
  LoggedClaims() {
    start();
    start();
  }
};

TEST_P(LoggedClaims, AreMadeAtAnyServer) {
  ReturningClient client(members[0]->world);
  connect(client);
  auto const id = client.id;
  send(client, R"(2["join","room"])");
  emit(1, "live", "room");
  EXPECT_EQ(client.take_events(), Strings{R"(["live",1])"});
  client.cut();
  emit(0, "missed", "room");
  emit(1, "missed too");
  emit(1, "for others", "others");
  auto elsewhere = moved(client, 1);
  connect(elsewhere, 1);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.id, id);
  EXPECT_EQ(elsewhere.take_events(), (Strings{R"(["missed",1])", R"(["missed too",1])"}));
  emit(0, "live again", "room");
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["live again",1])"});
}

TEST_P(LoggedClaims, AreGoodWhenTheServerWasKilled) {
  ReturningClient client(members[0]->world);
  connect(client);
  send(client, R"(2["join","room"])");
  auto elsewhere = moved(client, 1);
  kill(0, client);
  emit(1, "missed", "room");
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedClaims, OfClientsWithoutAnyEventBeginWhereTheyHaveConnected) {
  emit(0, "before");
  ReturningClient client(members[0]->world);
  connect(client);
  client.cut();
  emit(0, "missed");
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedClaims, CompareOffsetsAndDoNotLookThemUp) {
  ReturningClient client(members[0]->world);
  connect(client);
  emit(0, "long ago");
  EXPECT_EQ(client.take_events(), Strings{R"(["long ago",1])"});
  // No server remembers that event any more; others came meanwhile that were not for this client.
  for (int i = 0; i < 100; ++i) {
    pass(1s);
    client.read();
    emit(0, "for others", "others");
  }
  client.cut();
  emit(1, "missed");
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedClaims, ReadWhatTheirServerHasNotSeenItself) {
  ReturningClient client(members[0]->world);
  connect(client);
  client.cut();
  emit(0, "missed");
  start();
  auto elsewhere = moved(client, 2);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedClaims, WaitForAServerThatIsBehind) {
  ReturningClient client(members[0]->world);
  connect(client);
  log.cut(1, now + 1'000);
  emit(0, "heard");
  EXPECT_EQ(client.take_events(), Strings{R"(["heard",1])"});
  client.cut();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_FALSE(elsewhere.connected);
  pass(2s);
  elsewhere.read();
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{}) << "it has had everything";
}

TEST_P(LoggedClaims, KnowTheRoomsAsTheyWereWhenEachEventWasSent) {
  ReturningClient client(members[0]->world);
  connect(client);
  emit(0, "too early", "room");
  send(client, R"(2["join","room"])");
  emit(0, "heard", "room");
  send(client, R"(2["leave","room"])");
  emit(0, "too late", "room");
  // As if nothing of it had come.
  client.cut();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["heard",1])"});
}

TEST_P(LoggedClaims, ThatAreRefusedCostNothing) {
  ReturningClient client(members[0]->world);
  connect(client);
  client.cut();
  emit(0, "missed");
  struct Case {
    std::string_view what;
    std::string offset;
  };
  // Each is refused for a reason of its own, and at once or after the patience of a server.
  for (auto const& [what, offset] :
       {Case{"no offset at all", "nonsense"}, Case{"one that the log has not reached", "9999999999999-0"}}) {
    auto intruder = moved(client, 1);
    intruder.offset = offset;
    connect(intruder);
    pass(6s);
    intruder.read();
    EXPECT_TRUE(intruder.connected) << what;
    EXPECT_FALSE(intruder.recovered) << what;
  }
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedClaims, ThatEndWithTheirConnectionCostNothing) {
  ReturningClient client(members[0]->world);
  connect(client);
  client.cut();
  emit(0, "missed");
  log.delay = [] { return LogModel::Time{100}; };
  // Cut after each step that a claim takes.
  for (int steps = 0; steps < 8; ++steps) {
    auto attempt = moved(client, static_cast<std::size_t>(steps % 2));
    attempt.ask_to_connect(0);
    for (int i = 0; i < steps; ++i)
      pass(100ms);
    attempt.cut();
    run();
  }
  log.delay = [] { return LogModel::Time{0}; };
  pass(1s);
  auto last = moved(client, 1);
  connect(last);
  EXPECT_TRUE(last.recovered);
  EXPECT_EQ(last.take_events(), Strings{R"(["missed",1])"});
}

// Of two claims of one client the first, whose connection has gone, is slow: meanwhile it is back, and in
// other rooms.
TEST_P(LoggedClaims, TakeNoSessionFromAClientThatIsBackMeanwhile) {
  ReturningClient client(members[0]->world);
  connect(client);
  client.cut();
  run();
  auto slow = moved(client, 1);
  slow.ask_to_connect(0);
  for (int round = 0; round < 4; ++round)
    members[1]->world.run();
  log.pass(now);
  stop(1);
  auto back = moved(client, 0);
  connect(back);
  ASSERT_TRUE(back.recovered);
  send(back, R"(2["join","room"])");
  go_on(1);
  slow.read();
  EXPECT_FALSE(slow.connected);
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 1U) << "the one that is there stays";
  EXPECT_EQ(log.session(client.pid)->rooms.size(), 2U) << "with the room that it has joined";
}

TEST_P(LoggedClaims, AreRefusedWhereNobodyKnowsWhichRoomsTheyWereIn) {
  members[0]->io->on("wander", [](Socket& socket) {
    for (int i = 0; i < 1'000; ++i) {
      socket.join("r" + std::to_string(i));
      socket.leave("r" + std::to_string(i));
    }
  });
  for (auto const wanders : {false, true}) {
    ReturningClient client(members[0]->world);
    connect(client);
    send(client, R"(2["join","room"])");
    emit(0, "missed", "room");
    send(client, R"(2["leave","room"])");
    if (wanders) send(client, R"(2["wander"])");
    client.cut();
    auto elsewhere = moved(client, 1);
    connect(elsewhere);
    EXPECT_EQ(elsewhere.recovered, !wanders);
  }
}

TEST_P(LoggedClaims, AndAllOthersWaitUntilItIsKnownWhatIsNotMissed) {
  for (auto const away : {3'000U, 8'000U}) {
    auto const number = members.size();
    log.cut(number, now + away);
    start();
    ReturningClient client(members[number]->world);
    connect(client);
    EXPECT_FALSE(client.connected);
    emit(0, "early");
    pass(6s);
    client.read();
    EXPECT_TRUE(client.connected) << "nobody waits for ever";
    pass(4s);
    client.read();
    EXPECT_EQ(client.socket->closed(), away > 5'000) << "who was let in before may have missed something";
  }
}

// What is cut off meanwhile is of other namespaces.
TEST_P(LoggedClaims, OfAQuietNamespaceAreGoodForAsLongAsAServerHasTheirClients) {
  ReturningClient client(members[0]->world);
  connect(client);
  emit(0, "the last one");
  EXPECT_EQ(client.take_events().size(), 1U);
  auto busy = members[0]->io->of("/busy").all();
  members[1]->io->of("/busy");
  for (int i = 0; i < 40; ++i) {
    pass(5s);
    client.read();
    in_turn(0, [&] { busy.emit("noise", i); });
  }
  ASSERT_LT(log.entries().size(), 30U) << "what was there when it had its last event is gone";
  start();
  auto elsewhere = moved(client, 2);
  kill(0, client);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
}

TEST_P(LoggedClaims, AreAskedByTheMiddlewaresAgain) {
  bool locked_out = false;
  members[1]->io->use([&](Socket&, Next const& next) {
    if (locked_out) return next(ConnectError("locked out"));
    next();
  });
  ReturningClient client(members[0]->world);
  connect(client);
  client.cut();
  emit(0, "missed");
  locked_out = true;
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_FALSE(elsewhere.connected);
  EXPECT_EQ(elsewhere.take_events(), Strings{});
  locked_out = false;
  auto again = moved(client, 1);
  connect(again);
  EXPECT_TRUE(again.recovered);
  EXPECT_EQ(again.take_events(), Strings{R"(["missed",1])"});
}

/// Where something that was missed has gone.
class LoggedGaps : public LoggedFixture {};

TEST_P(LoggedGaps, AreToldWhereTheCeilingHasCut) {
  log = LogModel({.keep_for = 100'000, .ceiling = 20, .command_timeout = 5'000});
  recovery.max_retained = 1'024;
  start();
  for (std::size_t const many : {10U, 30U}) {
    ReturningClient client(members[0]->world);
    connect(client);
    client.cut();
    for (std::size_t i = 0; i < many; ++i)
      emit(0, "missed");
    connect(client);
    EXPECT_TRUE(client.connected);
    EXPECT_EQ(client.recovered, many < 20);
    EXPECT_EQ(client.take_events().size(), many < 20 ? many : 0);
  }
}

TEST_P(LoggedGaps, AreNoneWhereAServerStoodStillWhenItsClientWasCut) {
  log = LogModel({.keep_for = 300'000, .ceiling = 10'000, .command_timeout = 5'000});
  recovery.max_disconnection_duration = 90s;
  start();
  start();
  ReturningClient client(members[0]->world);
  connect(client);
  for (int i = 0; i < 3; ++i) {
    pass(20s);
    client.read();
  }
  emit(0, "missed");
  client.socket->websocket->connection.reset();
  // By its clock, when it goes on, everybody has lived until long after that event.
  members[0]->behind += 60s;
  go_on(0);
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedGaps, AreToldWhereTheClockHasJumpedAndBack) {
  start();
  ReturningClient client(members[0]->world);
  connect(client);
  pass(1s);
  client.cut();
  emit(0, "missed");
  pass(1s);
  // What was to be kept is cut off as too old, and the clock is right again.
  log.jump(200'000);
  emit(0, "in between");
  log.jump(-200'000);
  start();
  emit(0, "afterwards");
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.connected);
  EXPECT_FALSE(elsewhere.recovered) << "the new server does not know what was cut off";
}

TEST_P(LoggedGaps, AreNoneWhereTheClockWasSetBack) {
  start();
  start();
  ReturningClient client(members[0]->world);
  connect(client);
  emit(0, "heard");
  EXPECT_EQ(client.take_events().size(), 1U);
  client.cut();
  log.jump(-100'000);
  emit(0, "missed");
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

INSTANTIATE_TEST_SUITE_P(OnShards, LoggedClaims, testing::Values(1U, 3U));
INSTANTIATE_TEST_SUITE_P(OnShards, LoggedGaps, testing::Values(1U, 3U));

}}  // namespace aerie::socketio::test
