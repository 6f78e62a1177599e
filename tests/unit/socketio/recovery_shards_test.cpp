#include "unit/socketio/recovery_fixture.hpp"

#include <random>

namespace aerie::socketio::test { namespace {

class RecoveryShards : public RecoveryFixture {
 protected:
  RecoveryShards() : RecoveryFixture(3) {}
};

TEST_F(RecoveryShards, RecoverOnWhateverShardTheClientComesBackTo) {
  auto& server = start_recovering();
  server.on_connection([](Socket& socket) {
    if (!socket.recovered()) socket.join("room");
  });
  auto client = connect(0);
  auto const id = client.id;
  auto const pid = client.pid;
  int number = 0;
  for (std::size_t const shard : {1U, 1U, 2U, 0U, 2U, 1U, 0U}) {
    for (std::size_t from = 0; from < 3; ++from)
      world.in_turn([&] { server.to("room").emit("live", ++number); }, from);
    EXPECT_EQ(client.take_events().size(), 3U);
    client.cut();
    Strings missed;
    for (std::size_t from = 0; from < 3; ++from) {
      world.in_turn([&] { server.to("room").emit("missed", ++number); }, from);
      missed.push_back("[\"missed\"," + std::to_string(number) + "]");
    }
    client.connect(shard);
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(client.id, id);
    EXPECT_EQ(client.pid, pid);
    EXPECT_EQ(client.take_events(), missed);
    // Cut again before anything new has come.
    client.cut();
    client.connect((shard + 1) % 3);
    EXPECT_TRUE(client.recovered);
    EXPECT_EQ(client.take_events(), Strings{});
  }
  EXPECT_EQ(server.sockets().socket_count(), 1U);
  EXPECT_EQ(stats().waiting, 0U);
}

TEST_F(RecoveryShards, TakeASessionOverFromAnotherShard) {
  auto& server = start_recovering();
  auto client = connect(0);
  auto const dead = std::move(client.socket);
  world.in_turn([&] { server.emit("missed", 1); }, 2);
  client.connect(1);
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), Strings{"[\"missed\",1]"});
  EXPECT_TRUE(dead->closed());
}

TEST_F(RecoveryShards, AreFollowedByAClaimThatWasMadeBeforeTheSessionMoved) {
  auto& server = start_recovering();
  struct Case {
    std::size_t first;
    std::size_t second;
  };
  // The session is on the last one. Both claims are on their way to it when it goes to the first's.
  for (auto const [first, second] : {Case{0, 0}, Case{0, 1}, Case{1, 0}, Case{0, 2}, Case{2, 0}}) {
    auto client = connect(2);
    client.cut();
    world.in_turn([&] { server.emit("missed", 1); });
    SocketIoClient given_up(world, Over::websocket, first);
    SocketIoClient last(world, Over::websocket, second);
    auto const claim = "0{\"pid\":\"" + client.pid + "\"}";
    given_up.send(claim);
    world.runtime.shard(first).run_ready();
    last.send(claim);
    world.run();
    auto const got = last.take_text();
    EXPECT_NE(got.find(client.pid), got.npos) << first << " and " << second << ": " << got;
    EXPECT_TRUE(got.starts_with("2[\"missed\",1,")) << got;
  }
}

TEST_F(RecoveryShards, ForgetWhatASessionHasBroughtAlong) {
  auto& server = start_recovering({.max_disconnection_duration = 10s});
  auto client = connect(0);
  client.cut();
  world.in_turn([&] { server.emit("missed", 1); });
  client.connect(1);
  EXPECT_EQ(client.take_events().size(), 1U);
  for (int i = 0; i < 30; ++i) {
    world.advance(5s);
    client.read();
  }
  client.cut();
  world.in_turn([&] { server.emit("missed", 2); });
  client.connect(2);
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), Strings{"[\"missed\",2]"});
}

/// Broadcasts from all shards, and clients that are cut and come back to any of them while what was sent is
/// still on its way between shards: each has every event once, those of each sender in their order.
TEST_F(RecoveryShards, LoseAndDoubleNothingWhileBroadcastsAreUnderWay) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    auto const below = [&](unsigned limit) { return static_cast<std::size_t>(random() % limit); };
    auto& server = start_recovering();
    server.on_connection([](Socket& socket) {
      if (!socket.recovered()) socket.join("room");
    });
    std::vector<ReturningClient> clients;
    for (std::size_t i = 0; i < 6; ++i)
      clients.push_back(connect(i % 3));
    std::vector<int> sent(3);
    std::vector<Strings> heard(clients.size());
    for (int step = 0; step < 300; ++step) {
      auto const i = below(6);
      auto& client = clients[i];
      switch (below(4)) {
        case 0: {
          auto const from = below(3);
          world.runtime.shard(from).post(
              [&server, from, number = ++sent[from]] { server.to("room").emit("n", from, number); });
          break;
        }
        case 1:
          // One shard only goes on: the others are behind.
          world.runtime.shard(below(3)).run_ready();
          break;
        case 2:
          if (!client.socket) break;
          client.socket->websocket->connection.reset();
          client.read();
          client.socket.reset();
          break;
        case 3: {
          if (client.socket) break;
          auto const shard = below(3);
          client.socket = std::make_unique<SocketIoClient>(world, Over::websocket, shard);
          auto const claim = client.offset.empty()
                                 ? "0{\"pid\":\"" + client.pid + "\"}"
                                 : "0{\"pid\":\"" + client.pid + "\",\"offset\":\"" + client.offset + "\"}";
          client.connected = client.recovered = false;
          client.socket->send(claim);
          client.read();
          ASSERT_TRUE(client.recovered) << "seed " << seed << " step " << step;
          break;
        }
      }
    }
    for (std::size_t i = 0; i < clients.size(); ++i) {
      auto& client = clients[i];
      if (!client.socket) client.connect(below(3));
      ASSERT_TRUE(client.connected) << "seed " << seed;
    }
    world.run();
    for (std::size_t i = 0; i < clients.size(); ++i) {
      std::vector<int> last(3);
      for (auto const& event : clients[i].take_events()) {
        auto const args = parsed(event);
        auto const from = static_cast<std::size_t>(args[1].as_int());
        ASSERT_EQ(args[2].as_int(), ++last[from]) << "seed " << seed << " client " << i << " " << event;
      }
      EXPECT_EQ(last, sent) << "seed " << seed << " client " << i;
    }
    clients.clear();
    io.reset();
  }
}

}}  // namespace aerie::socketio::test
