#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace aerie::socketio::test { namespace {

class Namespaces : public SocketIoFixture {
 protected:
  void listen(aerie::ServerOptions options = {}) {
    start(std::move(options)).on_new_namespace([this](Namespace& nsp) {
      events.push_back("new " + nsp.name());
    });
  }
};

TEST_F(Namespaces, HaveOneNameWithAndWithoutASlash) {
  listen();
  EXPECT_EQ(&io->of(""), &io->sockets());
  EXPECT_EQ(&io->of("/"), &io->sockets());
  EXPECT_EQ(&io->of("chat"), &io->of("/chat"));
  EXPECT_EQ(take_events(), Strings{"new /chat"});
}

TEST_F(Namespaces, ByPatternAreDecidedInLinearTime) {
  listen();
  io->of(Pattern("^(/a+)+$"));
  SocketIoClient client(world, Over::websocket);
  // Whoever tries each way to read it would be at it for years.
  auto const name = "/" + std::string(200, 'a') + "!";
  EXPECT_EQ(client.join(name), "4" + name + R"(,{"message":"Invalid namespace"})");
  EXPECT_EQ(client.join("/a/aa").size(), 20U);
}

TEST_F(Namespaces, ComeIntoBeingByPattern) {
  listen();
  auto& parent = io->of(Pattern("^/room-\\d+$"));
  parent.on_connection([this](Socket& socket) { events.push_back("in " + socket.nsp().name()); });
  parent.on("echo", [](std::string text) { return text; });
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join("/room-1").size(), 20U);
  EXPECT_EQ(client.join("/room-2").size(), 20U);
  EXPECT_EQ(client.join("/room-x"), R"(4/room-x,{"message":"Invalid namespace"})");
  EXPECT_EQ(take_events(), (Strings{"new /room-1", "in /room-1", "new /room-2", "in /room-2"}));
  client.send(R"(2/room-2,1["echo","a"])");
  EXPECT_EQ(client.take_text(), R"(3/room-2,1["a"])");
  world.in_turn([&] { parent.emit("to all", 1); });
  EXPECT_EQ(client.take_text(), R"(2/room-1,["to all",1] 2/room-2,["to all",1])");
}

TEST_F(Namespaces, AreForgottenWhenTheirLastSocketHasLeft) {
  listen();
  io->of(Pattern("^/room-"));
  SocketIoClient client(world, Over::websocket);
  client.join("/room-1");
  client.send("1/room-1,");
  client.join("/room-1");
  EXPECT_EQ(take_events(), (Strings{"new /room-1", "new /room-1"}));
}

TEST_F(Namespaces, AreForgottenWhenTheirOnlySocketIsRefused) {
  listen();
  io->of(Pattern("^/room-")).use([](Socket&) { throw ConnectError("no"); });
  SocketIoClient client(world, Over::websocket);
  client.join("/room-1");
  client.join("/room-1");
  EXPECT_EQ(take_events(), (Strings{"new /room-1", "new /room-1"}));
}

class NamespacesOfTwoShards : public SocketIoFixture {
 protected:
  NamespacesOfTwoShards() : SocketIoFixture(2) {}
};

// What is being sent to their members may be in the hands of another shard.
TEST_F(NamespacesOfTwoShards, AreDestroyedWhenNoShardCanBeBusyWithThem) {
  std::weak_ptr<Namespace> room;
  start().of(Pattern("^/room-")).on_connection([&](Socket& socket) { room = socket.nsp().weak_from_this(); });
  SocketIoClient client(world, Over::websocket);
  client.join("/room-1");
  ASSERT_FALSE(room.expired());
  client.websocket->connection.write(websocket::test::text_frame("41/room-1,"));
  world.runtime.shard(0).run_ready();
  EXPECT_FALSE(room.expired()) << "the other shard has not ended its turn";
  world.run();
  EXPECT_TRUE(room.expired());
}

TEST_F(Namespaces, StayIfSomebodyElseIsThereOrTheServerKeepsThem) {
  listen();
  io->of(Pattern("^/room-"));
  auto first = client(Over::websocket, "/room-1");
  auto second = client(Over::websocket, "/room-1");
  first.send("1/room-1,");
  first.join("/room-1");
  EXPECT_EQ(take_events(), Strings{"new /room-1"});
  io.reset();
  listen({.cleanup_empty_child_namespaces = false});
  io->of(Pattern("^/room-"));
  SocketIoClient third(world, Over::websocket);
  third.join("/room-1");
  third.send("1/room-1,");
  third.join("/room-1");
  EXPECT_EQ(take_events(), Strings{"new /room-1"});
}

TEST_F(Namespaces, MadeByHandGetTheirParentsHandlersAndStay) {
  listen();
  io->of(Pattern("^/room-")).on("echo", [](int number) { return number; });
  auto& made = io->of("/room-1");
  made.on("own", [] { return "own"; });
  auto client = this->client(Over::websocket, "/room-1");
  client.send(R"(2/room-1,1["echo",5])");
  client.send(R"(2/room-1,2["own"])");
  EXPECT_EQ(client.take_text(), R"(3/room-1,1[5] 3/room-1,2["own"])");
  client.send("1/room-1,");
  EXPECT_EQ(&io->of("/room-1"), &made);
}

TEST_F(Namespaces, ComeIntoBeingByPredicate) {
  listen();
  std::optional<ParentNamespace::Accept> later;
  io->of([&](std::string_view name, Value const& auth, ParentNamespace::Accept accept) {
    events.push_back(std::string(name) + " " + json::stringify(auth));
    if (name == "/later") {
      later = std::move(accept);
    } else if (name == "/throws") {
      throw std::runtime_error("oops");
    } else {
      accept(name == "/yes");
    }
  });
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join("/yes", R"({"a":1})").size(), 20U);
  EXPECT_EQ(client.join("/no"), R"(4/no,{"message":"Invalid namespace"})");
  EXPECT_EQ(client.join("/throws"), R"(4/throws,{"message":"Invalid namespace"})");
  EXPECT_EQ(client.join("/later"), "");
  std::thread([&] {
    (*later)(true);
    (*later)(false);
  }).join();
  world.run();
  EXPECT_EQ(sid_in(client.take_text()).size(), 20U);
  EXPECT_EQ(take_events()[0], R"(/yes {"a":1})");
}

TEST_F(Namespaces, AreMadeOnceForTwoClientsThatWantThemAtOnce) {
  listen();
  std::vector<ParentNamespace::Accept> waiting;
  io->of([&](std::string_view, Value const&, ParentNamespace::Accept accept) {
    waiting.push_back(std::move(accept));
  });
  SocketIoClient first(world, Over::websocket);
  SocketIoClient second(world, Over::polling);
  first.join("/new");
  second.join("/new");
  world.in_turn([&] {
    for (auto const& accept : waiting)
      accept(true);
  });
  EXPECT_EQ(take_events(), Strings{"new /new"});
  EXPECT_EQ(io->of("/new").socket_count(), 2U);
}

TEST_F(Namespaces, MayBeForgottenWhileAPredicateThinks) {
  listen();
  std::optional<ParentNamespace::Accept> later;
  io->of([&](std::string_view, Value const&, ParentNamespace::Accept accept) { later = std::move(accept); });
  {
    SocketIoClient client(world, Over::websocket);
    client.join("/new");
  }
  world.run();
  world.in_turn([&] { (*later)(true); });
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(Namespaces, OutliveEverybodyWhoStillRefersToThem) {
  listen();
  auto& parent = io->of(Pattern("^/room-"));
  std::optional<SocketHandle> handle;
  std::optional<Ack<int>> ack;
  parent.on_connection([&](Socket& socket) { handle = socket.handle(); });
  parent.on("ask", [&](Ack<int> asked) { ack = std::move(asked); });
  parent.on_disconnect([this](Socket& socket) -> Task<> {
    co_await sleep_for(10ms);
    events.push_back("left " + socket.nsp().name());
    socket.nsp().emit("nobody hears this");
    throw std::runtime_error("reported");
  });
  take_events();
  {
    auto client = this->client(Over::websocket, "/room-1");
    client.send(R"(2/room-1,1["ask"])");
  }
  world.run();
  world.in_turn([&] {
    handle->emit("gone");
    handle->join("a room");
    (*ack)(1);
  });
  world.advance(10ms);
  EXPECT_EQ(take_events(), (Strings{"new /room-1", "left /room-1"}));
  EXPECT_TRUE(world.logged("reported"));
}

TEST_F(Namespaces, ListTheirSocketsAndRoomsOnTheirShard) {
  listen();
  std::string id;
  io->on_connection([&](Socket& socket) {
    id = socket.id();
    socket.join("a");
  });
  auto const client = this->client();
  EXPECT_EQ(io->sockets().find(id), nullptr) << "not on this thread";
  world.in_turn([&] {
    EXPECT_NE(io->sockets().find(id), nullptr);
    EXPECT_EQ(io->sockets().find("nobody"), nullptr);
    EXPECT_EQ(io->sockets().local_rooms(), (Strings{id, "a"}));
    io->sockets().for_each_local([](Socket& socket) { socket.disconnect(); });
    EXPECT_TRUE(io->sockets().local_rooms().empty());
  });
}

TEST_F(Namespaces, RefusePatternsThatCannotBeUsed) {
  listen();
  EXPECT_THROW(Pattern("("), std::invalid_argument);
  EXPECT_THROW(Pattern("(?=look)"), std::invalid_argument);
  EXPECT_TRUE(Pattern("b").matches("/abc")) << "anywhere, as in JavaScript";
}

// --- Kept and made

TEST_F(Namespaces, ThatAClientHasMadeStayOnceTheApplicationHasAskedForThem) {
  listen();
  io->of(Pattern("^/room-"));
  Namespace* kept = nullptr;
  {
    auto client = this->client(Over::websocket, "/room-1");
    world.in_turn([&] { kept = &io->of("/room-1"); });
    client.send("1/room-1,");
  }
  world.run();
  EXPECT_EQ(&io->of("/room-1"), kept);
  EXPECT_EQ(kept->socket_count(), 0U);
  EXPECT_EQ(take_events(), Strings{"new /room-1"});
}

TEST_F(Namespaces, WhoseListenerThrowsAreNotMadeAndTheClientIsAnswered) {
  start().of(Pattern("^/room-"));
  bool throws = true;
  io->on_new_namespace([&](Namespace& nsp) {
    if (throws) throw std::runtime_error("no guard for " + nsp.name());
  });
  SocketIoClient client(world, Over::websocket);
  EXPECT_EQ(client.join("/room-1"), R"(4/room-1,{"message":"Internal server error"})");
  EXPECT_TRUE(world.logged("the new_namespace listener of /room-1 has thrown: no guard for /room-1"));
  EXPECT_THROW(io->of("/by-hand"), std::runtime_error);
  throws = false;
  EXPECT_EQ(client.join("/room-1").size(), 20U) << "nothing is left of the first attempt";
  EXPECT_EQ(io->of("/room-1").socket_count(), 1U);
}

TEST_F(Namespaces, WhoseListenerThrowsBehindAnAnswerFromAnotherThreadAnswerTheClient) {
  std::optional<ParentNamespace::Accept> later;
  start().of(
      [&](std::string_view, Value const&, ParentNamespace::Accept accept) { later = std::move(accept); });
  io->on_new_namespace([](Namespace&) { throw 7; });
  SocketIoClient client(world, Over::websocket);
  client.join("/a");
  std::thread([&] { (*later)(true); }).join();
  world.run();
  EXPECT_EQ(client.take_text(), R"(4/a,{"message":"Internal server error"})");
}

// The listener adds the guard, as is usual: whoever comes meanwhile, on whatever shard, must meet it.
TEST_F(NamespacesOfTwoShards, LetNobodyInBeforeTheirListenersHaveRun) {
  start().of(Pattern("^/private-"));
  std::optional<SocketIoClient> intruder(std::in_place, world, Over::websocket, 1);
  io->on_new_namespace([&](Namespace& nsp) {
    std::thread([&] {
      intruder->websocket->connection.write(websocket::test::text_frame("40/private-x,"));
      world.runtime.shard(1).run_ready();
      EXPECT_EQ(nsp.socket_count(), 0U);
    }).join();
    nsp.use([](Socket& socket) {
      if (!socket.handshake().auth_text("token")) throw ConnectError("no token");
    });
  });
  SocketIoClient member(world, Over::websocket, 0);
  EXPECT_EQ(member.join("/private-x", R"({"token":"t"})").size(), 20U);
  EXPECT_EQ(intruder->take_text(), R"(4/private-x,{"message":"no token"})");
}

TEST_F(NamespacesOfTwoShards, AreMadeAnewForWhoHasWaitedForOneThatIsForgottenAgain) {
  start().of(Pattern("^/private-")).use([](Socket&) { throw ConnectError("no"); });
  std::optional<SocketIoClient> waiting(std::in_place, world, Over::websocket, 1);
  int made = 0;
  io->on_new_namespace([&](Namespace&) {
    if (++made > 1) return;
    std::thread([&] {
      waiting->websocket->connection.write(websocket::test::text_frame("40/private-x,"));
      world.runtime.shard(1).run_ready();
    }).join();
  });
  SocketIoClient first(world, Over::websocket, 0);
  EXPECT_EQ(first.join("/private-x"), R"(4/private-x,{"message":"no"})");
  EXPECT_EQ(waiting->take_text(), R"(4/private-x,{"message":"no"})");
  EXPECT_EQ(made, 2);
}

TEST_F(Namespaces, CallEveryErrorListenerAndOneThatThrowsStopsNoOther) {
  start().on("throws", [] { throw std::runtime_error("oops"); });
  io->on_error([](HandlerError const&) { throw 7; });
  io->on_error([this](HandlerError const& error) { events.push_back(core::describe(error.error)); });
  auto client = this->client();
  client.send(R"(2["throws"])");
  EXPECT_EQ(take_events(), Strings{"oops"});
  EXPECT_TRUE(world.logged("an error listener"));
}

// --- Registering when it is too late

TEST_F(NamespacesOfTwoShards, RefuseChangesThatWouldRace) {
  start().of(Pattern("^/room-"));
  io->on_new_namespace([](Namespace& nsp) { nsp.on("made", [] { return 1; }); });
  auto& known = io->of("/known");
  auto const id = io->add_listener("e", [] {});
  io->on("e", [] {});
  auto client = this->client(Over::websocket, "/room-1");
  EXPECT_EQ(&io->of("/known"), &known) << "looking one up is always possible";
  auto& made = io->of("/new");
  auto newcomer = this->client(Over::websocket, "/new");
  newcomer.send(R"(2/new,1["made"])");
  EXPECT_EQ(newcomer.take_text(), "3/new,1[1]") << "on_new_namespace has registered it";
  EXPECT_THROW(made.on("late", [] {}), std::logic_error);
  EXPECT_THROW(io->on("e", [] {}), std::logic_error);
  EXPECT_THROW(known.on("e", [] {}), std::logic_error);
  EXPECT_THROW(known.off("e"), std::logic_error);
  EXPECT_THROW(io->off("e", id), std::logic_error);
  EXPECT_THROW(io->of("/room-1").use([](Socket&) {}), std::logic_error);
  EXPECT_THROW(io->on_connection([](Socket&) {}), std::logic_error);
  EXPECT_THROW(io->on_disconnect([](Socket&) {}), std::logic_error);
  EXPECT_THROW(io->on_disconnecting([](Socket&) {}), std::logic_error);
  EXPECT_THROW(io->on_any([](Socket&, std::string_view, Args const&) {}), std::logic_error);
  EXPECT_THROW(io->on_error([](HandlerError const&) {}), std::logic_error);
  try {
    known.use([](Socket&) {});
    ADD_FAILURE();
  } catch (std::logic_error const& error) {
    EXPECT_NE(std::string(error.what()).find("before the server listens"), std::string::npos);
  }
}

TEST_F(Namespaces, OfOneShardMayBeChangedAtAnyTime) {
  listen();
  auto client = this->client();
  world.in_turn([&] {
    io->on("late", [] { return 1; });
    io->of("/late").on("e", [] {});
  });
  client.send(R"(21["late"])");
  EXPECT_EQ(client.take_text(), "31[1]");
}

}}  // namespace aerie::socketio::test
