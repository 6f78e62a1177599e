#include "unit/socketio/recovery_fixture.hpp"

#include <aerie/schema/describe.hpp>

#include <map>

namespace aerie::socketio::test { namespace {

class RecoveryTest : public RecoveryFixture {
 protected:
  /// A client that is there reads what comes, and answers pings.
  void pass(int seconds, ReturningClient& client) {
    for (int i = 0; i < seconds; ++i) {
      world.advance(1s);
      if (client.socket) client.read();
    }
  }
};

struct Player {
  std::string name;
  static void describe(Schema<Player>& schema) { schema.field<&Player::name>("name"); }
};
struct Undescribed {
  int number = 0;
};

TEST_F(RecoveryTest, IsOffUnlessItIsAskedFor) {
  auto& server = start();
  auto client = connect();
  EXPECT_EQ(client.pid, "");
  world.in_turn([&] { server.emit("news", 1); });
  EXPECT_EQ(client.take_events(), Strings{"[\"news\",1]"});
  EXPECT_EQ(client.offset, "");
  client.cut();
  client.pid = std::string(20, 'A');
  client.connect();
  EXPECT_FALSE(client.recovered);
  EXPECT_EQ(stats().retained_events, 0U);
}

TEST_F(RecoveryTest, GivesEachEligibleEventAnOffset) {
  auto& server = start_recovering();
  server.on_connection([](Socket& socket) { socket.emit("welcome"); });
  auto client = connect();
  EXPECT_EQ(client.take_events(), Strings{"[\"welcome\"]"});
  auto last = client.offset;
  EXPECT_FALSE(last.empty());
  std::vector<std::function<void(Socket&)>> const ways{
      [&](Socket&) { server.emit("e", 1); },
      [&](Socket&) { server.local().emit("e", 1); },
      [&](Socket& socket) { server.to(std::string(socket.id())).emit("e", 1); },
      [&](Socket& socket) { socket.emit("e", 1); },
      [&](Socket& socket) { socket.compress(false).emit("e", 1); },
      [&](Socket& socket) { socket.emit_named(Value("e"), EncodableList(1)); },
      [&](Socket& socket) { socket.handle().emit("e", 1); },
  };
  for (auto const& way : ways) {
    world.in_turn([&] { server.sockets().for_each_local(way); });
    EXPECT_EQ(client.take_events(), Strings{"[\"e\",1]"});
    EXPECT_NE(client.offset, last);
    last = client.offset;
  }
  // From a thread outside the runtime.
  server.emit("e", 1);
  world.run();
  EXPECT_EQ(client.take_events(), Strings{"[\"e\",1]"});
  EXPECT_NE(client.offset, last);
}

TEST_F(RecoveryTest, LeavesVolatileEventsAndThoseWithAnAcknowledgementAsTheyAre) {
  auto& server = start_recovering();
  server.drop_oldest("position");
  auto client = connect();
  world.in_turn([&] { server.volatile_().emit("v", 1); });
  world.in_turn([&] {
    server.sockets().for_each_local([](Socket& socket) {
      socket.volatile_().emit("v", 2);
      socket.emit("a", 3, [](AckReply const&) {});
      socket.emit("position", 4);
    });
    server.emit("position", 5);
    server.emit("b", 6, [](BroadcastReply const&) {});
  });
  client.read();
  EXPECT_EQ(client.events, (Strings{"[\"v\",1]", "[\"v\",2]", "[\"position\",4]", "[\"position\",5]"}));
  EXPECT_EQ(client.others, (Strings{"20[\"a\",3]", "21[\"b\",6]"}));
  EXPECT_EQ(client.offset, "");
  EXPECT_EQ(stats().retained_events, 0U);
}

TEST_F(RecoveryTest, RestoresIdRoomsDataAndSendsWhatWasMissedBeforeTheConnect) {
  auto& server = start_recovering();
  server.on_connection([this](Socket& socket) {
    events.push_back(std::string(to_string(socket.recovery())));
    if (socket.recovered()) {
      for (auto const& room : socket.rooms())
        events.push_back(room == socket.id() ? "own" : room);
      events.push_back(json::stringify(socket.data()));
      EXPECT_EQ(socket.get<Player>().name, "Ann");
      EXPECT_EQ(socket.find<Undescribed>(), nullptr);
      return;
    }
    socket.join({"z", "a", "m"});
    socket.data() = Value::object({{"user", "Ann"}});
    socket.set(Player{"Ann"});
    socket.set(Undescribed{1});
    socket.emit("first");
  });
  auto client = connect();
  auto const id = client.id;
  client.take_events();
  client.cut();
  world.in_turn([&] {
    server.emit("all", 1);
    server.to("a").emit("room", 2);
    server.to("elsewhere").emit("room", 3);
    server.to({"z", "elsewhere"}).emit("both", 4);
    server.except("m").emit("not him", 5);
    server.to(id).emit("him", 6);
    server.emit("binary", Bytes("\1\2"));
  });
  client.order.clear();
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.id, id);
  EXPECT_EQ(client.order,
            "[\"all\",1] [\"room\",2] [\"both\",4] [\"him\",6] "
            "[\"binary\",{\"_placeholder\":true,\"num\":0}] CONNECT ");
  EXPECT_EQ(client.others, Strings{"bAQI="});
  EXPECT_EQ(take_events(), (Strings{"none", "recovered", "own", "z", "a", "m", R"({"user":"Ann"})"}));
  EXPECT_EQ(stats().recovered, 1U);
  EXPECT_EQ(stats().waiting, 0U);
  // And it goes on, again and again.
  client.take_events();
  for (int number = 0; number < 3; ++number) {
    world.in_turn([&] { server.to("m").emit("live", number); });
    EXPECT_EQ(client.take_events().size(), 1U);
    client.cut();
    world.in_turn([&] { server.to("m").emit("missed", number); });
    client.connect();
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(client.take_events(), Strings{"[\"missed\"," + std::to_string(number) + "]"});
  }
}

TEST_F(RecoveryTest, RecoversAClientThatHasHadNoEventYet) {
  auto& server = start_recovering();
  world.in_turn([&] { server.emit("before", 0); });
  auto client = connect();
  client.cut();
  world.in_turn([&] { server.emit("missed", 1); });
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), Strings{"[\"missed\",1]"});
}

TEST_F(RecoveryTest, RecoversAQuietClientWhoseLastEventIsLongForgotten) {
  auto& server = start_recovering({.max_disconnection_duration = 10s});
  auto client = connect();
  world.in_turn([&] { server.emit("long ago", 0); });
  client.take_events();
  pass(300, client);
  EXPECT_EQ(stats().retained_events, 0U);
  client.cut();
  world.in_turn([&] { server.emit("missed", 1); });
  world.advance(9s);
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), Strings{"[\"missed\",1]"});
}

TEST_F(RecoveryTest, TellsAClientThatMayHaveMissedWhatItWasSentAgain) {
  // Dead connections are noticed after 45 s, events are kept for not much longer than 10 s more.
  auto& server = start_recovering({.max_disconnection_duration = 10s});
  for (auto const reads : {false, true}) {
    SCOPED_TRACE(reads);
    auto client = connect();
    world.in_turn([&] { server.emit("heard", 0); });
    client.take_events();
    client.cut();
    world.in_turn([&] { server.emit("missed", 1); });
    pass(5, client);
    client.ask_to_connect();
    if (reads) {
      EXPECT_EQ(client.take_events(), Strings{"[\"missed\",1]"});
      EXPECT_TRUE(client.recovered);
    }
    client.vanish();
    pass(54, client);
    EXPECT_EQ(stats().waiting, 1U);
    EXPECT_EQ(stats().retained_events, 0U);
    client.connect();
    // Its offset says whether it has had it.
    EXPECT_EQ(client.recovered, reads);
    EXPECT_EQ(client.take_events(), Strings{});
    client.cut();
    pass(20, client);
  }
}

TEST_F(RecoveryTest, TellsClientsThatWereCutWhileTheEventLoopStoodStill) {
  auto& server = start_recovering({.max_disconnection_duration = 10s});
  for (auto const stands_still : {true, false}) {
    SCOPED_TRACE(stands_still);
    auto client = connect();
    world.in_turn([&] { server.emit("heard", 0); });
    client.take_events();
    if (stands_still) {
      client.vanish();
      world.in_turn([&] { server.emit("missed", 1); });
      world.advance(200s);
    } else {
      pass(200, client);
    }
    // The next ping is late, and is not answered.
    pass(22, client);
    if (client.socket) client.cut();
    client.connect();
    EXPECT_EQ(client.recovered, !stands_still);
    client.cut();
    pass(20, client);
  }
}

TEST_F(RecoveryTest, AsksTheMiddlewaresUnlessItIsToldNotTo) {
  for (auto const skip : {false, true}) {
    auto& server = start_recovering({.skip_middlewares = skip});
    auto refusing = false;
    server.use([&](Socket& socket) {
      events.push_back(socket.recovered() ? "recovered" : "new");
      if (refusing) throw ConnectError("banned");
      if (socket.recovered()) {
        EXPECT_EQ(socket.rooms().size(), 2U);
      }
      socket.join("room");
    });
    auto client = connect();
    EXPECT_EQ(take_events(), Strings{"new"});
    client.cut();
    refusing = true;
    client.connect();
    EXPECT_EQ(client.connected, skip);
    EXPECT_EQ(take_events(), skip ? Strings{} : Strings{"recovered"});
    // Who was refused has lost nothing.
    client.cut();
    refusing = false;
    world.in_turn([&] { server.to("room").emit("missed", 1); });
    client.connect();
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(client.take_events(), Strings{"[\"missed\",1]"});
    take_events();
    client.cut();
    io.reset();
  }
}

TEST_F(RecoveryTest, SendsWhatComesWhileAMiddlewareThinks) {
  auto& server = start_recovering();
  std::optional<Next> waiting;
  server.use([&](Socket& socket, Next next) { socket.recovered() ? void(waiting = next) : next(); });
  auto client = connect();
  client.cut();
  world.in_turn([&] { server.emit("missed", 1); });
  client.connect();
  EXPECT_FALSE(client.connected);
  world.in_turn([&] { server.emit("missed", 2); });
  // A second attempt takes the session from the first one.
  auto second = std::move(client.socket);
  client.connect();
  auto const late = *waiting;
  world.in_turn([&] { late(); });
  client.read();
  EXPECT_TRUE(client.connected);
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), (Strings{"[\"missed\",1]", "[\"missed\",2]"}));
  world.in_turn([&] { server.emit("live", 3); });
  EXPECT_EQ(client.take_events(), Strings{"[\"live\",3]"});
}

TEST_F(RecoveryTest, SendsWhatWentToARoomWhileTheSocketWasInIt) {
  auto& server = start_recovering();
  auto client = connect();
  auto const handle = [&](auto action) { world.in_turn([&] { server.sockets().for_each_local(action); }); };
  handle([](Socket& socket) { socket.emit("had", 0); });
  client.take_events();
  world.in_turn([&] { server.to("room").emit("before he came", 1); });
  handle([](Socket& socket) { socket.join("room"); });
  // None of it arrives any more.
  client.socket->websocket->connection.set_window(0);
  world.in_turn([&] { server.to("room").emit("meanwhile", 2); });
  world.in_turn([&] { server.except("room").emit("without the room", 3); });
  handle([](Socket& socket) { socket.leave("room"); });
  world.in_turn([&] { server.to("room").emit("after he went", 4); });
  handle([](Socket& socket) { socket.leave(socket.id()); });
  world.in_turn([&] { server.to(client.id).emit("his own room no more", 5); });
  client.cut();
  world.in_turn([&] { server.to("room").emit("while he is away", 6); });
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), Strings{"[\"meanwhile\",2]"});
  handle([this](Socket& socket) { events.push_back(std::to_string(socket.rooms().size())); });
  EXPECT_EQ(take_events(), Strings{"0"});
}

TEST_F(RecoveryTest, TellsWhoHasMissedWhatIsNotKeptAnyMore) {
  auto& server = start_recovering({.max_retained = 20'000});
  server.on_connection([this](Socket& socket) { events.emplace_back(to_string(socket.recovery())); });
  auto client = connect();
  auto quiet = connect();
  world.in_turn([&] { server.emit("had", 0); });
  client.take_events();
  quiet.take_events();
  client.cut();
  for (int i = 0; i < 100; ++i)
    world.in_turn([&] { server.emit("long", std::string(1'000, 'x')); });
  EXPECT_LE(stats().retained_bytes, 20'000U);
  EXPECT_GT(stats().gone_early, 80U);
  take_events();
  client.connect();
  EXPECT_TRUE(client.connected);
  EXPECT_FALSE(client.recovered);
  EXPECT_EQ(take_events(), Strings{"events gone"});
  // Who has had all of it is.
  quiet.take_events();
  quiet.cut();
  quiet.connect();
  EXPECT_TRUE(quiet.recovered);
}

TEST_F(RecoveryTest, KeepsWhatIsEmittedToASocketThatIsGone) {
  auto& server = start_recovering();
  std::optional<SocketHandle> handle;
  std::shared_ptr<Socket> kept;
  server.on_connection([&](Socket& socket) {
    if (socket.recovered()) return;
    handle = socket.handle();
    kept = socket.shared_from_this();
  });
  auto client = connect();
  client.cut();
  world.in_turn([&] {
    kept->emit("by the socket", 1);
    kept->volatile_().emit("not this", 2);
    handle->emit("by its handle", 3);
  });
  handle->emit("from outside", 4);
  world.run();
  client.connect();
  EXPECT_EQ(client.take_events(),
            (Strings{"[\"by the socket\",1]", "[\"by its handle\",3]", "[\"from outside\",4]"}));
}

TEST_F(RecoveryTest, GoesOnInSeveralNamespacesOfOneConnection) {
  auto& server = start_recovering();
  server.of("/a");
  server.of(Pattern("/made-*"));
  SocketIoClient client(world, Over::websocket);
  std::map<std::string, std::string> pids;
  for (auto const* const nsp : {"/", "/a", "/made-1"}) {
    client.send(nsp == std::string("/") ? "0" : "0" + std::string(nsp) + ",");
    auto const reply = client.take_text();
    auto const at = reply.find("\"pid\":\"") + 7;
    pids[nsp] = reply.substr(at, reply.find('"', at) - at);
  }
  client.websocket->connection.reset();
  world.run();
  EXPECT_EQ(stats().waiting, 3U);
  world.in_turn([&] {
    for (auto const& [nsp, pid] : pids)
      server.of(nsp).emit("news", nsp);
  });
  SocketIoClient back(world, Over::websocket);
  for (auto const& [nsp, pid] : pids) {
    auto const head = nsp == "/" ? std::string() : nsp + ",";
    back.send("0" + head + "{\"pid\":\"" + pid + "\"}");
    auto const text = back.take_text();
    EXPECT_TRUE(text.starts_with("2" + head + "[\"news\",\"" + nsp + "\",")) << text;
    EXPECT_NE(text.find(pid), std::string::npos) << text;
    EXPECT_EQ(text.find("news", 20 + head.size()), std::string::npos) << text;
  }
  EXPECT_EQ(stats().recovered, 3U);
}

TEST_F(RecoveryTest, IsNothingToClientsOfSocketIo2) {
  aerie::ServerOptions options;
  options.engine.allow_eio3 = true;
  options.connection_state_recovery.emplace();
  start(std::move(options));
  aerie::test::WebSocketClient old(world, "/socket.io/?EIO=3&transport=websocket");
  world.advance(10ms);
  auto const messages = old.take();
  ASSERT_FALSE(messages.empty());
  EXPECT_EQ(messages.back(), "40");
  world.in_turn([&] { io->emit("news", 1); });
  EXPECT_EQ(old.take().back().substr(0, 12), "42[\"news\",1,");
  old.connection.reset();
  world.run();
  EXPECT_EQ(stats().waiting, 0U);
}

TEST_F(RecoveryTest, RefusesSettingsThatCannotWork) {
  EXPECT_THROW(start_recovering({.max_disconnection_duration = 0ms}), std::invalid_argument);
  EXPECT_THROW(start_recovering({.max_disconnection_duration = 10'000h}), std::invalid_argument);
  EXPECT_THROW(start_recovering({.max_retained = 0}), std::invalid_argument);
}

}}  // namespace aerie::socketio::test
