// What socket.io-client's connection.ts asserts.
#include "client/suite/official.hpp"

namespace aerie::client_suite {

class OfficialConnection : public Official {};

TEST_F(OfficialConnection, NothingHappensBeforeItIsToldToConnect) {
  auto const manager = make();
  auto const socket = manager.socket();
  int events = 0;
  manager.on("open", [&] { ++events; });
  socket.on("connect", [&] { ++events; });
  work_for(50ms);
  EXPECT_EQ(events, 0);
  EXPECT_FALSE(socket.active());
  EXPECT_TRUE(joins(socket));
  EXPECT_TRUE(until([&] { return events == 2; }));
}

TEST_F(OfficialConnection, ManagersDoNotShareConnectionsAndSocketsOfOneDo) {
  auto const first = make();
  auto const second = make();
  auto const one = first.socket();
  auto const other = second.socket();
  auto const custom = first.socket("/custom");
  ASSERT_TRUE(joins(one));
  ASSERT_TRUE(joins(other));
  ASSERT_TRUE(joins(custom));
  auto const connection = [&](Socket const& socket) { return ask(socket, {{"do", "info"}})["conn"]["id"]; };
  EXPECT_NE(connection(one), connection(other));
  EXPECT_EQ(connection(one), connection(custom));
  EXPECT_EQ(first.socket("custom").nsp(), "/custom");
}

TEST_F(OfficialConnection, AcknowledgementsDatesFalseAndTextsOfAllLanguagesGoBothWays) {
  auto const manager = make();
  auto const socket = manager.socket();
  std::vector<Value> got;
  socket.on("echo", [&](Args const& args) { got.push_back(args[0]); });
  std::vector<std::string> const texts{"てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "😀"};
  ASSERT_TRUE(joins(socket));
  for (auto const& text : texts)
    socket.emit("echo", text);
  socket.emit("echo", false);
  ASSERT_TRUE(until([&] { return got.size() == texts.size() + 1; }));
  for (std::size_t i = 0; i < texts.size(); ++i)
    EXPECT_EQ(got[i], Value(texts[i]));
  EXPECT_EQ(got.back(), Value(false));
  std::optional<Value> types;
  socket.on("types", [&](Args const& args) { types = args[0]; });
  socket.emit("types");
  ASSERT_TRUE(until([&] { return types.has_value(); }));
  EXPECT_EQ(*types, Value("2020-01-02T03:04:05.678Z"));
}

TEST_F(OfficialConnection, ANamespaceIsJoinedOnceTheConnectionIsThereOrGoneAgain) {
  auto const manager = make();
  auto const socket = manager.socket();
  ASSERT_TRUE(joins(socket));
  auto const custom = manager.socket("/custom");
  ASSERT_TRUE(joins(custom));
  custom.disconnect();
  socket.disconnect();
  ASSERT_TRUE(until([&] { return !socket.connected() && !custom.connected(); }));
  ASSERT_TRUE(joins(custom));
  EXPECT_FALSE(socket.connected());
}

TEST_F(OfficialConnection, ReconnectsByItself) {
  auto const manager = make();
  auto const socket = manager.socket();
  int attempts = 0;
  std::optional<int> reconnected;
  std::optional<bool> was_active;
  manager.on("reconnect_attempt", [&] { ++attempts; });
  manager.on("reconnect", [&](int number) { reconnected = number; });
  socket.on("disconnect", [&](std::string const& reason) {
    // The latter if no poll is under way that the server could answer: the next one finds no session.
    EXPECT_TRUE(reason == "transport close" || reason == "transport error") << reason;
    was_active = socket.active();
  });
  ASSERT_TRUE(joins(socket));
  command(socket, {{"do", "closeConn"}});
  ASSERT_TRUE(until([&] { return reconnected && socket.connected(); }));
  EXPECT_EQ(*reconnected, attempts);
  EXPECT_EQ(was_active, true);
}

TEST_F(OfficialConnection, ReconnectsWhenItIsToldToAndByItselfAfterwards) {
  auto const manager = make();
  auto const socket = manager.socket();
  int connects = 0;
  socket.on("connect", [&] { ++connects; });
  ASSERT_TRUE(joins(socket));
  socket.disconnect();
  ASSERT_TRUE(until([&] { return !socket.connected(); }));
  ASSERT_TRUE(joins(socket));
  command(socket, {{"do", "closeConn"}});
  EXPECT_TRUE(until([&] { return connects == 3; }));
}

TEST_F(OfficialConnection, TriesAgainAfterAnAttemptThatHasFailed) {
  SilentServer const silent;
  auto options = quick({.reconnection_attempts = 2, .timeout = 20ms});
  Manager const manager(runtime, silent.url(), options);
  auto const socket = manager.socket();
  int attempts = 0;
  int failures = 0;
  int errors = 0;
  manager.on("reconnect_attempt", [&] { ++attempts; });
  manager.on("reconnect_failed", [&] { ++failures; });
  manager.on("reconnect_error", [&](std::string const& message) {
    EXPECT_EQ(message, "timeout");
    ++errors;
  });
  socket.connect();
  ASSERT_TRUE(until([&] { return failures == 1 && errors == 2; }));
  EXPECT_EQ(attempts, 2);
  // Once more, from the beginning.
  socket.connect();
  ASSERT_TRUE(until([&] { return failures == 2 && errors == 4; }));
  EXPECT_EQ(attempts, 4);
}

TEST_F(OfficialConnection, WaitsLongerEachTime) {
  Options options;
  options.reconnection_attempts = 3;
  options.reconnection_delay = 40ms;
  options.reconnection_delay_max = 1s;
  options.randomization_factor = 0;
  Manager const manager(runtime, nobody, options);
  auto const socket = manager.socket();
  std::vector<Clock::duration> delays;
  auto last = Clock::now();
  std::optional<bool> failed;
  manager.on("error", [&] { last = Clock::now(); });
  manager.on("reconnect_attempt", [&] { delays.push_back(Clock::now() - last); });
  manager.on("reconnect_failed", [&] { failed = true; });
  socket.connect();
  ASSERT_TRUE(until([&] { return failed.has_value(); }));
  ASSERT_EQ(delays.size(), 3U);
  // Not before its time; how much later is the machine's affair.
  for (std::size_t i = 0; i < delays.size(); ++i)
    EXPECT_GE(delays[i], 39ms * (1U << i));
}

TEST_F(OfficialConnection, DoesNotReconnectOnceItIsClosed) {
  SilentServer const silent;
  Manager const manager(runtime, silent.url(), quick({.timeout = 10ms}));
  auto const socket = manager.socket();
  int attempts = 0;
  // Within an attempt, where it ends those that would follow.
  manager.on("reconnect_attempt", [&] {
    ++attempts;
    socket.disconnect();
  });
  socket.connect();
  ASSERT_TRUE(until([&] { return attempts == 1; }));
  work_for(150ms);
  EXPECT_EQ(attempts, 1);
  EXPECT_FALSE(socket.active());
  // Closed before anything, it never begins.
  Manager const closed(runtime, silent.url(), quick({.timeout = 10ms}));
  auto const other = closed.socket();
  int events = 0;
  closed.on("reconnect_attempt", [&] { ++events; });
  other.on("connect_error", [&] { ++events; });
  other.connect();
  other.disconnect();
  work_for(150ms);
  EXPECT_EQ(events, 0);
}

TEST_F(OfficialConnection, ReconnectsAfterItWasStopped) {
  SilentServer const silent;
  Manager const manager(runtime, silent.url(), quick({.timeout = 10ms}));
  auto const socket = manager.socket();
  int attempts = 0;
  manager.on("reconnect_attempt", [&] {
    if (++attempts == 1) {
      socket.disconnect();
      socket.connect();
    }
  });
  socket.connect();
  EXPECT_TRUE(until([&] { return attempts >= 2; }));
}

TEST_F(OfficialConnection, OneSocketStopsAndTheOtherGoesOn) {
  auto const manager = make();
  auto const stays = manager.socket();
  auto const leaves = manager.socket("/custom");
  ASSERT_TRUE(joins(stays));
  ASSERT_TRUE(joins(leaves));
  int returned = 0;
  manager.on("reconnect_attempt", [&] { leaves.disconnect(); });
  leaves.on("connect", [&] { ++returned; });
  stays.on("connect", [&] { ++returned; });
  command(stays, {{"do", "closeConn"}});
  ASSERT_TRUE(until([&] { return returned == 1; }));
  ASSERT_TRUE(fence(stays));
  EXPECT_EQ(returned, 1);
  EXPECT_FALSE(leaves.connected());
}

TEST_F(OfficialConnection, CountsItsAttemptsAndGivesUpAfterTheLast) {
  for (auto const* const nsp : {"/", "/asd"}) {
    Manager const manager(runtime, nobody, quick({.reconnection_attempts = 2}));
    auto const socket = manager.socket(nsp);
    std::vector<std::string> events;
    manager.on("reconnect_attempt", [&](int number) { events.push_back(std::to_string(number)); });
    manager.on("reconnect_failed", [&] { events.emplace_back("failed"); });
    socket.connect();
    ASSERT_TRUE(until([&] { return events.size() == 3; }));
    EXPECT_EQ(events, (std::vector<std::string>{"1", "2", "failed"}));
  }
}

TEST_F(OfficialConnection, AnotherSocketBesidesDoesNotAddAttempts) {
  Manager const manager(runtime, nobody, quick({.reconnection_attempts = 2}));
  int attempts = 0;
  bool failed = false;
  manager.on("reconnect_attempt", [&] {
    if (++attempts == 1) manager.socket("/room2").connect();
  });
  manager.on("reconnect_failed", [&] { failed = true; });
  manager.socket("/room1").connect();
  ASSERT_TRUE(until([&] { return failed; }));
  EXPECT_EQ(attempts, 2);
}

TEST_F(OfficialConnection, NoReconnectionMeansNone) {
  auto options = quick();
  options.reconnection = false;
  Manager const manager(runtime, nobody, options);
  int attempts = 0;
  int errors = 0;
  manager.on("reconnect_attempt", [&] { ++attempts; });
  manager.on("error", [&] { ++errors; });
  manager.socket("/invalid").connect();
  ASSERT_TRUE(until([&] { return errors == 1; }));
  work_for(100ms);
  EXPECT_EQ(attempts, 0);
}

TEST_F(OfficialConnection, ReconnectionIsSwitchedOffMeanwhile) {
  Manager const manager(runtime, nobody, quick());
  int attempts = 0;
  int errors = 0;
  manager.on("reconnect_attempt", [&] { ++attempts; });
  manager.on("reconnect_error", [&] {
    ++errors;
    manager.set_reconnection(false);
  });
  auto const socket = manager.socket();
  socket.connect();
  ASSERT_TRUE(until([&] { return errors == 1; }));
  work_for(150ms);
  EXPECT_EQ(attempts, 1);
  EXPECT_EQ(errors, 1);
  // It still connects when it is told to.
  manager.on("error", [&] { ++errors; });
  socket.connect();
  EXPECT_TRUE(until([&] { return errors == 2; }));
}

TEST_F(OfficialConnection, TheUsualTimeIsEnoughToConnect) {
  auto const manager = make({});
  int attempts = 0;
  manager.on("reconnect_attempt", [&] { ++attempts; });
  ASSERT_TRUE(joins(manager.socket("/custom")));
  EXPECT_EQ(attempts, 0);
}

TEST_F(OfficialConnection, ConnectsWhileAnotherSocketLeaves) {
  auto const manager = make();
  auto const first = manager.socket("/custom");
  ASSERT_TRUE(joins(first));
  first.disconnect();
  EXPECT_TRUE(joins(manager.socket("/slow")));
}

TEST_F(OfficialConnection, ASocketThatLeavesDoesNotTakeTheOthersAlong) {
  auto const manager = make();
  auto const first = manager.socket("/custom");
  auto const second = manager.socket("/greet");
  ASSERT_TRUE(joins(first));
  ASSERT_TRUE(joins(second));
  bool lost = false;
  second.on("disconnect", [&] { lost = true; });
  first.disconnect();
  ASSERT_TRUE(fence(second));
  EXPECT_FALSE(lost);
  EXPECT_TRUE(second.connected());
  second.disconnect();
  EXPECT_TRUE(until([&] { return lost; }));
}

TEST_F(OfficialConnection, BytesComeAsBytesInTheirOrder) {
  for (auto const base64 : {false, true}) {
    for (auto const transport : {Transport::polling, Transport::websocket}) {
      auto options = over(transport);
      options.force_base64 = base64;
      auto const manager = make(options);
      auto const socket = manager.socket();
      std::vector<Value> got;
      socket.on("echo", [&](Args const& args) { got.push_back(args[0]); });
      ASSERT_TRUE(joins(socket));
      Bytes const bytes("asdfasdf");
      socket.emit("echo", bytes);
      socket.emit("echo", Value::object({{"a", "lol"}, {"b", bytes}, {"c", "hi"}}));
      socket.emit("echo", "please arrive second");
      socket.emit("echo", Bytes("please arrive third"));
      ASSERT_TRUE(until([&] { return got.size() == 4; }));
      ASSERT_TRUE(got[0].get_if<Bytes>());
      EXPECT_EQ(got[0].as_bytes().view(), "asdfasdf");
      EXPECT_EQ(got[1]["b"].as_bytes().view(), "asdfasdf");
      EXPECT_EQ(got[1]["c"], Value("hi"));
      EXPECT_EQ(got[2], Value("please arrive second"));
      EXPECT_EQ(got[3].as_bytes().view(), "please arrive third");
    }
  }
}

TEST_F(OfficialConnection, ASocketIsMadeOnceAndConnectsOnce) {
  auto const manager = make();
  auto const socket = manager.socket();
  int connects = 0;
  socket.on("connect", [&] { ++connects; });
  socket.connect();
  manager.socket().connect();
  socket.connect();
  ASSERT_TRUE(until([&] { return socket.connected(); }));
  socket.connect();
  ASSERT_TRUE(fence(socket));
  EXPECT_EQ(connects, 1);
  socket.disconnect();
  ASSERT_TRUE(until([&] { return !socket.connected(); }));
  ASSERT_TRUE(joins(manager.socket()));
  EXPECT_TRUE(until([&] { return connects == 2; }));
}

}  // namespace aerie::client_suite
