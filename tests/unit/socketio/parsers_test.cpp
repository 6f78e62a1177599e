// Servers whose packets are not JSON: whole ones, with raw clients.

#include "examples/array_parser.hpp"
#include "socketio/server_parsers.hpp"
#include "unit/socketio/cluster_fixture.hpp"
#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/schema/msgpack.hpp>

#include <optional>
#include <stdexcept>
#include <string>

namespace aerie::socketio::test { namespace {

/// A client that packs its packets. What it gets is shown as JSON, each packet an object.
class PackingClient {
 public:
  explicit PackingClient(ServerOnAClock& server, Over over = Over::websocket, std::size_t shard = 0)
      : client(server, over, shard) {}

  void send(Value const& packet) { client.send_binary(msgpack::pack(packet)); }
  void send_event(Array data) {
    send(Value::object({{"type", 2}, {"nsp", "/"}, {"data", Value(std::move(data))}}));
  }
  void join(Value const& auth = {}) {
    auto packet = Value::object({{"type", 0}, {"nsp", "/"}});
    if (!auth.is_undefined()) packet.as_object().set("data", auth);
    send(packet);
  }
  Strings take() {
    Strings packets;
    for (auto const& message : client.take()) {
      if (!message.starts_with('b')) {
        packets.push_back(message);
        continue;
      }
      std::string bytes;
      base64::append_decoded_leniently(bytes, message.substr(1));
      Value packet;
      EXPECT_TRUE(msgpack::unpack(bytes, packet)) << message;
      packets.push_back(json::stringify(packet));
    }
    return packets;
  }

  SocketIoClient client;
};

class PackingServer : public SocketIoFixture, public testing::WithParamInterface<Over> {
 protected:
  PackingServer() { start({.parser = msgpack_parser()}); }
};

TEST_P(PackingServer, AnswersAndTellsEverybody) {
  io->on_connection([this](Socket& socket) {
    auto const& auth = socket.handshake().auth();
    events.push_back(json::stringify(auth));
    events.emplace_back(auth["since"].kind() == ValueKind::date ? "a date" : "no date");
    events.push_back(socket.handshake().auth_text("token").value_or("none"));
    socket.join("room");
  });
  io->on("sum", [](int a, double b) { return a + b; });
  io->on("say", [this](Date when, Bytes const& what) { io->to("room").emit("said", when, what, Value()); });
  PackingClient one(world, GetParam());
  PackingClient two(world, GetParam());
  one.join(Value::object({{"token", "abc"}, {"since", Date::from_milliseconds(0)}}));
  EXPECT_EQ(take_events(),
            (Strings{R"({"token":"abc","since":"1970-01-01T00:00:00.000Z"})", "a date", "abc"}));
  auto const joined = one.take();
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_TRUE(joined[0].starts_with(R"({"type":0,"data":{"sid":")")) << joined[0];
  two.join();
  EXPECT_EQ(take_events(), (Strings{"{}", "no date", "none"}));
  two.take();

  one.send(Value::object({{"type", 2}, {"nsp", "/"}, {"id", 7}, {"data", Value::array({"sum", 1, 0.5})}}));
  EXPECT_EQ(one.take(), Strings{R"({"id":7,"type":3,"data":[1.5],"nsp":"/"})"});
  one.send_event({"say", Date::from_milliseconds(0), Bytes("x")});
  Strings const said{
      R"({"type":2,"data":["said","1970-01-01T00:00:00.000Z",{"type":"Buffer","data":[120]},null],"nsp":"/"})"};
  EXPECT_EQ(one.take(), said);
  EXPECT_EQ(two.take(), said);
}

TEST_P(PackingServer, RefusesAndDisconnects) {
  io->use([](Socket&) { throw ConnectError("no entry"); });
  PackingClient client(world, GetParam());
  client.join();
  EXPECT_EQ(client.take(), Strings{R"({"type":4,"data":{"message":"no entry"},"nsp":"/"})"});
  client.send(Value::object({{"type", 0}, {"nsp", "/unknown"}}));
  EXPECT_EQ(client.take(), Strings{R"({"type":4,"nsp":"/unknown","data":{"message":"Invalid namespace"}})"});
  io->of("/open").on_connection([](Socket& socket) { socket.disconnect(); });
  client.send(Value::object({{"type", 0}, {"nsp", "/open"}}));
  auto const packets = client.take();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[1], R"({"type":1,"nsp":"/open"})");
}

TEST_P(PackingServer, ClosesTheConnectionForWhatIsNoPacket) {
  io->on_connection([this](Socket& socket) {
    socket.on_error([this](std::string_view why) { events.emplace_back(why); });
    socket.on_disconnect([this](DisconnectReason reason) { events.emplace_back(to_string(reason)); });
  });
  auto const disconnect = Value::array({"disconnect"});
  for (auto const& [packet, why] : std::vector<std::pair<Value, std::string>>{
           {Value(7), "invalid packet"},
           {Value::object({{"type", 9}, {"nsp", "/"}}), "invalid packet type"},
           {Value::object({{"type", 2}, {"nsp", "/"}}), "invalid payload"},
           {Value::object({{"type", 2}, {"nsp", "/"}, {"data", disconnect}}), "invalid payload"},
           {Value::object({{"type", 4}, {"nsp", "/"}, {"data", "x"}}), "invalid payload"}}) {
    PackingClient client(world, GetParam());
    client.join();
    client.take();
    client.send(packet);
    EXPECT_EQ(take_events(), (Strings{why, "forced close"})) << json::stringify(packet);
  }
}

INSTANTIATE_TEST_SUITE_P(Over, PackingServer, testing::Values(Over::websocket, Over::polling));

/// Two servers of one cluster that speak differently to their clients.
class MixedCluster : public ClusterFixture {
 protected:
  MixedCluster() {
    for (auto* const member : {&plain, &packing}) {
      member->io->on_connection([](Socket& socket) { socket.join("room"); });
      member->io->on("say",
                     [member](Args const& args) { member->io->to("room").emit("said", args[0], args[1]); });
    }
    other.emplace(packing.world).join();
    other->take();
    client(plain);
    take();
  }
  Member& plain = start();
  Member& packing = start(memory_adapter(broker), msgpack_parser());
  std::optional<PackingClient> other;  // joins when all handlers are there
};

TEST_P(MixedCluster, SharesItsRooms) {
  clients[0].send(R"(51-["say",{"_placeholder":true,"num":0},{"a":null}])");
  clients[0].send_binary("x");
  EXPECT_EQ(take(), Strings{R"(51-["said",{"_placeholder":true,"num":0},{"a":null}] beA==)"});
  EXPECT_EQ(other->take(),
            Strings{R"({"type":2,"data":["said",{"type":"Buffer","data":[120]},{"a":null}],"nsp":"/"})"});
  other->send_event({"say", Bytes("y"), Value(1.5)});
  EXPECT_EQ(take(), Strings{R"(51-["said",{"_placeholder":true,"num":0},1.5] beQ==)"});
  EXPECT_EQ(other->take(),
            Strings{R"({"type":2,"data":["said",{"type":"Buffer","data":[121]},1.5],"nsp":"/"})"});
}

TEST_P(MixedCluster, CollectsAnswersOfAll) {
  Array answers;
  in_turn(plain, [&] {
    plain.io->to("room").emit("ask", 1, [&](BroadcastReply const& reply) { answers = reply.responses; });
  });
  auto const asked = take();
  ASSERT_EQ(asked.size(), 1U);
  auto const id = asked[0].substr(1, asked[0].find('[') - 1);
  EXPECT_EQ(asked[0], "2" + id + R"(["ask",1])");
  clients[0].send("3" + id + R"(["plain"])");
  EXPECT_EQ(other->take().size(), 1U);
  other->send(
      Value::object({{"type", 3}, {"nsp", "/"}, {"id", std::stoi(id)}, {"data", Value::array({"packing"})}}));
  run();
  EXPECT_EQ(json::stringify(Value(answers)), R"(["plain","packing"])");
}

INSTANTIATE_TEST_SUITE_P(Shards, MixedCluster, testing::Values(1U, 2U));

class OwnParser : public SocketIoFixture {
 protected:
  /// What a client gets; the first packet is the answer to its CONNECT.
  static Strings without_connect(SocketIoClient& client) {
    auto packets = client.take();
    EXPECT_TRUE(!packets.empty() && packets[0].starts_with(R"([0,"/",null,{"sid":")"));
    if (!packets.empty()) packets.erase(packets.begin());
    return packets;
  }
};

TEST_F(OwnParser, ServesARoomAsTheOfficialOneDoes) {
  start({.parser = std::make_shared<ArrayParser>()});
  io->on_connection([](Socket& socket) { socket.join("room"); });
  io->on("echo", [](std::string const& text) { return text; });
  io->on("say", [this](std::string const& text) -> Task<> {
    co_await std::suspend_never();
    io->to("room").emit("said", text);
  });
  SocketIoClient one(world, Over::websocket);
  SocketIoClient two(world, Over::polling);
  one.send(R"([0,"/",null,{"token":"abc"}])");
  two.send(R"([0,"/",null,null])");
  one.send(R"([2,"/",5,["echo","hi"]])");
  EXPECT_EQ(without_connect(one), Strings{R"([3,"/",5,["hi"]])"});
  EXPECT_EQ(without_connect(two), Strings());
  two.send(R"([2,"/",null,["say","there"]])");
  EXPECT_EQ(one.take(), Strings{R"([2,"/",null,["said","there"]])"});
  EXPECT_EQ(two.take(), Strings{R"([2,"/",null,["said","there"]])"});
  one.send(R"([1,"/",null,null])");
  EXPECT_FALSE(one.closed());
  one.send(R"([2,"/",null,{}])");
  EXPECT_TRUE(one.closed());
}

TEST_F(OwnParser, KeepsTheAuthThatItHasDecoded) {
  start({.parser = std::make_shared<ArrayParser>()});
  io->on_connection([this](Socket& socket) { events.push_back(json::stringify(socket.handshake().auth())); });
  SocketIoClient client(world, Over::websocket);
  client.send(R"([0,"/",null,{"token":"abc"}])");
  EXPECT_EQ(take_events(), Strings{R"({"token":"abc"})"});
}

/// One that fails where it is told to.
class FaultyParser final : public Parser {
 public:
  void encode(OutgoingPacket const& packet, EncodedPacket& out) const override {
    ++encoded;
    if (fails) throw std::runtime_error("cannot write");
    json_parser()->encode(packet, out);
  }
  ParseResult decode(Frame const& frame, std::unique_ptr<PartialPacket>& begun, ParserLimits const& limits,
                     IncomingPacket& packet) const override {
    if (frame.data == "!") throw 7;
    return json_parser()->decode(frame, begun, limits, packet);
  }
  int mutable encoded = 0;
  bool fails = false;
};

TEST_F(OwnParser, IsCalledOnceForAllMembersOfARoom) {
  auto const parser = std::make_shared<FaultyParser>();
  start({.parser = parser});
  auto one = client(Over::websocket);
  auto two = client(Over::polling);
  auto three = client(Over::websocket);
  parser->encoded = 0;
  world.in_turn([&] { io->emit("hello"); });
  EXPECT_EQ(parser->encoded, 1);
  world.in_turn([&] { io->except("nobody").emit("hello"); });
  EXPECT_EQ(parser->encoded, 2);
  for (auto* const client : {&one, &two, &three})
    EXPECT_EQ(client->take_text(), R"(2["hello"] 2["hello"])");
}

TEST_F(OwnParser, ThatThrowsHarmsNobodyElse) {
  auto const parser = std::make_shared<FaultyParser>();
  start({.parser = parser});
  io->on("echo", [](int number) { return number; });
  auto bad = client();
  auto good = client();
  bad.send("!");
  EXPECT_TRUE(bad.closed());
  EXPECT_TRUE(world.logged("the parser"));
  parser->fails = true;
  world.in_turn([&] { EXPECT_THROW(io->emit("hello"), std::runtime_error); });
  good.send("20[\"echo\",1]");
  SocketIoClient late(world, Over::websocket);
  late.send("0");
  EXPECT_EQ(late.take_text(), "");
  EXPECT_TRUE(world.logged("cannot write"));
  parser->fails = false;
  good.send("21[\"echo\",2]");
  EXPECT_EQ(good.take_text(), "31[2]");
}

// --- Several parsers of one server

TEST(PacketSet, IsWrittenByThoseWhoseClientsAreThere) {
  ServerParsers parsers(json_parser());
  auto const second = parsers.add(msgpack_parser());
  OutgoingPacket const packet{.type = PacketType::disconnect};
  PacketSet set;
  set.encode(parsers, packet);
  EXPECT_EQ(set.find(0), nullptr);
  EXPECT_EQ(set.find(second), nullptr);
  parsers.client_came(second);
  set.encode(parsers, packet);
  EXPECT_EQ(set.find(0), nullptr);
  ASSERT_NE(set.find(second), nullptr);
  EXPECT_EQ(set.find(second)->first().kind, FrameKind::binary);
  parsers.client_came(0);
  parsers.client_went(second);
  set.encode(parsers, packet);
  ASSERT_NE(set.find(0), nullptr);
  EXPECT_EQ(set.find(0)->first().data, "1");
  EXPECT_EQ(set.find(second), nullptr);
}

TEST(PacketSet, IsAlwaysWrittenByTheOnlyParser) {
  ServerParsers const parsers(json_parser());
  PacketSet set;
  set.encode(parsers, {.type = PacketType::disconnect});
  ASSERT_NE(set.find(0), nullptr);
  EXPECT_EQ(set.size(), 1U);
}

}}  // namespace aerie::socketio::test
