#include "unit/socketio/socketio_fixture.hpp"

namespace aerie::socketio::test { namespace {

class Clients : public SocketIoFixture {
 protected:
  void listen(aerie::ServerOptions options = {}) {
    start(std::move(options)).of("/chat");
    io->on("echo", [](Socket& socket, Args const& args) { socket.emit("echo", args[0]); });
    io->on_connection([this](Socket& socket) {
      socket.on_error(
          [this](std::string_view message) { events.push_back("error " + std::string(message)); });
    });
    io->on_disconnect([this](DisconnectReason why) { events.push_back(std::string(to_string(why))); });
  }
};

TEST_F(Clients, ConnectToNamespacesOfOneConnection) {
  listen();
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.take_text(), "") << "nothing before it asks";
  auto const main = client.join();
  auto const chat = client.join("/chat");
  EXPECT_EQ(main.size(), 20U);
  EXPECT_NE(main, chat);
  EXPECT_EQ(client.join("/none"), R"(4/none,{"message":"Invalid namespace"})");
  EXPECT_EQ(io->sockets().socket_count(), 1U);
  EXPECT_EQ(io->of("chat").socket_count(), 1U);
  client.send("1/chat,");
  EXPECT_EQ(io->of("chat").socket_count(), 0U);
  client.send(R"(2["echo",1])");
  EXPECT_EQ(client.take_text(), R"(2["echo",1])");
}

TEST_F(Clients, MayLeaveTheirLastNamespaceAndStay) {
  listen();
  auto client = this->client();
  client.send("1");
  EXPECT_EQ(take_events(), Strings{"client namespace disconnect"});
  EXPECT_FALSE(client.closed());
  EXPECT_EQ(client.join().size(), 20U);
}

TEST_F(Clients, AreClosedForWhatBreaksTheProtocol) {
  struct {
    char const* packet;
    char const* error;
    char const* reason;
  } const table[] = {
      {"", "error empty packet", "forced close"},
      {"abc", "error unknown packet type", "forced close"},
      {"2{}", "error invalid payload", "forced close"},
      {"2[", "error invalid payload", "forced close"},
      {"2[]", "error invalid payload", "forced close"},
      {"2abc[\"a\"]", "error invalid payload", "forced close"},
      {"2 [\"a\"]", "error invalid payload", "forced close"},
      {"2[true]", "error invalid payload", "forced close"},
      {"2[\"connect\"]", "error invalid payload", "forced close"},
      {"2[\"disconnect\"]", "error invalid payload", "forced close"},
      {"3", "error invalid payload", "forced close"},
      {"31{}", "error invalid payload", "forced close"},
      {"1{}", "error invalid payload", "forced close"},
      {"4{\"message\":\"x\"}", "error invalid payload", "forced close"},
      {"5", "error Illegal attachments", "forced close"},
      {"511-[\"a\"]", "error too many attachments", "forced close"},
      {"29223372036854775808[\"a\"]", "error illegal acknowledgement id", "forced close"},
      {"0[]", "error invalid payload", "forced close"},
      {"0{", "error invalid payload", "forced close"},
      {"0", nullptr, "forced server close"},
      {"2/chat,[\"a\"]", nullptr, "forced server close"},
      {"1/chat,", nullptr, "forced server close"},
  };
  listen();
  for (auto const transport : {Over::websocket, Over::polling}) {
    for (auto const& [packet, error, reason] : table) {
      auto client = this->client(transport);
      client.send(packet);
      auto const expected = error != nullptr ? Strings{error, reason} : Strings{reason};
      EXPECT_EQ(take_events(), expected) << packet;
      client.take();
      EXPECT_TRUE(client.closed()) << packet;
    }
  }
}

TEST_F(Clients, AreClosedForEventsBeforeTheyConnect) {
  listen();
  SocketIoClient client(world, Over::websocket);
  client.send(R"(2["echo",1])");
  EXPECT_TRUE(client.closed());
}

// --- Attachments

TEST_F(Clients, MaySendAttachments) {
  listen();
  for (auto const transport : {Over::websocket, Over::polling}) {
    auto client = this->client(transport);
    client.send(R"(51-["echo",{"_placeholder":true,"num":0}])");
    client.send_binary("abc");
    EXPECT_EQ(client.take_text(), R"(51-["echo",{"_placeholder":true,"num":0}] bYWJj)");
  }
}

TEST_F(Clients, AreClosedForAttachmentsThatDoNotFit) {
  listen();
  auto unasked = client();
  unasked.send_binary("x");
  EXPECT_EQ(take_events(),
            (Strings{"error got binary data when not reconstructing a packet", "forced close"}));
  auto impatient = client();
  impatient.send(R"(51-["echo",{"_placeholder":true,"num":0}])");
  impatient.send(R"(2["echo",1])");
  EXPECT_EQ(take_events(),
            (Strings{"error got plaintext data when reconstructing a packet", "forced close"}));
  for (auto const* const num : {"5", "-1", "1.5", "\"0\"", "1"}) {
    auto client = this->client();
    client.send(R"(51-["echo",{"_placeholder":true,"num":)" + std::string(num) + "}]");
    client.send_binary("x");
    EXPECT_EQ(take_events(), (Strings{"error illegal attachments", "forced close"})) << num;
  }
}

TEST_F(Clients, HaveALimitedTimeForTheirAttachments) {
  listen({.assembly_timeout = 1s});
  auto client = this->client();
  client.send(R"(52-["echo",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  client.send_binary("x");
  world.advance(999ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), (Strings{"error Illegal attachments", "forced close"}));
}

TEST_F(Clients, MayNotCollectAttachmentsWithoutEnd) {
  listen({.engine = {.max_http_buffer_size = 1000}});
  auto client = this->client();
  client.send(R"(510-["echo"])");
  for (int i = 0; i < 4; ++i)
    client.send_binary(std::string(1000, 'x'));
  EXPECT_EQ(take_events(), Strings{});
  client.send_binary("x");
  EXPECT_EQ(take_events(),
            (Strings{"error the attachments of a packet are too large together", "forced close"}));
}

// --- Limits

TEST_F(Clients, MayNotNestJsonTooDeeply) {
  listen({.max_json_depth = 10});
  auto client = this->client();
  client.send("2[\"echo\"," + std::string(9, '[') + std::string(9, ']') + "]");
  EXPECT_FALSE(client.closed());
  client.send("2[\"echo\"," + std::string(10, '[') + std::string(10, ']') + "]");
  EXPECT_TRUE(client.closed());
}

TEST_F(Clients, MayJoinALimitedNumberOfNamespaces) {
  listen({.max_namespaces_per_client = 3});
  io->of(Pattern("^/n[0-9]$"));
  SocketIoClient client(world, Over::websocket);
  for (auto const* const nsp : {"/n1", "/n2", "/n3"})
    EXPECT_EQ(client.join(nsp).size(), 20U);
  EXPECT_EQ(client.join("/n4"), R"(4/n4,{"message":"Too many namespaces"})");
  client.send("1/n1,");
  EXPECT_EQ(client.join("/n4").size(), 20U);
}

TEST_F(Clients, MayNotAskForNamespacesWithEndlessNames) {
  listen({.max_namespace_name = 10});
  io->of(Pattern("^/n"));
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join("/n23456789").size(), 20U);
  EXPECT_EQ(client.join("/n234567890"), R"(4/n234567890,{"message":"Invalid namespace"})");
}

TEST_F(Clients, ThatJoinNothingAreClosedAfterTheConnectTimeout) {
  listen({.connect_timeout = 1s});
  SocketIoClient idle(world, Over::websocket);
  SocketIoClient refused(world, Over::websocket);
  refused.join("/none");
  auto joined = client();
  world.advance(999ms);
  EXPECT_FALSE(idle.closed());
  world.advance(1ms);
  EXPECT_TRUE(idle.closed());
  EXPECT_TRUE(refused.closed());
  EXPECT_FALSE(joined.closed());
}

TEST_F(Clients, WhoseOnlyAttemptIsRefusedAfterTheConnectTimeoutAreClosed) {
  listen({.connect_timeout = 1s, .middleware_timeout = 5s});
  std::optional<Next> next;
  io->use([&](Socket&, Next asked) { next = std::move(asked); });
  SocketIoClient client(world, Over::websocket);
  client.join();
  world.advance(1s);
  EXPECT_FALSE(client.closed()) << "the middleware has a deadline of its own";
  world.advance(4s);
  EXPECT_EQ(client.take_text(), R"(4{"message":"timeout"} (close))");
}

TEST_F(Clients, TellWhyTheyHaveGone) {
  listen({.engine = {.ping_interval = 100ms, .ping_timeout = 50ms}});
  { auto const lost = client(); }
  world.run();
  EXPECT_EQ(take_events(), Strings{"transport close"});
  auto silent = client();
  world.advance(100ms);
  world.advance(50ms);
  EXPECT_EQ(take_events(), Strings{"ping timeout"});
  auto polling = client(Over::polling);
  polling.polling->post("nonsense");
  EXPECT_EQ(take_events(), Strings{"parse error"});
}

TEST_F(Clients, KeepTheirSocketsThroughAnUpgrade) {
  listen();
  aerie::test::PollingClient polling(world, "/socket.io/");
  polling.open();
  polling.post("40");
  EXPECT_EQ(polling.poll().substr(0, 2), "40");
  aerie::test::WebSocketClient socket(world, polling.target("websocket"));
  socket.send("2probe");
  world.in_turn([&] { io->emit("to all", 1); });
  socket.send("5");
  world.in_turn([&] { io->emit("to all", 2); });
  socket.send(R"(42["echo",3])");
  EXPECT_EQ(socket.take(), (Strings{"3probe", R"(42["to all",1])", R"(42["to all",2])", R"(42["echo",3])"}));
}

}}  // namespace aerie::socketio::test
