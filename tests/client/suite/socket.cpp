// What socket.io-client's socket.ts asserts.
#include "client/suite/official.hpp"

namespace aerie::client_suite {

class OfficialSocket : public Official {};

namespace {

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

}  // namespace

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

}  // namespace aerie::client_suite
