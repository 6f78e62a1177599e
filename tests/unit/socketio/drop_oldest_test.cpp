#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/schema/json.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <thread>

namespace aerie::socketio::test { namespace {

/// Events of which only the last ones are kept for a client that is behind.
class LastEvents : public SocketIoFixture {
 protected:
  void start_server(std::size_t mark = 1000, unsigned keep = 1) {
    start({.high_water_mark = mark}).drop_oldest("position", keep);
    io->on_connection([this](aerie::Socket& connected) { socket = &connected; });
  }
  SocketIoClient slow_client(std::string_view nsp = "/") {
    auto made = client(Over::websocket, nsp);
    made.take();
    made.websocket->connection.set_window(0);
    return made;
  }
  void in_turn(std::function<void()> const& action) { world.in_turn(action); }
  /// What the client was sent and has not been shown before, but for what filled its queue.
  std::string rest(SocketIoClient& of) {
    of.websocket->connection.set_window(100'000'000);
    world.run();
    std::string text;
    for (auto const& packet : of.take()) {
      if (packet.find("fill") == packet.npos) text += (text.empty() ? "" : " ") + packet;
    }
    return text;
  }
  aerie::Socket* socket = nullptr;
};

TEST_F(LastEvents, AreAllThatAClientGetsThatIsBehind) {
  start_server();
  auto slow = slow_client();
  in_turn([this] {
    socket->emit("position", 0);
    socket->emit("fill", std::string(2000, 'x'));
    for (int i = 1; i <= 5; ++i) {
      socket->emit("position", i);
      socket->emit("other", i);
    }
  });
  EXPECT_EQ(io->stats().dropped_oldest, 4U);
  EXPECT_EQ(
      rest(slow),
      R"(2["position",0] 2["other",1] 2["other",2] 2["other",3] 2["other",4] 2["other",5] 2["position",5])");
  // From now on everything is sent at once again.
  in_turn([this] { socket->emit("position", 6), socket->emit("position", 7); });
  EXPECT_EQ(slow.take_text(), R"(2["position",6] 2["position",7])");
  EXPECT_EQ(io->stats().dropped_oldest, 4U);
}

TEST_F(LastEvents, OfBroadcastsAreKeptForThoseWhoAreBehindOnly) {
  start_server(1000, 2);
  io->drop_oldest("price");
  auto slow = slow_client();
  auto fast = client();
  fast.take();
  world.in_turn([this] { io->emit("fill", std::string(2000, 'x')); });
  fast.take();
  in_turn([this] {
    for (int i = 1; i <= 4; ++i) {
      io->emit("position", i);
      io->to("nowhere").emit("position", 100);
      io->except("nowhere").emit("price", i);
    }
  });
  EXPECT_EQ(io->stats().dropped_oldest, 5U);
  EXPECT_EQ(fast.take_text(), R"(2["position",1] 2["price",1] 2["position",2] 2["price",2] 2["position",3] )"
                              R"(2["price",3] 2["position",4] 2["price",4])");
  EXPECT_EQ(rest(slow), R"(2["position",3] 2["position",4] 2["price",4])");
}

TEST_F(LastEvents, AskedToBeAcknowledgedAreSentAllTheSame) {
  start_server();
  auto slow = slow_client();
  in_turn([this] {
    socket->emit("fill", std::string(2000, 'x'));
    for (int i = 0; i < 2; ++i)
      socket->emit("position", i, [](aerie::AckReply) {});
  });
  EXPECT_EQ(rest(slow), R"(20["position",0] 21["position",1])");
  EXPECT_EQ(io->stats().dropped_oldest, 0U);
}

TEST_F(LastEvents, EmittedByOtherThreadsAreNoDifferent) {
  start_server();
  auto slow = slow_client();
  std::optional<aerie::SocketHandle> handle;
  in_turn([&] {
    socket->emit("fill", std::string(2000, 'x'));
    handle = socket->handle();
  });
  std::thread([&] {
    for (int i = 1; i <= 3; ++i) {
      handle->emit("position", i);
      io->emit("position", -i);
    }
  }).join();
  world.run();
  EXPECT_EQ(io->stats().dropped_oldest, 5U);
  EXPECT_EQ(rest(slow), R"(2["position",-3])");
}

TEST_F(LastEvents, BelongToTheirNamespaceAndToThoseOfItsParent) {
  start({.high_water_mark = 1000});
  io->of(aerie::Pattern("^/game-")).drop_oldest("position");
  io->of("/plain");
  auto game = slow_client("/game-1");
  auto plain = slow_client("/plain");
  in_turn([this] {
    for (auto const* const nsp : {"/game-1", "/plain"}) {
      io->of(nsp).emit("fill", std::string(2000, 'x'));
      io->of(nsp).emit("position", 1);
      io->of(nsp).emit("position", 2);
    }
  });
  EXPECT_EQ(rest(game), R"(2/game-1,["position",2])");
  EXPECT_EQ(rest(plain), R"(2/plain,["position",1] 2/plain,["position",2])");
}

TEST_F(LastEvents, GoWithTheSocketThatTheyWereKeptFor) {
  start_server();
  auto const before = world.runtime.stats().shards.front().bytes_held;
  for (auto const leaves : {true, false}) {
    auto slow = slow_client();
    in_turn([this] {
      socket->emit("fill", std::string(2000, 'x'));
      socket->emit("position", std::string(100'000, 'x'));
    });
    EXPECT_GT(world.runtime.stats().shards.front().bytes_held, before + 100'000);
    if (leaves) {
      in_turn([this] { socket->disconnect(); });
      EXPECT_EQ(rest(slow), "1");
      in_turn([this] { io->engine().close(); });
      io->engine().reopen();
    } else {
      slow.websocket->connection.reset();
      world.run();
    }
    EXPECT_LE(world.runtime.stats().shards.front().bytes_held, before);
  }
}

TEST_F(LastEvents, MustBeAtLeastOneAndOfAnEvent) {
  start();
  EXPECT_THROW(io->drop_oldest("position", 0), std::invalid_argument);
  EXPECT_THROW(io->drop_oldest("disconnect"), std::invalid_argument);
}

TEST_F(LastEvents, OfVolatileOnesAreCountedAsDropped) {
  start_server();
  auto slow = slow_client();
  in_turn([this] {
    socket->emit("fill", std::string(2000, 'x'));
    socket->volatile_().emit("position", 1);
    io->volatile_().emit("other", 1);
  });
  EXPECT_EQ(io->stats().dropped_volatile, 2U);
  EXPECT_EQ(io->stats().dropped_oldest, 0U);
  EXPECT_EQ(rest(slow), "");
}

TEST_F(LastEvents, ClosedClientsAreCounted) {
  start({.engine = {.outgoing_limit = 100'000}});
  io->on_connection([this](aerie::Socket& connected) { socket = &connected; });
  io->on_disconnect([this] { socket = nullptr; });
  auto slow = slow_client();
  for (int turn = 0; turn < 20 && socket != nullptr; ++turn)
    in_turn([this] { socket->emit("fill", std::string(50'000, 'x')); });
  EXPECT_EQ(socket, nullptr);
  EXPECT_EQ(io->stats().slow_clients_closed, 1U);
  EXPECT_EQ(io->stats().clients, 0U);
}

/// Whatever is emitted in whatever order, and however readers read: nobody is closed, memory keeps within
/// what the rules allow, the numbers that a client sees only grow, and each sees the last one of every name.
TEST_F(LastEvents, OfManyProducersArriveAtSlowReaders) {
  constexpr std::size_t readers = 8;
  constexpr std::size_t mark = 4'000;
  constexpr std::size_t size = 500;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    io.reset();
    start({.high_water_mark = mark}).drop_oldest("x", 1).drop_oldest("y", 3);
    std::deque<SocketIoClient> clients;
    for (std::size_t i = 0; i < readers; ++i) {
      auto& made = clients.emplace_back(client());
      made.take();
      made.websocket->connection.set_window(random() % 2'000);
    }
    std::vector<std::map<std::string, int>> seen(readers);
    auto const read = [&](std::size_t i) {
      for (auto const& packet : clients[i].take()) {
        Value value;
        ASSERT_TRUE(json::parse(packet.substr(1), value));
        auto const& event = value.as_array();
        auto& last = seen[i][std::string(event[0].as_string())];
        auto const number = static_cast<int>(event[1].as_int());
        EXPECT_GT(number, last);
        last = number;
      }
    };
    int number = 0;
    for (int step = 0; step < 3'000; ++step) {
      if (random() % 3 == 0) {
        read(random() % readers);
        world.run();
      } else {
        auto const* const name = random() % 2 == 0 ? "x" : "y";
        world.in_turn([&] { io->emit(name, ++number, std::string(size, 'x')); });
      }
      auto const held = world.runtime.stats().shards.front().bytes_held_for_slow_peers;
      ASSERT_LE(held, readers * (mark + 6 * size + 8'192));
    }
    for (std::size_t i = 0; i < readers; ++i) {
      clients[i].websocket->connection.set_window(100'000'000);
      world.run();
      read(i);
      EXPECT_EQ(std::max(seen[i]["x"], seen[i]["y"]), number);
    }
    EXPECT_GT(io->stats().dropped_oldest, 0U);
    EXPECT_EQ(io->stats().slow_clients_closed, 0U);
  }
}

}}  // namespace aerie::socketio::test
