#include "unit/socketio/logged_fixture.hpp"

namespace aerie::socketio::test { namespace {

/// What becomes of the sockets that there are: their records, and who owns them.
class LoggedSessions : public LoggedFixture {
 protected:
  LoggedSessions() {
    start();
    start();
  }
};

TEST_P(LoggedSessions, AreWrittenWhenASocketConnectsAndWhenItsRoomsChange) {
  ReturningClient client(members[0]->world);
  connect(client);
  auto const* record = log.session(client.pid);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->rooms, Strings{client.id});
  send(client, R"(2["join","room"])");
  EXPECT_EQ(log.session(client.pid)->rooms, (Strings{client.id, "room"}));
  send(client, R"(2["leave","room"])");
  record = log.session(client.pid);
  EXPECT_EQ(record->rooms, Strings{client.id});
  EXPECT_EQ(record->stays.size(), 2U) << "what it was in lately is known as well";
}

TEST_P(LoggedSessions, AreWrittenAgainForAsLongAsTheirServerLivesAndEndByThemselves) {
  ReturningClient client(members[0]->world);
  connect(client);
  for (int i = 0; i < 4; ++i) {
    pass(20s);
    client.read();
  }
  auto found = moved(client, 1);
  kill(0, client);
  connect(found);
  EXPECT_TRUE(found.recovered);
  kill(1, found);
  pass(window + 6s);
  start();
  auto late = moved(found, 2);
  connect(late);
  EXPECT_TRUE(late.connected);
  EXPECT_FALSE(late.recovered);
}

TEST_P(LoggedSessions, OfThoseWhoLeaveAreForgotten) {
  ReturningClient client(members[0]->world);
  connect(client);
  EXPECT_EQ(log.session_count(), 1U);
  send(client, "1");
  EXPECT_EQ(log.session_count(), 0U);
}

TEST_P(LoggedSessions, AreLostToWhoeverHasTakenThem) {
  ReturningClient client(members[0]->world);
  connect(client);
  client.vanish();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 0U) << "the old connection has ended";
  EXPECT_EQ(members[1]->io->sockets().socket_count(), 1U);
}

TEST_P(LoggedSessions, OfAServerThatStoodStillAreNotItsOwnAnyMore) {
  ReturningClient client(members[0]->world);
  connect(client);
  send(client, R"(2["join","old"])");
  auto elsewhere = taken_while_standing_still(client);
  ASSERT_TRUE(elsewhere.recovered);
  send(elsewhere, R"(2["leave","old"])");
  send(elsewhere, R"(2["join","new"])");
  pass(3s);
  go_on(0);
  pass(1s);
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 0U);
  EXPECT_EQ(members[1]->io->sockets().socket_count(), 1U) << "whoever has the session keeps it";
  EXPECT_EQ(log.session(client.pid)->rooms, (Strings{client.id, "new"}))
      << "what the server thought that had stood still has not been written";
}

// The log has its record, and the answer that says so is lost.
TEST_P(LoggedSessions, AreNotTakenBackByAServerThatNeverHeardThatTheyAreKept) {
  log.delay = [] { return LogModel::Time{100}; };
  ReturningClient client(members[0]->world);
  connect(client);
  pass(100ms);
  ASSERT_NE(log.session(client.pid), nullptr);
  log.cut(0, now + 1'000);
  log.delay = [] { return LogModel::Time{0}; };
  client.vanish();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  send(elsewhere, R"(2["join","new"])");
  pass(6s);
  EXPECT_EQ(log.session(client.pid)->rooms, (Strings{client.id, "new"}));
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 0U);
}

TEST_P(LoggedSessions, OfThoseWhoLeaveAreForgottenWhenTheLogIsThereAgain) {
  ReturningClient client(members[0]->world);
  connect(client);
  log.cut(0, now + 8'000);
  send(client, "1");
  EXPECT_EQ(log.session_count(), 1U);
  pass(9s);
  EXPECT_EQ(log.session_count(), 0U);
}

TEST_P(LoggedSessions, ThatHaveEndedElsewhereAreNotWrittenAgain) {
  ReturningClient client(members[0]->world);
  connect(client);
  auto elsewhere = taken_while_standing_still(client);
  ASSERT_TRUE(elsewhere.recovered);
  send(elsewhere, "1");
  EXPECT_EQ(log.session_count(), 0U);
  go_on(0);
  pass(6s);
  EXPECT_EQ(log.session_count(), 0U);
}

// The log forgets all sessions while one server still has a connection that is dead, and another one the
// client.
TEST_P(LoggedSessions, ThatTheLogHasLostBeginAgainWhereTheirClientsAre) {
  ReturningClient client(members[0]->world);
  connect(client);
  send(client, R"(2["join","old"])");
  auto elsewhere = taken_while_standing_still(client);
  ASSERT_TRUE(elsewhere.recovered);
  send(elsewhere, R"(2["leave","old"])");
  log.cut(0, now + 1'000);
  go_on(0);
  log.jump(3'600'000);
  for (int second = 0; second < 6; ++second) {
    pass(1s);
    elsewhere.read();
    EXPECT_EQ(log.session(client.pid), nullptr) << "nobody knows yet where the client is";
  }
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 1U);
  for (int second = 0; second < 60; ++second) {
    pass(1s);
    elsewhere.read();
  }
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 0U);
  EXPECT_EQ(members[1]->io->sockets().socket_count(), 1U);
  ASSERT_NE(log.session(client.pid), nullptr);
  EXPECT_EQ(log.session(client.pid)->rooms, Strings{client.id});
}

// It is late twice, for less than anybody notices each time: with the ping, and with its timeout.
TEST_P(LoggedSessions, DoNotSayThatAClientHasHadWhatWasSentToADeadConnection) {
  ReturningClient client(members[0]->world);
  connect(client);
  client.vanish();
  emit(0, "missed");
  pass(24'900ms);
  for (auto const running : {19'900ms, 0ms}) {
    stop(0);
    pass(1'900ms);
    go_on(0);
    pass(running);
  }
  EXPECT_EQ(members[0]->io->sockets().socket_count(), 0U);
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  EXPECT_TRUE(elsewhere.recovered);
  EXPECT_EQ(elsewhere.take_events(), Strings{R"(["missed",1])"});
}

TEST_P(LoggedSessions, AreWrittenWhenTheLogIsThereAgain) {
  ReturningClient client(members[0]->world);
  connect(client);
  log.cut(0, now + 8'000);
  send(client, R"(2["join","room"])");
  EXPECT_EQ(log.session(client.pid)->rooms, Strings{client.id});
  pass(14s);
  EXPECT_EQ(log.session(client.pid)->rooms, (Strings{client.id, "room"}));
}

TEST_P(LoggedSessions, AreWrittenAtOnceWhenAConnectionThatBrokeIsThereAgain) {
  ReturningClient client(members[0]->world);
  connect(client);
  // On its way to the log when the connection breaks.
  log.delay = [] { return LogModel::Time{50}; };
  client.send(R"(2["join","room"])");
  members[0]->world.run();
  log.pass(now);
  log.cut(0, now + 50);
  log.delay = [] { return LogModel::Time{0}; };
  pass(600ms);
  EXPECT_EQ(log.session(client.pid)->rooms, (Strings{client.id, "room"}));
}

TEST_P(LoggedSessions, OfALogThatWasEmptiedEndWithTheirConnections) {
  ReturningClient client(members[0]->world);
  ReturningClient other(members[1]->world);
  connect(client);
  connect(other);
  emit(0, "before");
  EXPECT_EQ(client.take_events(), Strings{R"(["before",1])"});
  pass(100ms);
  log.flush();
  emit(0, "after");
  for (auto* const each : {&client, &other}) {
    each->read();
    EXPECT_TRUE(each->socket->closed());
    connect(*each);
    EXPECT_TRUE(each->connected);
    EXPECT_FALSE(each->recovered);
  }
}

TEST_P(LoggedSessions, SayThatEventsWereLostWithTheLogsEnd) {
  ReturningClient reader(members[0]->world);
  ReturningClient away(members[1]->world);
  connect(reader);
  connect(away);
  emit(0, "kept");
  EXPECT_EQ(away.take_events(), Strings{R"(["kept",1])"});
  away.cut();
  log.copy();
  emit(0, "lost");
  EXPECT_EQ(reader.take_events(), (Strings{R"(["kept",1])", R"(["lost",1])"}));
  EXPECT_EQ(log.fail_over(now).size(), 1U);
  pass(100ms);
  emit(1, "later");
  reader.read();
  EXPECT_TRUE(reader.socket->closed());
  for (auto* const each : {&reader, &away}) {
    connect(*each);
    EXPECT_TRUE(each->connected);
    EXPECT_FALSE(each->recovered) << "one of them has missed what others have heard";
  }
}

TEST_P(LoggedSessions, StandAfterAFailoverThatHasLostNothing) {
  ReturningClient client(members[0]->world);
  connect(client);
  emit(0, "before");
  EXPECT_EQ(client.take_events(), Strings{R"(["before",1])"});
  client.cut();
  log.copy();
  EXPECT_TRUE(log.fail_over(now).empty());
  pass(100ms);
  emit(1, "after");
  connect(client);
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), Strings{R"(["after",1])"});
}

TEST_P(LoggedSessions, AreNoneTheLessExactWhenTheConnectionBreaksAtAnyMoment) {
  for (bool const arrives : {false, true}) {
    ReturningClient client(members[1]->world);
    connect(client);
    log.arrived = [arrives] { return arrives; };
    log.delay = [] { return LogModel::Time{50}; };
    in_turn(0, [&] { members[0]->io->emit("first", 1); });
    in_turn(0, [&] { members[0]->io->emit("second", 1); });
    log.cut(0, now);
    log.cut(1, now + 200);
    pass(1s);
    EXPECT_EQ(client.take_events(), (Strings{R"(["first",1])", R"(["second",1])"}));
    log.delay = [] { return LogModel::Time{0}; };
    client.cut();
    pass(1s);
  }
}

INSTANTIATE_TEST_SUITE_P(OnShards, LoggedSessions, testing::Values(1U, 3U));

}}  // namespace aerie::socketio::test
