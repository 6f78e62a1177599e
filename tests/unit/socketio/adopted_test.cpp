#include "unit/socketio/socketio_fixture.hpp"

#include <set>
#include <stdexcept>
#include <string>

namespace aerie::socketio::test { namespace {

using aerie::test::WebSocketClient;

/// Sessions of other Engine.IO servers.
class OtherEngines : public SocketIoFixture {
 protected:
  ~OtherEngines() override { io.reset(); }  // before what it is bound to
  void start_both() {
    engine.attach(world.http);
    start({.path = "/own"});
    io->on("echo", [](std::string text) { return text; });
    io->on_disconnect([this](aerie::DisconnectReason reason) { events.emplace_back(to_string(reason)); });
  }
  engineio::Server engine{world.runtime, {.path = "/socket.io"}};
};

TEST_F(OtherEngines, AreServedOnceTheyAreBound) {
  start_both();
  engine.hooks.connection = [this](engineio::Session&) { events.emplace_back("its own hook"); };
  io->bind(engine);
  auto first = client();
  EXPECT_EQ(take_events(), Strings{"its own hook"});
  first.send(R"(21["echo","hello"])");
  EXPECT_EQ(first.take_text(), R"(31["hello"])");
  EXPECT_EQ(io->stats().clients, 1U);
  auto second = client(Over::polling);
  first.websocket->connection.reset();
  world.run();
  EXPECT_EQ(take_events(), (Strings{"its own hook", "transport close"}));
  bool closed = false;
  io->close([&closed] { closed = true; });
  world.run();
  world.advance(10ms);
  EXPECT_TRUE(closed);
  EXPECT_EQ(take_events(), Strings{"server shutting down"});
  EXPECT_EQ(engine.clients_count(), 0U);
}

TEST_F(OtherEngines, GiveSingleSessions) {
  start_both();
  engine.hooks.connection = [this](engineio::Session& session) {
    if (session.request().query().find("chat") != std::string_view::npos) io->adopt(session);
  };
  WebSocketClient other(world, "/socket.io/?EIO=4&transport=websocket");
  other.take();
  WebSocketClient chat(world, "/socket.io/?EIO=4&transport=websocket&chat=1");
  chat.take();
  for (auto* const client : {&other, &chat})
    client->send("40");
  EXPECT_EQ(other.take(), Strings{});
  EXPECT_EQ(chat.take().size(), 1U);
  io->close();
  world.run();
  world.advance(10ms);
  EXPECT_EQ(take_events(), Strings{"server shutting down"});
  EXPECT_EQ(engine.clients_count(), 1U);
}

TEST_F(OtherEngines, OutliveTheServerThatServedThem) {
  start_both();
  io->bind(engine);
  auto joined = client();
  WebSocketClient waiting(world, "/socket.io/?EIO=4&transport=websocket");
  io.reset();
  world.run();
  EXPECT_EQ(engine.clients_count(), 0U);
  WebSocketClient later(world, "/socket.io/?EIO=4&transport=websocket");
  later.send("40");
  EXPECT_EQ(engine.clients_count(), 1U);
  world.advance(1s);
}

TEST_F(OtherEngines, OfAnotherRuntimeAreRefused) {
  start_both();
  Runtime other;
  engineio::Server stranger(other);
  EXPECT_THROW(io->bind(stranger), std::invalid_argument);
}

TEST_F(OtherEngines, HaveTheirSocketsAmongAll) {
  start_both();
  io->bind(engine);
  SocketIoClient first(world, Over::websocket);
  SocketIoClient second(world, Over::polling);
  std::set<std::string> const joined{first.join(), second.join()};
  std::set<std::string> found;
  core::TaskContext tasks(world.runtime.shard(0));
  world.in_turn([&] {
    core::start(io->all_sockets(), tasks,
                [&](core::Outcome<std::set<std::string>>&& outcome) noexcept { found = outcome.take(); });
  });
  EXPECT_EQ(found, joined);
}

}}  // namespace aerie::socketio::test
