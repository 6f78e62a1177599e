// Which sessions there are, for how long, and whose.
#include "unit/socketio/recovery_fixture.hpp"

namespace aerie::socketio::test { namespace {

class RecoverySessionTest : public RecoveryFixture {};

TEST_F(RecoverySessionTest, KeepsASessionForAsLongAsItWasTold) {
  auto& server = start_recovering({.max_disconnection_duration = 10s});
  server.on_session_expired([this](ExpiredSession const& session) {
    events.push_back(session.nsp.data() + std::string(" ") + std::string(session.id) + " " +
                     session.rooms.back() + " " + json::stringify(session.data) + " " +
                     std::string(to_string(session.reason)));
  });
  server.on_connection([](Socket& socket) {
    socket.join("room");
    socket.data() = Value(7);
  });
  auto client = connect();
  auto other = connect();
  auto const id = client.id;
  client.cut();
  world.advance(9'999ms);
  EXPECT_EQ(stats().waiting, 1U);
  world.advance(2ms);
  EXPECT_EQ(take_events(), Strings{"/ " + id + " room 7 transport close"});
  EXPECT_EQ(stats().waiting, 0U);
  EXPECT_EQ(stats().expired, 1U);
  client.connect();
  EXPECT_TRUE(client.connected);
  EXPECT_FALSE(client.recovered);
  EXPECT_NE(client.id, id);
  EXPECT_EQ(stats().refused, 1U);
}

TEST_F(RecoverySessionTest, IsRefusedForWhateverIsNoSessionOrNoOffsetOfTheServer) {
  auto& server = start_recovering();
  server.on_connection([this](Socket& socket) { events.emplace_back(to_string(socket.recovery())); });
  server.of("/other");
  auto client = connect();
  world.in_turn([&] { server.emit("news"); });
  client.take_events();
  auto const pid = client.pid;
  auto const offset = client.offset;
  take_events();
  client.cut();
  auto const unknown_pid = "unknown session";
  std::vector<std::pair<std::string, std::string>> const claims{
      {R"({})", "none"},
      {R"({"offset":")" + offset + R"("})", "none"},
      {R"({"pid":null})", unknown_pid},
      {R"({"pid":1})", unknown_pid},
      {R"({"pid":""})", unknown_pid},
      {R"({"pid":[]})", unknown_pid},
      {R"({"pid":{"__proto__":1}})", unknown_pid},
      {R"({"pid":"foo","offset":"bar"})", unknown_pid},
      {R"({"pid":")" + std::string(20, 'A') + R"("})", unknown_pid},
      {R"({"pid":")" + std::string(100'000, 'A') + R"("})", unknown_pid},
      {R"({"pid":")" + pid.substr(1) + R"("})", unknown_pid},
      {R"({"pid":")" + pid + R"(x"})", unknown_pid},
      {R"({"pid":"\u0000"})", unknown_pid},
      {R"({"pid":")" + pid + R"(","offset":null})", "unknown offset"},
      {R"({"pid":")" + pid + R"(","offset":7})", "unknown offset"},
      {R"({"pid":")" + pid + R"(","offset":""})", "unknown offset"},
      {R"({"pid":")" + pid + R"(","offset":"hello"})", "unknown offset"},
      {R"({"pid":")" + pid + R"(","offset":[")" + offset + R"("]})", "unknown offset"},
      {R"({"pid":")" + pid + R"(","offset":")" + offset + R"(1"})", "unknown offset"},
      {R"({"pid":")" + pid + R"(","offset":")" + std::string(100'000, 'a') + R"("})", "unknown offset"},
  };
  for (auto const& [claim, outcome] : claims) {
    SocketIoClient trying(world, Over::websocket);
    EXPECT_NE(trying.join("/", claim), "") << claim;
    EXPECT_EQ(take_events(), Strings{outcome}) << claim.substr(0, 100);
    EXPECT_FALSE(trying.closed());
  }
  // In another namespace it is unknown as well; and none of it has cost the session anything.
  SocketIoClient elsewhere(world, Over::websocket);
  elsewhere.join("/other", R"({"pid":")" + pid + R"("})");
  EXPECT_EQ(stats().waiting, 1U + claims.size());
  client.connect();
  EXPECT_TRUE(client.recovered);
}

// The official client keeps its offset when it is told that it is not recovered.
TEST_F(RecoverySessionTest, IsGoodForAClientThatHasHadNothingSinceItWasToldOfAnotherServer) {
  start_recovering();
  ReturningClient client(world);
  client.pid = "a-pid-of-another-one";
  client.offset = "an offset of another one";
  client.connect();
  EXPECT_FALSE(client.recovered);
  for (int i = 0; i < 2; ++i) {
    client.cut();
    client.connect();
    EXPECT_TRUE(client.recovered);
  }
  client.offset = "what it has never named";
  client.cut();
  client.connect();
  EXPECT_FALSE(client.recovered);
}

TEST_F(RecoverySessionTest, HoldsForEachWayOfLeavingThatIsNotOnPurpose) {
  auto& server = start_recovering();
  server.on("leave", [](Socket& socket) { socket.disconnect(); });
  struct Way {
    std::string name;
    std::function<void(ReturningClient&)> leave;
    bool recovers;
  };
  std::vector<Way> const ways{
      {"reset", [](ReturningClient& client) { client.cut(); }, true},
      {"closed",
       [&](ReturningClient& client) {
         client.socket->websocket->connection.close();
         world.run();
       },
       true},
      {"ping timeout",
       [&](ReturningClient&) {
         world.advance(25s);
         world.advance(20s);
       },
       true},
      {"closed by the server",
       [&](ReturningClient&) {
         world.in_turn(
             [&] { server.sockets().for_each_local([](Socket& socket) { socket.conn()->close(); }); });
       },
       true},
      {"a packet that is none", [](ReturningClient& client) { client.send("2[broken"); }, true},
      {"a packet for another namespace", [](ReturningClient& client) { client.send("2/none,[\"x\"]"); },
       true},
      {"the client's DISCONNECT", [](ReturningClient& client) { client.send("1"); }, false},
      {"the server's", [](ReturningClient& client) { client.send("2[\"leave\"]"); }, false},
      {"disconnect_sockets",
       [&](ReturningClient&) { world.in_turn([&] { server.disconnect_sockets(true); }); }, false},
  };
  for (auto const& [name, leave, recovers] : ways) {
    auto client = connect();
    leave(client);
    EXPECT_EQ(stats().waiting, recovers ? 1U : 0U) << name;
    client.connect();
    EXPECT_TRUE(client.connected) << name;
    EXPECT_EQ(client.recovered, recovers) << name;
    client.send("1");
  }
}

TEST_F(RecoverySessionTest, TakesTheSessionOverFromAConnectionThatNobodyKnowsToBeDead) {
  auto& server = start_recovering();
  server.on_disconnect([this](Socket&, DisconnectReason reason) { events.emplace_back(to_string(reason)); });
  auto client = connect();
  auto const id = client.id;
  auto const dead = std::move(client.socket);
  world.in_turn([&] { server.emit("into the dead connection", 1); });
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.id, id);
  EXPECT_EQ(client.take_events(), Strings{"[\"into the dead connection\",1]"});
  EXPECT_EQ(take_events(), Strings{"forced close"});
  EXPECT_TRUE(dead->closed());
  EXPECT_EQ(server.sockets().socket_count(), 1U);
}

TEST_F(RecoverySessionTest, KeepsSessionsWhenTheServerClosesAndListensAgain) {
  auto& server = start_recovering();
  auto client = connect();
  auto const id = client.id;
  world.in_turn([&] { server.close(); });
  for (int i = 0; i < 20; ++i)
    world.advance(100ms);
  EXPECT_EQ(stats().waiting, 1U);
  client.socket.reset();
  server.engine().reopen();
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.id, id);
}

TEST_F(RecoverySessionTest, LeavesNothingBehind) {
  auto const before = world.runtime.shard(0).account().used();
  {
    start_recovering({.max_disconnection_duration = 1s});
    for (int i = 0; i < 20; ++i) {
      auto client = connect();
      world.in_turn([&] { io->emit("news", std::string(100, 'x')); });
      client.cut();
      if (i % 2 == 0) client.connect();
      if (client.socket) client.cut();
    }
    EXPECT_GT(stats().retained_bytes, 2'000U);
    EXPECT_GT(world.runtime.shard(0).account().used(), before + 2'000);
    for (int i = 0; i < 100; ++i)
      world.advance(1s);
    EXPECT_EQ(stats().retained_events, 0U);
    EXPECT_EQ(stats().waiting, 0U);
    EXPECT_EQ(stats().expired, 20U);
    EXPECT_EQ(world.runtime.shard(0).account().used(), before);
  }
}

}}  // namespace aerie::socketio::test
