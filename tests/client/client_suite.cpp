// What the official client's own tests assert of its behaviour, in our words, against a server that speaks
// tests/conformance/FIXTURE.md: docs/official-client-tests.md says which is where.
//
//     AERIE_URL=http://127.0.0.1:3000 build/release/bin/client_suite
//
// tests/client/suite.test.mjs starts the servers.
#include <aerie/client.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using aerie::AckError;
using aerie::AckReply;
using aerie::Args;
using aerie::Bytes;
using aerie::Task;
using aerie::Value;
using aerie::client::Manager;
using aerie::client::Options;
using aerie::client::Socket;
using aerie::client::Transport;
using Clock = std::chrono::steady_clock;

/// Nobody listens there.
constexpr std::string_view nobody = "http://127.0.0.1:1";

std::string server_url() {
  auto const* const url = std::getenv("AERIE_URL");
  if (url == nullptr)
    throw std::runtime_error("AERIE_URL says which server; tests/client/suite.test.mjs starts some");
  return url;
}

/// A port that takes connections, and says nothing.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  SilentServer(SilentServer const&) = delete;
  SilentServer& operator=(SilentServer const&) = delete;
  ~SilentServer() { ::close(socket_); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

Options quick(Options options = {}) {
  options.reconnection_delay = 10ms;
  options.reconnection_delay_max = 50ms;
  return options;
}

Options over(Transport transport) {
  auto options = quick();
  options.transports = {transport};
  return options;
}

class Official : public ::testing::Test {
 protected:
  Manager connect_to(std::string_view nsp, Options options = quick()) {
    return Manager(runtime, server_url() + std::string(nsp), std::move(options));
  }
  Manager make(Options options = quick()) { return connect_to("/", std::move(options)); }

  /// Lets the client work until it is so; false if that takes longer than anything here may.
  bool until(std::function<bool()> const& is_so) {
    auto const end = Clock::now() + 30s;
    while (!is_so()) {
      if (Clock::now() > end) return false;
      runtime.shard(0).turn(aerie::core::Milliseconds{20});
    }
    return true;
  }
  void work_for(Clock::duration time) {
    auto const end = Clock::now() + time;
    until([end] { return Clock::now() >= end; });
  }
  bool joins(Socket const& socket) {
    socket.connect();
    return until([&] { return socket.connected(); });
  }
  /// Whatever was sent before has been handled by the server, and whatever it has sent before this has come.
  bool fence(Socket const& socket) {
    bool answered = false;
    socket.emit("echo", "fence", [&](AckReply const& reply) { answered = reply.ok(); });
    return until([&] { return answered; });
  }
  /// A command of the server's (FIXTURE.md) whose answer is not awaited.
  static void command(Socket const& socket, std::initializer_list<Value::Member> members) {
    socket.emit("do", Value::object(members));
  }
  /// The answer's value.
  Value ask(Socket const& socket, std::initializer_list<Value::Member> members) {
    std::optional<Value> answer;
    auto const words = Value::object(members);
    socket.emit("do", words,
                [&](AckReply const& reply) { answer = reply.ok() ? reply.args()[0]["ok"] : Value(); });
    EXPECT_TRUE(until([&] { return answer.has_value(); }));
    return answer.value_or(Value());
  }
  /// Lets a task run to its end.
  void run(Manager const& manager, std::function<Task<void>()> const& task) {
    bool over = false;
    manager.spawn(marked(task, over));
    EXPECT_TRUE(until([&] { return over; }));
  }

  aerie::Runtime runtime;

 private:
  static Task<void> marked(std::function<Task<void>()> task, bool& over) {
    auto running = task();
    co_await std::move(running);
    over = true;
  }
};

Task<void> acknowledged(Socket socket) {
  auto const text = co_await socket.emit_with_ack<std::string>("echo", "hello");
  EXPECT_EQ(text, "hello");
  auto const number = co_await socket.timeout(20s).emit_with_ack<int>("echo", 42);
  EXPECT_EQ(number, 42);
  std::string reason;
  try {
    co_await socket.timeout(30ms).emit_with_ack<void>("unknown");
  } catch (aerie::AckFailed const& error) {
    reason = error.what();
  }
  EXPECT_EQ(reason, "operation has timed out");
  try {
    auto lost = socket.emit_with_ack<void>("unknown");
    socket.disconnect();
    co_await std::move(lost);
  } catch (aerie::AckFailed const& error) {
    reason = error.what();
  }
  EXPECT_EQ(reason, "socket has been disconnected");
}

class OfficialConnection : public Official {};
class OfficialSocket : public Official {};
class OfficialRetry : public Official {};
class OfficialEngine : public Official {};

}  // namespace

// --- connection.ts

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

// --- socket.ts

TEST_F(OfficialSocket, ItsIdIsTheServersWhileItIsConnected) {
  for (auto const* const nsp : {"/", "/custom"}) {
    auto const manager = connect_to(nsp);
    auto const socket = manager.socket();
    EXPECT_EQ(socket.id(), "");
    ASSERT_TRUE(joins(socket));
    auto const first = socket.id();
    EXPECT_EQ(ask(socket, {{"do", "info"}})["id"], Value(first));
    std::optional<std::string> at_the_end;
    socket.on("disconnect", [&] { at_the_end = socket.id(); });
    command(socket, {{"do", "closeConn"}});
    ASSERT_TRUE(until([&] { return at_the_end && socket.connected(); }));
    EXPECT_EQ(*at_the_end, "");
    EXPECT_NE(socket.id(), first);
    socket.disconnect();
    ASSERT_TRUE(until([&] { return !socket.connected(); }));
    EXPECT_EQ(socket.id(), "");
  }
}

TEST_F(OfficialSocket, LeavingBeforeItHasComeIsNoError) {
  auto const manager = make();
  auto const socket = manager.socket();
  int events = 0;
  socket.on("connect_error", [&] { ++events; });
  socket.on("disconnect", [&] { ++events; });
  socket.connect();
  socket.disconnect();
  work_for(100ms);
  EXPECT_EQ(events, 0);
  EXPECT_FALSE(socket.active());
}

TEST_F(OfficialSocket, AnErrorTellsWhatHasFailed) {
  struct Case {
    std::string url;
    Transport transport;
    aerie::core::Milliseconds timeout;
    std::string message;
  };
  SilentServer const silent;
  for (auto const& it : std::vector<Case>{
           {std::string(nobody), Transport::polling, 10s, "xhr poll error"},
           {std::string(nobody), Transport::websocket, 10s, "websocket error"},
           {silent.url(), Transport::polling, 20ms, "timeout"},
           {silent.url(), Transport::websocket, 20ms, "timeout"},
       }) {
    auto options = over(it.transport);
    options.reconnection = false;
    options.timeout = it.timeout;
    Manager const manager(runtime, it.url, options);
    auto const socket = manager.socket();
    std::optional<std::string> message;
    Value data;
    socket.on("connect_error", [&](std::string const& text, Value const& more) {
      message = text;
      data = more;
    });
    socket.connect();
    ASSERT_TRUE(until([&] { return message.has_value(); }));
    EXPECT_EQ(*message, it.message);
    EXPECT_NE(data["description"].as_string(), "");
    EXPECT_TRUE(socket.active());
  }
}

TEST_F(OfficialSocket, OnceConnectedTheEndIsADisconnectAndNoError) {
  auto const manager = make(over(Transport::websocket));
  auto const socket = manager.socket();
  std::vector<std::string> events;
  socket.on("connect_error", [&] { events.emplace_back("connect_error"); });
  socket.on("disconnect", [&](std::string const& reason) { events.push_back(reason); });
  ASSERT_TRUE(joins(socket));
  command(socket, {{"do", "closeConn"}, {"discard", true}});
  ASSERT_TRUE(until([&] { return !events.empty() && socket.connected(); }));
  EXPECT_EQ(events, std::vector<std::string>{"transport close"});
}

TEST_F(OfficialSocket, ParametersReachTheServerAsTheyWere) {
  struct Case {
    std::string nsp;
    aerie::client::Fields query;
    std::vector<std::pair<std::string, std::string>> wanted;
  };
  for (auto const& it : std::vector<Case>{
           {"/", {{"e", "f"}}, {{"e", "f"}}},
           {"/?c=d", {}, {{"c", "d"}}},
           {"/custom", {{"a", "b"}}, {{"a", "b"}}},
           {"/custom?b=c&d=e", {}, {{"b", "c"}, {"d", "e"}}},
           {"/custom", {{"&a", "&=?a"}, {"ü", "😀 +%"}}, {{"&a", "&=?a"}, {"ü", "😀 +%"}}},
       }) {
    auto options = quick();
    options.query = it.query;
    auto const manager = connect_to(it.nsp, options);
    auto const socket = manager.socket();
    ASSERT_TRUE(joins(socket));
    EXPECT_EQ(socket.nsp(), it.nsp.substr(0, it.nsp.find('?')));
    auto const query = ask(socket, {{"do", "info"}})["handshake"]["query"];
    for (auto const& [name, value] : it.wanted)
      EXPECT_EQ(query[name], Value(value)) << it.nsp;
  }
}

TEST_F(OfficialSocket, CredentialsAreAValueOrAskedFor) {
  auto const credentials = Value::object({{"a", "b"}, {"c", "d"}});
  for (auto const& auth : std::vector<aerie::client::Auth>{
           credentials,
           [&] { return credentials; },
           [&](aerie::core::Reply<Value> reply) { reply(credentials); },
       }) {
    auto options = quick();
    options.auth = auth;
    auto const manager = connect_to("/custom", options);
    auto const socket = manager.socket();
    ASSERT_TRUE(joins(socket));
    EXPECT_EQ(ask(socket, {{"do", "info"}})["handshake"]["auth"], credentials);
  }
}

TEST_F(OfficialSocket, ARefusalTellsWhyAndIsTheEnd) {
  auto const manager = connect_to("/admin");
  auto const socket = manager.socket();
  int errors = 0;
  int attempts = 0;
  Value data;
  manager.on("reconnect_attempt", [&] { ++attempts; });
  socket.on("connect_error", [&](std::string const& message, Value const& more) {
    EXPECT_EQ(message, "not authorized");
    data = more;
    ++errors;
  });
  socket.connect();
  ASSERT_TRUE(until([&] { return errors == 1; }));
  EXPECT_EQ(data, Value::object({{"code", 401}}));
  EXPECT_FALSE(socket.active());
  work_for(100ms);
  EXPECT_EQ(attempts, 0);
  EXPECT_EQ(errors, 1);
  // With what it lacked it gets in.
  socket.set_auth(Value::object({{"token", "secret"}}));
  EXPECT_TRUE(joins(socket));
}

TEST_F(OfficialSocket, LeavesAndComesBack) {
  auto const manager = make();
  auto const socket = manager.socket();
  std::vector<std::string> events;
  socket.on("connect", [&] {
    events.emplace_back("connect");
    if (events.size() == 1) socket.disconnect();
  });
  socket.on("disconnect", [&](std::string const& reason) {
    events.push_back(reason);
    if (events.size() == 2) socket.connect();
  });
  socket.connect();
  ASSERT_TRUE(until([&] { return events.size() == 3; }));
  EXPECT_EQ(events, (std::vector<std::string>{"connect", "io client disconnect", "connect"}));
}

TEST_F(OfficialSocket, ReservedNamesAreRefused) {
  auto const manager = make();
  auto const socket = manager.socket();
  for (auto const* const name :
       {"connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"}) {
    try {
      socket.emit(name);
      ADD_FAILURE() << name;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string(error.what()).find("reserved event name"), std::string::npos);
    }
  }
}

TEST_F(OfficialSocket, EventsKeepTheirOrderBeforeAndBehindTheConnection) {
  auto const manager = make();
  auto const socket = manager.socket();
  std::vector<std::string> got;
  socket.on("echo", [&](std::string const& text) { got.push_back(text); });
  socket.on("connect", [&] { socket.emit("echo", "second"); });
  socket.emit("echo", "first");
  socket.connect();
  ASSERT_TRUE(until([&] { return got.size() == 2; }));
  socket.emit("echo", "third");
  ASSERT_TRUE(until([&] { return got.size() == 3; }));
  EXPECT_EQ(got, (std::vector<std::string>{"first", "second", "third"}));
}

TEST_F(OfficialSocket, AnEventIsAcknowledged) {
  auto const manager = make();
  auto const socket = manager.socket();
  socket.connect();
  run(manager, [&] { return acknowledged(socket); });
}

TEST_F(OfficialSocket, VolatileEventsAreSentAtOnceOrNever) {
  auto const manager = make(over(Transport::websocket));
  auto const socket = manager.socket();
  std::vector<std::string> got;
  socket.on("echo", [&](std::string const& text) { got.push_back(text); });
  socket.volatile_().emit("echo", "before it is connected");
  ASSERT_TRUE(joins(socket));
  ASSERT_TRUE(fence(socket));
  socket.volatile_().emit("echo", "when it is ready");
  ASSERT_TRUE(until([&] { return !got.empty(); }));
  ASSERT_TRUE(fence(socket));
  EXPECT_EQ(got, std::vector<std::string>{"when it is ready"});
}

TEST_F(OfficialSocket, AVolatileEventBehindAnotherOneIsDropped) {
  auto const manager = make(over(Transport::polling));
  auto const socket = manager.socket();
  std::vector<std::string> got;
  socket.on("echo", [&](std::string const& text) { got.push_back(text); });
  socket.on("connect", [&] {
    socket.emit("echo", "regular");
    socket.volatile_().emit("echo", "volatile");
  });
  ASSERT_TRUE(joins(socket));
  ASSERT_TRUE(until([&] { return !got.empty(); }));
  ASSERT_TRUE(fence(socket));
  EXPECT_EQ(got, std::vector<std::string>{"regular"});
}

TEST_F(OfficialSocket, AnAnswerThatDoesNotComeIsATimeOut) {
  auto const manager = make();
  auto const socket = manager.socket();
  std::vector<AckError> errors;
  auto const remember = [&](AckReply const& reply) { errors.push_back(reply.error()); };
  // Not even sent.
  socket.timeout(30ms).emit("echo", "unsent", remember);
  ASSERT_TRUE(until([&] { return errors.size() == 1; }));
  std::vector<std::string> got;
  socket.on("echo", [&](std::string const& text) { got.push_back(text); });
  ASSERT_TRUE(joins(socket));
  // Never, too late, and in time.
  socket.timeout(30ms).emit("unknown", remember);
  ASSERT_TRUE(until([&] { return errors.size() == 2; }));
  socket.timeout(1ms).emit("ack-after", 200, "late", remember);
  ASSERT_TRUE(until([&] { return errors.size() == 3; }));
  work_for(250ms);
  EXPECT_EQ(errors, (std::vector<AckError>{AckError::timeout, AckError::timeout, AckError::timeout}));
  socket.timeout(20s).emit("echo", 42, [&](AckReply const& reply) {
    remember(reply);
    EXPECT_EQ(reply.get<int>(), 42);
  });
  ASSERT_TRUE(until([&] { return errors.size() == 4; }));
  EXPECT_EQ(errors.back(), AckError::none);
  EXPECT_TRUE(got.empty());
}

TEST_F(OfficialSocket, TheUsualTimeOutIsThatOfTheOptions) {
  auto options = quick();
  options.ack_timeout = 50ms;
  auto const manager = make(options);
  auto const socket = manager.socket();
  ASSERT_TRUE(joins(socket));
  std::optional<AckError> error;
  socket.emit("unknown", [&](AckReply const& reply) { error = reply.error(); });
  ASSERT_TRUE(until([&] { return error.has_value(); }));
  EXPECT_EQ(*error, AckError::timeout);
}

TEST_F(OfficialSocket, WhoeverWaitsWhenTheConnectionEndsIsToldAndWhatIsUnsentIsSent) {
  auto const manager = make();
  auto const socket = manager.socket();
  ASSERT_TRUE(joins(socket));
  std::vector<AckError> errors;
  auto const remember = [&](AckReply const& reply) { errors.push_back(reply.error()); };
  socket.emit("unknown", remember);
  socket.timeout(20s).emit("unknown", remember);
  socket.on("disconnect", [&] {
    EXPECT_TRUE(errors.empty());
    // Emitted meanwhile, it is for the next connection.
    socket.emit("echo", "unsent", [&](AckReply const& reply) {
      EXPECT_EQ(reply.get<std::string>(), "unsent");
      remember(reply);
    });
  });
  command(socket, {{"do", "closeConn"}});
  ASSERT_TRUE(until([&] { return errors.size() == 3; }));
  EXPECT_EQ(errors, (std::vector<AckError>{AckError::disconnected, AckError::disconnected, AckError::none}));
}

// --- retry.ts

TEST_F(OfficialRetry, EventsAreSentOneAfterTheOtherUntilTheyAreAcknowledged) {
  auto options = quick();
  options.retries = 1;
  options.ack_timeout = 100ms;
  auto const manager = make(options);
  auto const socket = manager.socket();
  std::vector<std::string> sent;
  std::vector<std::string> answered;
  socket.on_any_outgoing([&](std::string_view event, Args const& args) {
    sent.push_back(std::string(event) + " " + args.get<std::string>(args.size() - 1));
  });
  auto const remember = [&](std::string name) {
    return [&answered, name](AckReply const& reply) {
      answered.push_back(name + (reply.ok() ? " ok" : " failed"));
    };
  };
  ASSERT_TRUE(joins(socket));
  socket.emit("echo", "1", remember("1"));
  socket.emit("unknown", "2", remember("2"));
  socket.emit("echo", "3", remember("3"));
  ASSERT_TRUE(until([&] { return answered.size() == 3; }));
  EXPECT_EQ(answered, (std::vector<std::string>{"1 ok", "2 failed", "3 ok"}));
  // A slow machine may need the second try of what is answered.
  std::erase_if(sent, [before = std::string()](std::string const& each) mutable {
    return std::exchange(before, each) == each && each != "unknown 2";
  });
  EXPECT_EQ(sent, (std::vector<std::string>{"echo 1", "unknown 2", "unknown 2", "echo 3"}));
}

TEST_F(OfficialRetry, AnEventThatIsNeverAcknowledgedIsTriedOnceMoreThanTheRetries) {
  auto options = quick();
  options.retries = 3;
  options.ack_timeout = 20ms;
  auto const manager = make(options);
  auto const socket = manager.socket();
  int sent = 0;
  socket.on_any_outgoing([&](std::string_view, Args const&) { ++sent; });
  ASSERT_TRUE(joins(socket));
  std::optional<AckError> error;
  socket.emit("unknown", [&](AckReply const& reply) { error = reply.error(); });
  ASSERT_TRUE(until([&] { return error.has_value(); }));
  EXPECT_EQ(*error, AckError::timeout);
  EXPECT_EQ(sent, 4);
}

TEST_F(OfficialRetry, NothingIsTriedWhileThereIsNoConnectionAndNothingTwiceWithIt) {
  auto options = quick();
  options.retries = 3;
  options.ack_timeout = 10s;
  auto const manager = make(options);
  auto const socket = manager.socket();
  int sent = 0;
  socket.on_any_outgoing([&](std::string_view, Args const&) { ++sent; });
  std::vector<std::string> answers;
  auto const remember = [&](AckReply const& reply) { answers.push_back(reply.get<std::string>()); };
  socket.emit("echo", "before", remember);
  socket.on("connect", [&] { socket.emit("echo", "within", remember); });
  work_for(50ms);
  EXPECT_EQ(sent, 0);
  ASSERT_TRUE(joins(socket));
  ASSERT_TRUE(until([&] { return answers.size() == 2; }));
  EXPECT_EQ(answers, (std::vector<std::string>{"before", "within"}));
  EXPECT_EQ(sent, 2);
}

// --- engine.io-client

TEST_F(OfficialEngine, BytesAndTextsOfAllKindsGoBothWays) {
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    for (auto const base64 : {false, true}) {
      auto options = over(transport);
      options.force_base64 = base64;
      auto const manager = make(options);
      auto const socket = manager.socket();
      ASSERT_TRUE(joins(socket));
      std::string all;
      for (int i = 0; i < 256; ++i)
        all += static_cast<char>(i);
      int answers = 0;
      socket.emit("echo", Bytes(all), "cash money €€€ \U0001F600", Bytes(), [&](AckReply const& reply) {
        EXPECT_EQ(reply.args()[0].as_bytes().view(), all);
        EXPECT_EQ(reply.args()[1], Value("cash money €€€ \U0001F600"));
        EXPECT_TRUE(reply.args()[2].as_bytes().empty());
        ++answers;
      });
      ASSERT_TRUE(until([&] { return answers == 1; }));
    }
  }
}

TEST_F(OfficialEngine, TheConnectionIsUpgradedAndTellsSo) {
  auto const manager = make();
  auto const socket = manager.socket();
  std::vector<std::string> upgrades;
  manager.on("upgrade", [&](std::string const& transport) { upgrades.push_back(transport); });
  ASSERT_TRUE(joins(socket));
  ASSERT_TRUE(until([&] { return !upgrades.empty(); }));
  EXPECT_EQ(upgrades, std::vector<std::string>{"websocket"});
  EXPECT_TRUE(fence(socket));
  auto options = quick();
  options.upgrade = false;
  auto const other = make(options);
  auto const stays = other.socket();
  other.on("upgrade", [&] { upgrades.emplace_back("unwanted"); });
  ASSERT_TRUE(joins(stays));
  EXPECT_EQ(ask(stays, {{"do", "info"}})["conn"]["transport"], Value("polling"));
  EXPECT_EQ(upgrades.size(), 1U);
}

TEST_F(OfficialEngine, TheNextConnectionBeginsWithTheTransportThatHasSucceededIfThatIsAskedFor) {
  for (auto const remember : {true, false}) {
    auto options = quick();
    options.remember_upgrade = remember;
    auto const manager = make(options);
    auto const socket = manager.socket();
    int upgrades = 0;
    int connects = 0;
    manager.on("upgrade", [&] { ++upgrades; });
    socket.on("connect", [&] { ++connects; });
    ASSERT_TRUE(joins(socket));
    ASSERT_TRUE(until([&] { return upgrades == 1; }));
    command(socket, {{"do", "closeConn"}});
    ASSERT_TRUE(until([&] { return connects == 2; }));
    if (!remember) {
      EXPECT_TRUE(until([&] { return upgrades == 2; }));
    }
    EXPECT_EQ(ask(socket, {{"do", "info"}})["conn"]["transport"].as_string(), "websocket");
    EXPECT_EQ(upgrades, remember ? 1 : 2);
  }
}

TEST_F(OfficialEngine, NothingIsSentOnceItHasLeft) {
  auto const watcher = make();
  auto const sees = watcher.socket();
  std::vector<int> got;
  sees.on("left-behind", [&](int number) { got.push_back(number); });
  ASSERT_TRUE(joins(sees));
  auto const ask = Value::object({{"do", "emit"}, {"from", "broadcast"}, {"event", "left-behind"}});
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    got.clear();
    auto const manager = make(over(transport));
    auto const socket = manager.socket();
    ASSERT_TRUE(joins(socket));
    socket.emit("do", ask, 1);
    ASSERT_TRUE(until([&] { return got.size() == 1; }));
    socket.disconnect();
    socket.emit("do", ask, 2);
    socket.volatile_().emit("do", ask, 3);
    work_for(50ms);
    ASSERT_TRUE(fence(sees));
    EXPECT_EQ(got, std::vector<int>{1});
    // It has waited for the next time.
    ASSERT_TRUE(joins(socket));
    ASSERT_TRUE(until([&] { return got.size() == 2; }));
    EXPECT_EQ(got, (std::vector<int>{1, 2}));
  }
}

TEST_F(OfficialEngine, HeadersReachTheServerOverBothTransports) {
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    auto options = over(transport);
    options.extra_headers = {{"X-Custom", "one"}, {"Authorization", "Bearer two"}};
    auto const manager = make(options);
    auto const socket = manager.socket();
    ASSERT_TRUE(joins(socket));
    auto const headers = ask(socket, {{"do", "info"}})["handshake"]["headers"];
    EXPECT_EQ(headers["x-custom"], Value("one"));
    EXPECT_EQ(headers["authorization"], Value("Bearer two"));
  }
}

TEST_F(OfficialEngine, WhatIsLargerThanTheServerTakesEndsTheConnection) {
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    auto options = over(transport);
    options.reconnection = false;
    auto const manager = make(options);
    auto const socket = manager.socket();
    std::vector<std::string> ends;
    socket.on("disconnect", [&](std::string const& reason, std::string const& description) {
      ends = {reason, description};
    });
    ASSERT_TRUE(joins(socket));
    socket.emit("echo", std::string(2'000'000, 'a'));
    ASSERT_TRUE(until([&] { return !ends.empty(); }));
    if (transport == Transport::polling) {
      EXPECT_EQ(ends, (std::vector<std::string>{"transport error", "the server has answered 413"}));
    } else {
      EXPECT_TRUE(ends[0] == "transport close" || ends[0] == "transport error") << ends[0];
    }
  }
}
