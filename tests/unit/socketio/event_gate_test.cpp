#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <array>
#include <deque>
#include <stdexcept>
#include <thread>

namespace aerie::socketio::test { namespace {

/// A socket with middlewares that decide later.
class EventMiddlewares : public SocketIoFixture {
 protected:
  EventMiddlewares() {
    start({.middleware_timeout = 5s});
    io->on_connection([this](aerie::Socket& socket) {
      connected = &socket;
      socket.on_error(
          [this](std::string_view message) { events.push_back("error " + std::string(message)); });
      if (prepare) prepare(socket);
    });
    for (auto const* const name : {"a", "b", "c"})
      io->on(name, [this, name](std::string text) { events.push_back(name + (" " + text)); });
    io->on_disconnect([this] { events.emplace_back("left"); });
  }
  SocketIoClient join(std::function<void(aerie::Socket&)> with) {
    prepare = std::move(with);
    return client();
  }

  std::function<void(aerie::Socket&)> prepare;
  aerie::Socket* connected = nullptr;
  std::deque<aerie::EventNext> waiting;
};

TEST_F(EventMiddlewares, KeepTheOrderOfASocketsEvents) {
  auto socket = join([this](aerie::Socket& of) {
    of.use([this](aerie::SocketEvent&, aerie::EventNext next) { waiting.push_back(std::move(next)); });
  });
  for (auto const* const packet : {R"(2["a","1"])", R"(2["b","2"])", R"(2["c","3"])"})
    socket.send(packet);
  // One after the other: the second one is not asked about before the first one is decided.
  ASSERT_EQ(waiting.size(), 1U);
  EXPECT_EQ(take_events(), Strings{});
  for (auto const* const expected : {"a 1", "b 2", "c 3"}) {
    world.in_turn([this] {
      auto const next = std::move(waiting.front());
      waiting.pop_front();
      next();
    });
    EXPECT_EQ(take_events(), Strings{expected});
  }
  EXPECT_TRUE(waiting.empty());
}

TEST_F(EventMiddlewares, OfAllKindsRunInTheirOrder) {
  auto socket = join([this](aerie::Socket& of) {
    of.use([this](aerie::SocketEvent& event) { events.push_back("1 " + std::string(event.name)); });
    of.use([this](aerie::SocketEvent& event, aerie::EventNext const& next) {
      events.push_back("2 " + std::string(event.name));
      event.args.set(0, event.args.get<std::string>(0) + "!");
      next();
    });
    of.use([this](aerie::SocketEvent& event) -> aerie::Task<void> {
      co_await aerie::sleep_for(10ms);
      events.push_back("3 " + std::string(event.name));
      event.args.set(0, event.args.get<std::string>(0) + "?");
    });
    of.use([this](aerie::SocketEvent& event) { events.push_back("4 " + std::string(event.name)); });
  });
  socket.send(R"(2["a","x"])");
  socket.send(R"(2["b","y"])");
  EXPECT_EQ(take_events(), (Strings{"1 a", "2 a"}));
  world.advance(10ms);
  EXPECT_EQ(take_events(), (Strings{"3 a", "4 a", "a x!?", "1 b", "2 b"}));
  world.advance(10ms);
  EXPECT_EQ(take_events(), (Strings{"3 b", "4 b", "b y!?"}));
}

TEST_F(EventMiddlewares, RefuseInEachWayAndTheNextEventGoesOn) {
  struct Way {
    char const* name;
    std::function<void(aerie::Socket&)> add;
    char const* message;
  };
  auto const is_a = [](aerie::SocketEvent const& event) { return event.name == "a"; };
  std::array<Way, 5> const ways{{
      {"throws at once",
       [&](aerie::Socket& of) {
         of.use([](aerie::SocketEvent&, aerie::EventNext const& next) { next(); });
         of.use([=](aerie::SocketEvent& event) {
           if (is_a(event)) throw std::runtime_error("no");
         });
       },
       "error no"},
      {"throws instead of deciding",
       [&](aerie::Socket& of) {
         of.use([=](aerie::SocketEvent& event, aerie::EventNext const& next) {
           if (is_a(event)) throw std::runtime_error("no");
           next();
         });
       },
       "error no"},
      {"says no",
       [&](aerie::Socket& of) {
         of.use([=](aerie::SocketEvent& event, aerie::EventNext const& next) {
           is_a(event) ? next("no") : next();
           next();  // The first one counts.
         });
       },
       "error no"},
      {"a task throws",
       [&](aerie::Socket& of) {
         of.use([=](aerie::SocketEvent& event) -> aerie::Task<void> {
           co_await aerie::sleep_for(1ms);
           if (is_a(event)) throw std::runtime_error("no");
         });
       },
       "error no"},
      {"says nothing",
       [&](aerie::Socket& of) {
         of.use([=](aerie::SocketEvent& event, aerie::EventNext const& next) {
           if (!is_a(event)) next();
         });
       },
       "error a middleware has not decided in time"},
  }};
  for (auto const& way : ways) {
    SCOPED_TRACE(way.name);
    auto socket = join(way.add);
    socket.send(R"(2["a","1"])");
    socket.send(R"(2["b","2"])");
    world.advance(5s);
    world.advance(5s);
    EXPECT_EQ(take_events(), (Strings{way.message, "b 2"}));
    world.in_turn([this] { connected->disconnect(true); });
    take_events();
  }
}

TEST_F(EventMiddlewares, MayDecideOnOtherThreadsAndForEver) {
  auto socket = join([this](aerie::Socket& of) {
    of.use([this](aerie::SocketEvent&, aerie::EventNext next) { waiting.push_back(std::move(next)); });
  });
  socket.send(R"(2["a","1"])");
  ASSERT_EQ(waiting.size(), 1U);
  std::thread([this] { waiting.front()(); }).join();
  EXPECT_EQ(take_events(), Strings{});
  world.run();
  EXPECT_EQ(take_events(), Strings{"a 1"});
  socket.send(R"(2["a","2"])");
  socket.send(R"(2["a","3"])");
  socket.websocket->connection.reset();
  world.run();
  EXPECT_EQ(take_events(), Strings{"left"});
  world.in_turn([this] { waiting.back()(); });
  EXPECT_EQ(take_events(), Strings{});
  io.reset();
  for (auto const& next : waiting)
    next("too late");
  world.run();
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(EventMiddlewares, OfASocketThatEndsLeaveNothing) {
  auto socket = join([this](aerie::Socket& of) {
    of.use([this](aerie::SocketEvent& event, aerie::EventNext const& next) {
      if (event.name == "a") connected->disconnect();
      next();
    });
    of.use([this](aerie::SocketEvent&, aerie::EventNext next) { waiting.push_back(std::move(next)); });
  });
  auto const before = world.runtime.stats().shards.front().bytes_held;
  socket.send("2[\"b\",\"" + std::string(50'000, 'x') + "\"]");
  EXPECT_EQ(waiting.size(), 1U);
  socket.send(R"(2["b","2"])");
  world.in_turn([this] { waiting.front()("no"); });
  EXPECT_EQ(take_events(), Strings{"error no"});
  world.in_turn([this] { waiting.back()(); });
  EXPECT_EQ(take_events(), Strings{"b 2"});
  socket.send(R"(2["a","1"])");
  EXPECT_EQ(take_events(), Strings{"left"});
  EXPECT_LE(world.runtime.stats().shards.front().bytes_held, before);
}

TEST_F(EventMiddlewares, EndWithTheServerThatIsDestroyedUnderThem) {
  auto socket = join([this](aerie::Socket& of) {
    of.use([](aerie::SocketEvent&) -> aerie::Task<void> { co_await aerie::sleep_for(1h); });
    of.use([this](aerie::SocketEvent&, aerie::EventNext next) { waiting.push_back(std::move(next)); });
  });
  for (int i = 0; i < 5; ++i)
    socket.send(R"(2["a","1"])");
  io.reset();
  world.advance(1s);
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(EventMiddlewares, HoldUpAClientThatSendsMoreThanTheyCanLookAt) {
  io.reset();
  start({.middleware_timeout = 5s, .max_pending_messages = 10});
  io->on_connection([this](aerie::Socket& of) {
    of.use([this](aerie::SocketEvent&, aerie::EventNext next) { waiting.push_back(std::move(next)); });
  });
  int handled = 0;
  io->on("a", [&handled] { ++handled; });
  auto socket = client();
  for (int i = 0; i < 100; ++i)
    socket.send(R"(2["a"])");
  EXPECT_TRUE(socket.websocket->connection.paused());
  for (int turn = 0; turn < 100; ++turn) {
    world.in_turn([this] {
      for (auto const& next : std::exchange(waiting, {}))
        next();
    });
  }
  EXPECT_EQ(handled, 100);
  EXPECT_FALSE(socket.websocket->connection.paused());
}

}}  // namespace aerie::socketio::test
