// Whatever a user may keep, kept for longer than its socket, its server or its runtime, and then used: on the
// test's thread, in a turn of the shard, and on a thread of its own.

#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <functional>
#include <optional>
#include <thread>

namespace aerie::socketio::test { namespace {

/// One of everything.
struct Kept {
  std::optional<SocketHandle> handle;
  std::optional<Ack<std::string>> ack;
  std::optional<Ack<>> any_ack;
  std::optional<Next> next;
  std::optional<ParentNamespace::Accept> accept;
  std::optional<BroadcastOperator> room;
  std::vector<RemoteSocket> remote;
  std::shared_ptr<Socket> socket;
  std::shared_ptr<Namespace> nsp;

  bool complete() const {
    return handle && ack && any_ack && next && accept && room && !remote.empty() && socket && nsp;
  }

  void use() const {
    handle->emit("e", 1, "two", Bytes("3"));
    handle->join("room");
    handle->leave("room");
    handle->disconnect();
    handle->disconnect(true);
    handle->run([](Socket&) { ADD_FAILURE() << "its socket has gone"; });
    EXPECT_EQ(handle->id().size(), 20U);
    EXPECT_EQ(handle->handshake().header("host"), "test");
    (*ack)("late");
    (*any_ack)(1, 2);
    (*next)();
    (*next)(ConnectError("late"));
    (*accept)(true);
    room->emit("e");
    room->volatile_().emit("e");
    bool told = false;
    room->timeout(1ms).emit("e", [&told](BroadcastReply const& reply) {
      told = true;
      EXPECT_EQ(reply.error, AckError::disconnected);
    });
    EXPECT_TRUE(told) << "at once, as nobody will come later";
    room->sockets_join("x");
    room->sockets_leave("x");
    room->disconnect_sockets(true);
    static_cast<void>(room->fetch_sockets());
    for (auto const& each : remote) {
      EXPECT_FALSE(each.emit("e"));
      each.join("x");
      each.leave("x");
      each.disconnect(true);
    }
    EXPECT_FALSE(nsp->emit("e"));
    nsp->sockets_join("x");
    EXPECT_EQ(nsp->find("x"), nullptr);
    EXPECT_EQ(nsp->local_rooms(), Strings());
    EXPECT_FALSE(socket->connected());
    EXPECT_FALSE(socket->handshake().secure());
  }
};

class KeptHandles : public SocketIoFixture {
 protected:
  /// A server whose clients have left one of everything, still connected or not.
  void fill(Kept& kept) {
    start().on_connection([&](Socket& socket) {
      kept.handle = socket.handle();
      kept.socket = socket.shared_from_this();
      kept.nsp = socket.nsp().shared_from_this();
      kept.room = io->to("room").except("nobody");
      for (int i = 0; i < 40; ++i)
        socket.join("room " + std::to_string(i));
      socket.on_any_outgoing([](std::string_view, Args const&) {});
      socket.timeout(1h).emit("ask", [](AckReply const&) {});
    });
    io->on("ack", [&](Ack<std::string> ack) { kept.ack = std::move(ack); });
    io->on("any ack", [&](Ack<> ack) { kept.any_ack = std::move(ack); });
    io->on("fetch", [&](Socket&) -> Task<> { kept.remote = co_await io->fetch_sockets(); });
    io->on("wait", [](Socket& socket) -> Task<> {
      auto const pinned = socket.shared_from_this();
      co_await sleep_for(1h);
    });
    io->on("watch", cancel_on_leave([](Socket& socket) -> Task<> {
             auto const pinned = socket.shared_from_this();
             co_await sleep_for(1h);
           }));
    io->of("/guarded").use([&](Socket&, Next next) { kept.next = std::move(next); });
    io->of("/slow").use([](Socket& socket) -> Task<> {
      auto const pinned = socket.shared_from_this();
      co_await sleep_for(1h);
    });
    io->of([&](std::string_view, Value const&, ParentNamespace::Accept accept) {
      kept.accept = std::move(accept);
    });
    client.emplace(world, Over::websocket);
    client->join();
    client->join("/guarded");
    client->join("/slow");
    client->join("/asked-for");
    client->send(R"(21["ack"])");
    client->send(R"(22["any ack"])");
    client->send(R"(2["fetch"])");
    client->send(R"(2["wait"])");
    client->send(R"(2["watch"])");
    world.in_turn([&] { io->to("room 1").emit("in a burst"); });
    ASSERT_TRUE(kept.complete());
  }

  std::optional<SocketIoClient> client;
};

TEST_F(KeptHandles, DoNothingWhenTheServerIsGoneAndTheRuntimeTurns) {
  Kept kept;
  fill(kept);
  io.reset();
  kept.use();
  world.run();
  world.in_turn([&] { kept.use(); });
  std::thread([&] { kept.use(); }).join();
  world.run();
}

TEST_F(KeptHandles, DoNothingWhenTheServerGoesRightAfterTheClientHasLeft) {
  Kept kept;
  fill(kept);
  client->websocket->connection.close();
  // One turn that hears of it, and none in which what is cancelled could end.
  world.runtime.shard(0).turn(core::Milliseconds{0});
  io.reset();
  kept.use();
  world.in_turn([&] { kept.use(); });
}

TEST_F(KeptHandles, DoNothingWhenWhatTheyHavePostedArrivesTooLate) {
  Kept kept;
  fill(kept);
  std::thread([&] {
    kept.handle->emit("e");
    kept.handle->run([](Socket&) { ADD_FAILURE(); });
    kept.room->emit("e");
    kept.nsp->emit("e", [](BroadcastReply const&) { ADD_FAILURE(); });
    kept.nsp->disconnect_sockets(true);
    (*kept.ack)("late");
    (*kept.next)();
    (*kept.accept)(true);
    io->close([] { ADD_FAILURE(); });
  }).join();
  io.reset();
  world.run();
}

TEST(KeptHandlesOfARuntime, DoNothingWhenThatIsGone) {
  Kept kept;
  class World : public KeptHandles {
   public:
    using KeptHandles::fill;
    void TestBody() override {}
  };
  {
    World world;
    world.fill(kept);
  }
  kept.use();
  std::thread([&] { kept.use(); }).join();
}

}}  // namespace aerie::socketio::test
