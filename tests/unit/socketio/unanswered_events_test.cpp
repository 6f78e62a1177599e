// Events that are sent again until their client has answered.
#include "unit/socketio/logged_fixture.hpp"

#include <optional>

namespace aerie::socketio::test { namespace {

/// What became of one: "yes" and its answer, or why there is none; empty until then.
std::string outcome_of(AckReply const& reply) {
  if (!reply.ok()) return std::string(to_string(reply.error()));
  std::string text = "yes";
  for (std::size_t i = 0; i < reply.args().size(); ++i)
    text += " " + json::stringify(reply.args()[i]);
  return text;
}

/// Emits to all of a server's sockets of the shard that it is called on.
void ask(aerie::Server& io, std::string& outcome, core::Milliseconds within) {
  io.sockets().for_each_local([&](Socket& socket) {
    socket.at_least_once(within).emit("ask", 1, [&](AckReply const& reply) { outcome += outcome_of(reply); });
  });
}

/// The number under which the client is to answer the last event that has come; nothing if none has.
std::optional<std::string> asked(ReturningClient& client) {
  client.read();
  auto const others = std::exchange(client.others, {});
  std::optional<std::string> number;
  for (auto const& packet : others) {
    if (packet.ends_with(R"(["ask",1])")) number = packet.substr(1, packet.find('[') - 1);
  }
  return number;
}

class UnansweredEventsInMemory : public RecoveryFixture {
 protected:
  UnansweredEventsInMemory() : RecoveryFixture(3) {}

  ReturningClient asked_client(core::Milliseconds within = 30s) {
    auto client = connect(0);
    world.in_turn([&] { ask(*io, outcome, within); }, 0);
    return client;
  }
  void answer(ReturningClient& client, std::string const& number) {
    client.send("3" + number + R"(["fine",2])");
    world.run();
  }

  /// Bytes that all shards account for.
  std::size_t used() {
    std::size_t bytes = 0;
    for (std::size_t shard = 0; shard < 3; ++shard)
      bytes += world.runtime.shard(shard).account().used();
    return bytes;
  }

  std::string outcome;
};

TEST_F(UnansweredEventsInMemory, AreSentAgainUnderTheirNumberOnWhateverShardTheirClientComesBackTo) {
  start_recovering();
  auto client = asked_client();
  auto const number = asked(client);
  ASSERT_TRUE(number);
  for (std::size_t const shard : {0U, 1U, 2U, 0U}) {
    client.cut();
    client.order.clear();
    client.connect(shard);
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(asked(client), number) << "on shard " << shard;
  }
  EXPECT_EQ(outcome, "");
  answer(client, *number);
  EXPECT_EQ(outcome, R"(yes "fine" 2)");
  client.cut();
  client.connect(1);
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(asked(client), std::nullopt) << "it has been answered";
  EXPECT_EQ(outcome, R"(yes "fine" 2)");
}

TEST_F(UnansweredEventsInMemory, AreNotThoseThatNobodyHasAskedToBe) {
  start_recovering();
  auto client = connect(0);
  world.in_turn([&] {
    io->sockets().for_each_local([&](Socket& socket) {
      socket.timeout(30s).emit("ask", 1, [&](AckReply const& reply) { outcome += outcome_of(reply); });
    });
  });
  EXPECT_TRUE(asked(client));
  client.cut();
  EXPECT_EQ(outcome, "socket has been disconnected");
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(asked(client), std::nullopt);
}

TEST_F(UnansweredEventsInMemory, EndWithTheirTime) {
  start_recovering();
  for (auto const is_away : {false, true}) {
    outcome.clear();
    auto client = asked_client(5s);
    if (is_away) client.cut();
    world.advance(4'999ms);
    EXPECT_EQ(outcome, "") << is_away;
    world.advance(2ms);
    EXPECT_EQ(outcome, "operation has timed out") << is_away;
    if (!is_away) {
      EXPECT_TRUE(asked(client));
      client.cut();
    }
    client.connect(1);
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(asked(client), std::nullopt) << is_away;
    client.cut();
  }
}

TEST_F(UnansweredEventsInMemory, EndWithTheSession) {
  start_recovering({.max_disconnection_duration = 10s});
  auto client = asked_client();
  client.cut();
  EXPECT_EQ(outcome, "");
  world.advance(10'001ms);
  EXPECT_EQ(outcome, "socket has been disconnected") << "it has not come back in time";
  outcome.clear();
  auto other = asked_client();
  other.send("1");
  world.run();
  EXPECT_EQ(outcome, "socket has been disconnected") << "it has left";
}

TEST_F(UnansweredEventsInMemory, CountForTheAccountAndForWhatASocketMayOwe) {
  aerie::ServerOptions options;
  options.connection_state_recovery = RecoveryOptions{};
  options.max_pending_acks_per_socket = 2;
  start(std::move(options));
  auto client = connect(0);
  auto const before = used();
  world.in_turn([&] {
    io->sockets().for_each_local([&](Socket& socket) {
      auto const large = std::string(100'000, 'x');
      auto const emit = [&] { socket.at_least_once(9s).emit("ask", large, [](AckReply const&) {}); };
      emit();
      emit();
      EXPECT_THROW(emit(), std::length_error);
    });
  });
  client.cut();
  EXPECT_GT(used(), before + 190'000);
  client.connect(1);
  EXPECT_TRUE(client.recovered);
  client.send("1");
  world.run();
  EXPECT_LT(used(), before + 100'000);
}

TEST_F(UnansweredEventsInMemory, HaveATimeoutAloneWhereNobodyIsRecovered) {
  start();
  std::string without;
  auto client = connect(0);
  world.in_turn([&] { ask(*io, without, 5s); });
  EXPECT_TRUE(asked(client));
  client.cut();
  EXPECT_EQ(without, "socket has been disconnected");
}

/// The same over a log, where the session is another server's afterwards.
class UnansweredEventsOverALog : public LoggedFixture {
 protected:
  UnansweredEventsOverALog() {
    start();
    start();
  }
  void ask_from(std::size_t server, core::Milliseconds within = 30s) {
    for (std::size_t shard = 0; shard < GetParam(); ++shard)
      members[server]->world.in_turn([&] { ask(*members[server]->io, outcome, within); }, shard);
    run();
  }
  void answer(ReturningClient& client, std::string const& number) {
    send(client, "3" + number + R"(["fine",2])");
    run();
  }

  std::string outcome;
};

TEST_P(UnansweredEventsOverALog, AreAnsweredToTheServerThatHasAskedWhereverTheirClientIs) {
  ReturningClient client(members[0]->world);
  connect(client);
  ask_from(0);
  ASSERT_TRUE(asked(client));
  ASSERT_EQ(log.session(client.pid)->unanswered.size(), 1U);
  client.cut();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  auto const number = asked(elsewhere);
  ASSERT_TRUE(number);
  EXPECT_EQ(outcome, "");
  answer(elsewhere, *number);
  EXPECT_EQ(outcome, R"(yes "fine" 2)");
  EXPECT_TRUE(log.session(client.pid)->unanswered.empty());
}

TEST_P(UnansweredEventsOverALog, AreSentByAnotherServerWhenTheirOwnWasKilled) {
  ReturningClient client(members[0]->world);
  connect(client);
  ask_from(0);
  auto elsewhere = moved(client, 1);
  kill(0, client);
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  auto const number = asked(elsewhere);
  ASSERT_TRUE(number);
  // Nobody waits any more; it has been answered all the same.
  answer(elsewhere, *number);
  EXPECT_TRUE(log.session(client.pid)->unanswered.empty());
  elsewhere.cut();
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  EXPECT_EQ(asked(elsewhere), std::nullopt);
}

TEST_P(UnansweredEventsOverALog, OfAServerThatStoodStillAreTheOthers) {
  ReturningClient client(members[0]->world);
  connect(client);
  ask_from(0);
  ASSERT_TRUE(asked(client));
  auto elsewhere = taken_while_standing_still(client);
  auto const number = asked(elsewhere);
  ASSERT_TRUE(number);
  pass(2s);
  go_on(0);
  pass(1s);
  EXPECT_EQ(outcome, "") << "the connection that ends there is not that of its client any more";
  answer(elsewhere, *number);
  EXPECT_EQ(outcome, R"(yes "fine" 2)");
}

TEST_P(UnansweredEventsOverALog, EndWithTheirTimeAndWithTheSession) {
  ReturningClient late(members[0]->world);
  connect(late);
  ask_from(0, 3s);
  late.cut();
  pass(3s);
  run();
  EXPECT_EQ(outcome, "operation has timed out");
  auto elsewhere = moved(late, 1);
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  EXPECT_EQ(asked(elsewhere), std::nullopt);
  send(elsewhere, "1");

  outcome.clear();
  ReturningClient lost(members[0]->world);
  connect(lost);
  ask_from(0, 100s);
  lost.cut();
  pass(window + 4s);
  EXPECT_EQ(outcome, "");
  pass(3s);
  EXPECT_EQ(outcome, "socket has been disconnected") << "it has not come back";
}

INSTANTIATE_TEST_SUITE_P(OnShards, UnansweredEventsOverALog, testing::Values(1U, 3U));

/// Those who do not come back, over a log.
class LoggedExpiry : public LoggedFixture {
 protected:
  LoggedExpiry() {
    start();
    start();
    for (auto const& member : members) {
      member->io->on_session_expired([this](ExpiredSession const& session) {
        told.push_back(std::string(session.id) + " " + session.rooms.back() + " " +
                       std::string(to_string(session.reason)));
      });
    }
  }
  ReturningClient connected() {
    ReturningClient client(members[0]->world);
    connect(client);
    send(client, R"(2["join","room"])");
    return client;
  }
  Strings told;
};

TEST_P(LoggedExpiry, IsToldOnceByTheServerThatHadThemLast) {
  auto client = connected();
  client.cut();
  pass(window + 4s);
  EXPECT_EQ(told, Strings{});
  pass(3s);
  EXPECT_EQ(told, Strings{client.id + " room transport close"});
  pass(60s);
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(members[0]->io->stats().recovery.expired, 1U);
  connect(client);
  EXPECT_FALSE(client.recovered);
}

TEST_P(LoggedExpiry, IsNotToldOfThoseWhoAreOrHaveLeftElsewhere) {
  auto client = connected();
  client.cut();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  pass(window + 10s);
  EXPECT_EQ(told, Strings{}) << "it is there";
  send(elsewhere, "1");
  pass(window + 10s);
  EXPECT_EQ(told, Strings{}) << "it has left by itself";
  auto soon = connected();
  soon.cut();
  auto there = moved(soon, 1);
  connect(there);
  send(there, "1");
  pass(window + 10s);
  EXPECT_EQ(told, Strings{}) << "it has left by itself before anybody asked";
}

TEST_P(LoggedExpiry, IsToldByTheLastOfSeveral) {
  auto client = connected();
  client.cut();
  auto elsewhere = moved(client, 1);
  connect(elsewhere);
  ASSERT_TRUE(elsewhere.recovered);
  pass(8s);
  elsewhere.cut();
  pass(window + 4s);
  EXPECT_EQ(told, Strings{}) << "the first one has asked meanwhile";
  pass(3s);
  EXPECT_EQ(told.size(), 1U);
}

TEST_P(LoggedExpiry, IsToldWhenTheLogIsThereAgain) {
  auto client = connected();
  client.cut();
  pass(1s);
  log.cut(0, now + 20'000);
  pass(window + 8s);
  EXPECT_EQ(told, Strings{});
  pass(4s);
  EXPECT_EQ(told.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(OnShards, LoggedExpiry, testing::Values(1U, 3U));

}}  // namespace aerie::socketio::test
