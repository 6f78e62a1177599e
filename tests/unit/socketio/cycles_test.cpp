#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/outcome.hpp>

namespace aerie::socketio::test { namespace {

/// The short form of bench/cycles: clients that come, join and leave, in every way.
class Cycles : public SocketIoFixture {};

TEST_F(Cycles, LeaveNothingBehind) {
  start({.high_water_mark = 1000}).drop_oldest("position");
  io->on_connection([](aerie::Socket& socket) {
    socket.use([](aerie::SocketEvent&, aerie::EventNext const& next) { next(); });
    socket.conn()->events().drain = [] {};
  });
  io->on("join", [this](aerie::Socket& socket, std::string room) -> aerie::Task<void> {
    socket.join(room);
    io->to(room).emit("position", std::string(500, 'x'));
    co_await socket.emit_paced("joined", room);
  });
  auto const cycle = [this](int i) {
    auto leaving = client(i % 4 == 0 ? Over::polling : Over::websocket);
    leaving.send("2[\"join\",\"room-" + std::to_string(i % 10) + "\"]");
    if (leaving.websocket && i % 3 == 0) {
      leaving.websocket->connection.set_window(0);
      world.in_turn([this] {
        for (int sent = 0; sent < 5; ++sent)
          io->emit("position", std::string(500, 'x'));
      });
    }
    switch (i % 5) {
      case 0:
        leaving.send("1");
        break;
      case 1:
        leaving.send("2[\"join\",\"another\"]");
        break;
      case 2:
        leaving.send("nonsense");
        break;
      default:
        break;
    }
    if (leaving.websocket) {
      leaving.websocket->connection.reset();
    } else {
      leaving.polling->post("1");
    }
    world.run();
  };
  for (int i = 0; i < 60; ++i)
    cycle(i);
  world.advance(1min);
  auto const before = world.runtime.stats().shards.front();
  for (int i = 0; i < 600; ++i)
    cycle(i);
  world.advance(1min);
  auto const after = world.runtime.stats().shards.front();
  EXPECT_EQ(after.bytes_held, before.bytes_held);
  EXPECT_EQ(after.bytes_held_for_slow_peers, 0U);
  EXPECT_EQ(after.connections, 0U);
  EXPECT_EQ(io->stats().clients, 0U);
  EXPECT_EQ(io->sockets().socket_count(), 0U);
  world.in_turn([this] { EXPECT_TRUE(io->sockets().local_rooms().empty()); });
}

}}  // namespace aerie::socketio::test
