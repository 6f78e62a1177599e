#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <optional>
#include <stdexcept>
#include <thread>

namespace aerie::socketio::test { namespace {

class Middlewares : public SocketIoFixture {
 protected:
  Middlewares() {
    start({.middleware_timeout = 5s}).on_connection([this](Socket&) { events.emplace_back("connected"); });
    io->on_disconnect([this] { events.emplace_back("disconnected"); });
  }
};

TEST_F(Middlewares, RunInOrderBeforeTheConnection) {
  io->use([this](Socket& socket, Next const& next) {
    events.push_back(socket.connected() ? "early" : "first");
    next();
  });
  io->use([this](Socket&) { events.emplace_back("second"); });
  io->use([this](Socket&) -> Task<> {
    co_await sleep_for(10ms);
    events.emplace_back("third");
  });
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join(), "");
  world.advance(10ms);
  EXPECT_EQ(take_events(), (Strings{"first", "second", "third", "connected"}));
  EXPECT_EQ(sid_in(client.take_text()).size(), 20U);
}

TEST_F(Middlewares, RefuseByThrowingOrByNext) {
  auto const refuse_with = [this](auto middleware) {
    io.reset();
    start().use(middleware);
    SocketIoClient client(world, Over::websocket);
    return client.join();
  };
  EXPECT_EQ(refuse_with([](Socket&) { throw ConnectError("no \"entry\""); }),
            R"(4{"message":"no \"entry\""})");
  EXPECT_EQ(refuse_with([](Socket&) {
              throw ConnectError("no", Value::object({{"code", 7}}));
            }),
            R"(4{"message":"no","data":{"code":7}})");
  EXPECT_EQ(refuse_with([](Socket&, Next const& next) { next(ConnectError("no")); }), R"(4{"message":"no"})");
  EXPECT_EQ(refuse_with([](Socket&) -> Task<> {
              throw ConnectError("no");
              co_return;
            }),
            R"(4{"message":"no"})");
  EXPECT_EQ(refuse_with([](Socket&) { throw std::runtime_error("secret"); }),
            R"(4{"message":"Internal server error"})");
  EXPECT_EQ(refuse_with([](Socket&) -> Task<> {
              throw std::runtime_error("secret");
              co_return;
            }),
            R"(4{"message":"Internal server error"})");
}

TEST_F(Middlewares, MayDecideOnceFromAnotherThread) {
  std::optional<Next> next;
  io->use([&](Socket&, Next asked) { next = std::move(asked); });
  SocketIoClient client(world, Over::websocket);
  client.join();
  std::thread([&] {
    (*next)();
    (*next)();
    (*next)(ConnectError("changed my mind"));
  }).join();
  world.run();
  EXPECT_EQ(sid_in(client.take_text()).size(), 20U);
  EXPECT_EQ(take_events(), Strings{"connected"});
}

TEST_F(Middlewares, ThatNeverDecideRefuseAfterTheirTimeout) {
  io->use([](Socket&, Next const&) {});
  SocketIoClient client(world, Over::websocket);
  client.join();
  world.advance(4'999ms);
  EXPECT_EQ(client.take_text(), "");
  world.advance(1ms);
  EXPECT_EQ(client.take_text(), R"(4{"message":"timeout"})");
}

TEST_F(Middlewares, MakeOneSocketOfSeveralConnects) {
  std::optional<Next> next;
  int asked = 0;
  io->use([&](Socket&, Next asking) {
    ++asked;
    next = std::move(asking);
  });
  SocketIoClient client(world, Over::websocket);
  for (int i = 0; i < 5; ++i)
    client.send("0");
  EXPECT_EQ(asked, 1);
  world.in_turn([&] { (*next)(); });
  EXPECT_EQ(client.take().size(), 1U);
  EXPECT_EQ(io->sockets().socket_count(), 1U);
}

TEST_F(Middlewares, ForgetAClientThatHasLeft) {
  std::optional<Next> next;
  std::optional<SocketHandle> handle;
  io->use([&](Socket& socket, Next asking) {
    socket.join("waiting room");
    handle = socket.handle();
    next = std::move(asking);
  });
  {
    SocketIoClient client(world, Over::websocket);
    client.join();
  }
  world.run();
  world.in_turn([&] {
    (*next)();
    handle->emit("anybody?");
    EXPECT_TRUE(io->sockets().local_rooms().empty());
  });
  EXPECT_EQ(take_events(), Strings{});
  EXPECT_EQ(io->sockets().socket_count(), 0U);
}

TEST_F(Middlewares, KeepTheRoomsOfThoseWhomTheyLetPass) {
  std::optional<Next> next;
  io->use([&](Socket& socket, Next asking) {
    socket.join("members");
    next = std::move(asking);
  });
  for (auto const transport : {Over::websocket, Over::polling}) {
    SocketIoClient client(world, transport);
    client.join();
    world.in_turn([&] {
      io->to("members").emit("secret");
      io->to("members").volatile_().emit("secret");
      io->to({"members", "others"}).emit("secret");
      io->emit("secret");
    });
    EXPECT_EQ(client.take_text(), "") << "it has not been let in";
    world.in_turn([&] {
      io->to("members").emit("to others");
      (*next)();
      io->to("members").emit("welcome");
      io->to("members").emit("again");
    });
    auto const packets = client.take();
    ASSERT_EQ(packets.size(), 3U);
    EXPECT_EQ(packets[1] + packets[2], R"(2["welcome"]2["again"])");
  }
}

TEST_F(Middlewares, MayEmitBeforeTheConnect) {
  io->use([](Socket& socket) { socket.emit("early"); });
  SocketIoClient client(world, Over::websocket);
  client.send("0");
  auto const packets = client.take();
  ASSERT_EQ(packets.size(), 2U);
  EXPECT_EQ(packets[0], R"(2["early"])");
}

TEST_F(Middlewares, MayCloseTheConnection) {
  io->use([](Socket& socket, Next const& next) {
    socket.disconnect(true);
    next();
  });
  io->of("/throwing").use([](Socket& socket) {
    socket.disconnect(true);
    throw ConnectError("no");
  });
  for (auto const* const nsp : {"/", "/throwing"}) {
    SocketIoClient client(world, Over::websocket);
    client.join(nsp);
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(Middlewares, SeeTheHandshake) {
  io->use([this](Socket& socket) {
    auto const& handshake = socket.handshake();
    events.push_back(handshake.auth_text("token").value_or("none"));
    events.push_back(std::string(handshake.header("HOST")));
    events.push_back(handshake.query("EIO").value_or("none"));
  });
  auto client = SocketIoClient(world, Over::websocket);
  client.join("/", R"({"token":"abc"})");
  EXPECT_EQ(take_events(), (Strings{"abc", "test", "4", "connected"}));
}

TEST_F(Middlewares, OfANamespaceConcernOnlyIt) {
  io->of("/guarded").use([](Socket&) { throw ConnectError("no"); });
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join().size(), 20U);
  EXPECT_EQ(client.join("/guarded"), R"(4/guarded,{"message":"no"})");
  client.send("1");
  EXPECT_EQ(take_events(), (Strings{"connected", "disconnected"}));
}

// What a middleware is made of stays while one of its tasks is suspended, whatever is added meanwhile.
TEST_F(Middlewares, MayBeAddedWhileOthersAreSuspended) {
  std::string const long_enough = "a capture that is no part of the closure itself";
  io->use([this, long_enough](Socket&) -> Task<> {
    for (int i = 0; i < 50; ++i)
      io->use([](Socket&) {});
    co_await sleep_for(1ms);
    events.push_back(long_enough);
  });
  SocketIoClient client(world, Over::websocket);
  client.join();
  world.advance(1ms);
  EXPECT_EQ(take_events(), (Strings{long_enough, "connected"}));
}

TEST_F(Middlewares, OfASuspendedTaskMayLeaveWithTheClient) {
  io->use([this](Socket& socket) -> Task<> {
    co_await sleep_for(1ms);
    events.push_back(socket.connected() ? "connected" : "gone");
  });
  {
    SocketIoClient client(world, Over::websocket);
    client.join();
  }
  world.run();
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"gone"});
}

TEST_F(Middlewares, DecideForThemselvesOnly) {
  std::optional<Next> second;
  io->use([](Socket&, Next const& next) {
    next();
    next();
  });
  io->use([&](Socket&, Next next) { second = std::move(next); });
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join(), "") << "the second has not been passed by the first's second call";
  world.in_turn([&] { (*second)(ConnectError("no")); });
  EXPECT_EQ(client.take_text(), R"(4{"message":"no"})");
}

// --- What a client may have kept

TEST_F(Middlewares, KeepALimitedAmountOfAuthForAConnection) {
  io.reset();
  start({.max_auth_size = 1000});
  for (auto const* const nsp : {"/1", "/2", "/3"})
    io->of(nsp);
  SocketIoClient client(world, Over::websocket);
  auto const auth = R"({"token":")" + std::string(480, 'x') + "\"}";
  EXPECT_EQ(client.join("/1", auth).size(), 20U);
  EXPECT_EQ(client.join("/2", auth).size(), 20U);
  EXPECT_EQ(client.join("/3", auth), R"(4/3,{"message":"Too much auth"})");
  EXPECT_EQ(client.join("/3").size(), 20U);
  client.send("1/1,");
  client.send("1/3,");
  EXPECT_EQ(client.join("/3", auth).size(), 20U) << "a socket that has left gives it back";
}

}}  // namespace aerie::socketio::test
