#include "unit/socketio/adapter_fixture.hpp"
#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <optional>
#include <stdexcept>

namespace aerie::socketio::test { namespace {

using aerie::test::PollingClient;
using aerie::test::WebSocketClient;

/// Clients of Socket.IO 2, which speak Engine.IO 3.
class ClientOfV2 : public SocketIoFixture {
 protected:
  aerie::Server& start_with_eio3(aerie::ServerOptions options = {}) {
    options.engine.allow_eio3 = true;
    return start(std::move(options));
  }
  /// A connection; `sid` is told by its handshake, which is not among what it takes.
  WebSocketClient websocket(std::string_view query = "") {
    WebSocketClient made(world, "/socket.io/?EIO=3&transport=websocket" + std::string(query));
    world.advance(10ms);
    auto messages = made.take();
    sid = messages.empty() ? "" : sid_in(messages.front());
    first.assign(messages.begin() + (messages.empty() ? 0 : 1), messages.end());
    return made;
  }

  std::string sid;
  Strings first;  // what came behind the handshake
};

TEST_F(ClientOfV2, IsInTheMainNamespaceWithoutAskingUnderTheIdOfItsConnection) {
  start_with_eio3().on_connection([this](Socket& socket) {
    events.push_back("connected " + std::string(socket.id()));
    events.push_back("token " + socket.handshake().query("token").value_or("none"));
    EXPECT_EQ(socket.handshake().auth(), Value::object());
    socket.emit("hello");
  });
  auto client = websocket("&token=abc");
  EXPECT_EQ(first, (Strings{"40", R"(42["hello"])"}));
  EXPECT_EQ(take_events(), (Strings{"connected " + sid, "token abc"}));
}

TEST_F(ClientOfV2, IsInTheMainNamespaceOverPollingToo) {
  start_with_eio3();
  PollingClient client(world, "/socket.io/");
  client.version = "3";
  client.open();
  EXPECT_EQ(client.poll(), "2:40");
}

TEST_F(ClientOfV2, WaitsForTheMiddlewaresOfTheMainNamespace) {
  start_with_eio3().use([](Socket&) -> Task<> { co_await sleep_for(10ms); });
  auto client = websocket();
  EXPECT_EQ(first, Strings{});
  world.advance(10ms);
  EXPECT_EQ(client.take(), Strings{"40"});
}

TEST_F(ClientOfV2, JoinsOtherNamespacesWithAQuery) {
  start_with_eio3().of("/nsp").on_connection([this](Socket& socket) {
    events.emplace_back(socket.id());
    events.push_back(json::stringify(socket.handshake().auth()));
    EXPECT_EQ(socket.nsp().name(), "/nsp");
  });
  auto client = websocket();
  client.send("40/nsp?tok=a%20b+c&x=1&x=2&e=%C3%A9,");
  EXPECT_EQ(client.take(), Strings{"40/nsp,"});
  EXPECT_EQ(take_events(), (Strings{"/nsp#" + sid, "{\"tok\":\"a b c\",\"x\":\"2\",\"e\":\"\xc3\xa9\"}"}));
}

TEST_F(ClientOfV2, JoinsOtherNamespacesWithoutAQuery) {
  start_with_eio3().of("/nsp").on_connection(
      [this](Socket& socket) { events.push_back(json::stringify(socket.handshake().auth())); });
  for (auto const* const packet : {"40/nsp", "40/nsp,", "40/nsp?,", "40/nsp#part,", "40/nsp,{\"token\":1}"}) {
    auto client = websocket();
    client.send(packet);
    EXPECT_EQ(client.take(), Strings{"40/nsp,"}) << packet;
    EXPECT_EQ(take_events(), Strings{"{}"}) << packet;
  }
}

TEST_F(ClientOfV2, IsToldTheErrorsDataOrItsMessage) {
  struct Refusal {
    Value data;
    std::string_view packet;
  };
  Refusal const table[] = {
      {{}, R"("no")"},
      {Value::object({{"c", 1}}), R"({"c":1})"},
      {Value("text"), R"("text")"},
      {Value(7), "7"},
      {Value(nullptr), R"("no")"},
      {Value(false), R"("no")"},
      {Value(0), R"("no")"},
      {Value(""), R"("no")"},
      {Value(true), "true"},
  };
  Value data;
  start_with_eio3().of("/nsp").use([&](Socket&) { throw ConnectError("no", data); });
  io->use([&](Socket& socket) {
    if (socket.handshake().query("refused")) throw ConnectError("no", data);
  });
  for (auto const& row : table) {
    data = row.data;
    auto client = websocket();
    client.send("40/nsp?a=1,");
    EXPECT_EQ(client.take(), Strings{"44/nsp," + std::string(row.packet)});
    websocket("&refused");
    EXPECT_EQ(first, Strings{"44" + std::string(row.packet)});
  }
}

TEST_F(ClientOfV2, IsToldOfNamespacesThatDoNotExistAsOthersAre) {
  start_with_eio3();
  auto client = websocket();
  client.send("40/unknown?a=1,");
  EXPECT_EQ(client.take(), Strings{R"(44/unknown,{"message":"Invalid namespace"})"});
}

TEST_F(ClientOfV2, SendsAndIsSentEventsAcknowledgementsAndBytes) {
  start_with_eio3().on("echo", [](Args const& args, Ack<> const& ack) { ack.spread(args.values()); });
  io->on("back", [](Socket& socket, Args const& args) { socket.emit("back", args.values().at(0)); });
  io->on_connection([this](Socket& socket) {
    socket.emit("ask", 1, [this](AckReply const& reply) {
      events.push_back(reply ? "answer " + reply.get<std::string>() : std::string(to_string(reply.error())));
    });
  });
  auto client = websocket();
  EXPECT_EQ(first, (Strings{"40", R"(420["ask",1])"}));
  client.send("430[\"yes\"]");
  EXPECT_EQ(take_events(), Strings{"answer yes"});
  client.send(R"(427["echo",1,"x"])");
  EXPECT_EQ(client.take(), Strings{R"(437[1,"x"])"});
  client.send(R"(451-["back",{"_placeholder":true,"num":0}])");
  client.send_binary("\4\1\2\3");
  EXPECT_EQ(client.take(),
            (Strings{R"(451-["back",{"_placeholder":true,"num":0}])", "b" + base64::encode("\4\1\2\3")}));
  client.send(R"(451-8["echo",{"_placeholder":true,"num":0}])");
  client.send("b4AQID");
  EXPECT_EQ(client.take(),
            (Strings{R"(461-8[{"_placeholder":true,"num":0}])", "b" + base64::encode("\4\1\2\3")}));
}

TEST_F(ClientOfV2, IsInTheRoomOfTheIdThatItTakesForItsOwn) {
  start_with_eio3().of("/nsp");
  auto client = websocket();
  auto const its_sid = sid;
  client.send("40/nsp,");
  client.take();
  world.in_turn([&] {
    io->to(its_sid).emit("main");
    io->of("/nsp").to("/nsp#" + its_sid).emit("other");
    EXPECT_NE(io->of("/nsp").name(), "/");
  });
  EXPECT_EQ(client.take(), (Strings{R"(42["main"])", R"(42/nsp,["other"])"}));
}

TEST_F(ClientOfV2, SharesRoomsWithClientsOfLaterVersions) {
  start_with_eio3().on("say", [](Socket& socket, std::string const& text) {
    socket.to("room").emit("said", text);
    socket.nsp().to("room").emit("all", text, Bytes{1, 2});
  });
  io->on_connection([](Socket& socket) { socket.join({"room"}); });
  auto old = websocket();
  PollingClient poller(world, "/socket.io/");
  poller.version = "3";
  poller.open();
  auto later = client();
  old.send(R"(42["say","from 2"])");
  auto const bytes = R"(,{"_placeholder":true,"num":0}])";
  EXPECT_EQ(later.take(),
            (Strings{R"(2["said","from 2"])", std::string(R"(51-["all","from 2")") + bytes, "bAQI="}));
  EXPECT_EQ(old.take(),
            (Strings{std::string(R"(451-["all","from 2")") + bytes, "b" + base64::encode("\4\1\2")}));
  poller.poll();
  later.send(R"(2["say","from 4"])");
  EXPECT_EQ(old.take(), (Strings{R"(42["said","from 4"])", std::string(R"(451-["all","from 4")") + bytes,
                                 "b" + base64::encode("\4\1\2")}));
  EXPECT_NE(poller.poll().find(R"(42["said","from 4"])"), std::string::npos);
}

TEST_F(ClientOfV2, LeavesAndIsDisconnected) {
  start_with_eio3().of("/nsp");
  auto const tell = [this](Socket& socket, DisconnectReason reason) {
    events.push_back(socket.nsp().name() + " " + std::string(to_string(reason)));
  };
  io->on_disconnect(tell);
  io->of("/nsp").on_disconnect(tell);
  io->on("out", [](Socket& socket) { socket.disconnect(); });
  auto client = websocket();
  client.send("40/nsp,");
  client.send("41/nsp,");
  EXPECT_EQ(take_events(), Strings{"/nsp client namespace disconnect"});
  client.take();
  client.send(R"(42["out"])");
  EXPECT_EQ(client.take(), Strings{"41"});
  EXPECT_EQ(take_events(), Strings{"/ server namespace disconnect"});
}

TEST_F(ClientOfV2, IsClosedForWhatIsNoPacketOfItsState) {
  start_with_eio3().of("/nsp");
  for (auto const* const packet : {"40", "42/nsp,[\"a\"]", "44\"x\"", "4x", "42{}"}) {
    auto client = websocket();
    client.send(packet);
    EXPECT_TRUE(client.connection.ended()) << packet;
  }
}

TEST_F(ClientOfV2, MayHaveIdsThatAUserHasMade) {
  aerie::ServerOptions options;
  options.engine.generate_id = [](http::RequestHead const& request, engineio::NewId const& id) {
    id.use(http::query_parameter(request.query(), "id").value_or("none"));
  };
  start_with_eio3(std::move(options)).of("/nsp").on_connection([this](Socket& socket) {
    events.emplace_back(socket.id());
  });
  io->on_connection([this](Socket& socket) { events.emplace_back(socket.id()); });
  auto client = websocket("&id=a");
  client.send("40/nsp,");
  EXPECT_EQ(take_events(), (Strings{"a", "/nsp#a"}));
  world.in_turn([&] { io->to("a").emit("hello"); });
  client.take();
}

TEST_F(ClientOfV2, HasARoomOfItsOwnThatAdaptersHearOfAsTheyCannotKnowItForOne) {
  Script script;
  script.interest = Adapter::RoomInterest::named;
  aerie::ServerOptions options;
  options.adapter = [&](ClusterMember& here) { return std::make_unique<ScriptedAdapter>(script, here); };
  start_with_eio3(std::move(options)).of("/nsp").on_connection([](Socket& socket) { socket.join("room"); });
  world.run();
  script.take();
  auto client = websocket();
  EXPECT_EQ(script.take(), Strings{}) << "in the main namespace it looks like every other";
  auto other = this->client(Over::websocket, "/nsp");
  EXPECT_EQ(script.take(), Strings{"+/nsp room"});
  client.send("40/nsp,");
  auto const own = "/nsp /nsp#" + sid;
  EXPECT_EQ(script.take(), Strings{"+" + own});
  client.send("41/nsp,");
  EXPECT_EQ(script.take(), Strings{"-" + own});
  io.reset();
}

TEST_F(ClientOfV2, GivesBackTheMemoryOfItsIds) {
  start_with_eio3().of("/nsp");
  auto const before = world.runtime.stats().shards.at(0).bytes_held;
  {
    auto client = websocket();
    client.send("40/nsp?a=1,");
    client.send("41/nsp,");
    client.connection.reset();
    world.run();
  }
  world.advance(1min);
  EXPECT_EQ(world.runtime.stats().shards.at(0).bytes_held, before);
}

}}  // namespace aerie::socketio::test
