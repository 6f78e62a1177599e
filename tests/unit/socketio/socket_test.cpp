#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <optional>
#include <stdexcept>

namespace aerie::socketio::test {

namespace {

class Sockets : public SocketIoFixture {
 protected:
  /// A server whose last socket is `socket`.
  void listen(aerie::ServerOptions options = {}) {
    start(std::move(options)).on_connection([this](Socket& connected) {
      socket = &connected;
      if (on_connection) on_connection(connected);
    });
    io->on_disconnect([this](Socket& left) {
      if (socket == &left) socket = nullptr;
    });
  }
  /// Notes what comes of an acknowledgement.
  auto note() {
    return [this](AckReply const& reply) {
      events.push_back(reply ? "answer " + reply.get<std::string>() : std::string(to_string(reply.error())));
    };
  }
  Socket* socket = nullptr;
  std::function<void(Socket&)> on_connection;
};

TEST_F(Sockets, EmitBehindTheirConnect) {
  on_connection = [](Socket& connected) {
    connected.emit("one", 1, "two", Bytes("3"));
    connected.send("text");
  };
  listen();
  for (auto const transport : {Over::websocket, Over::polling}) {
    SocketIoClient client(world, transport);
    client.send("0");
    auto const packets = client.take();
    ASSERT_EQ(packets.size(), 4U);
    EXPECT_EQ(packets[0], "0{\"sid\":\"" + std::string(socket->id()) + "\"}");
    EXPECT_EQ(packets[1], R"(51-["one",1,"two",{"_placeholder":true,"num":0}])");
    EXPECT_EQ(packets[2], "bMw==");
    EXPECT_EQ(packets[3], R"(2["message","text"])");
  }
}

TEST_F(Sockets, RefuseReservedNames) {
  listen();
  auto const client = this->client();
  world.in_turn([&] {
    EXPECT_THROW(socket->emit("disconnect"), std::invalid_argument);
    EXPECT_THROW(socket->on("connect", [] {}), std::invalid_argument);
    EXPECT_THROW(io->emit("connect_error"), std::invalid_argument);
  });
}

// --- Volatile

TEST_F(Sockets, LoseVolatileEventsWhileNobodyTakesThem) {
  listen();
  auto client = this->client(Over::polling);
  world.in_turn([&] {
    socket->volatile_().emit("1");
    socket->volatile_().emit("lost");
    socket->emit("2");
  });
  world.in_turn([&] {
    socket->volatile_().emit("lost");
    io->volatile_().emit("lost");
  });
  EXPECT_EQ(client.take_text(), R"(2["1"] 2["2"])");
  world.in_turn([&] { socket->volatile_().emit("3"); });
  EXPECT_EQ(client.take_text(), R"(2["3"])");
}

TEST_F(Sockets, LoseVolatileEventsBehindAnythingElseOnAWebSocket) {
  listen();
  auto client = this->client();
  world.in_turn([&] {
    socket->emit("1");
    socket->volatile_().emit("lost");
    io->volatile_().emit("lost");
  });
  world.in_turn([&] { io->volatile_().emit("2"); });
  EXPECT_EQ(client.take_text(), R"(2["1"] 2["2"])");
}

// --- Acknowledgements

TEST_F(Sockets, HearAnswers) {
  listen();
  auto client = this->client();
  world.in_turn([&] { socket->emit("ask", 1, note()); });
  EXPECT_EQ(client.take_text(), R"(20["ask",1])");
  client.send(R"(30["yes"])");
  client.send(R"(30["twice"])");
  client.send(R"(399["nobody asked"])");
  client.send(R"(3["no id"])");
  EXPECT_EQ(take_events(), Strings{"answer yes"});
  EXPECT_FALSE(client.closed());
}

TEST_F(Sockets, ShareAckIdsWithTheirNamespace) {
  listen();
  auto first = client();
  auto second = client();
  world.in_turn([&] { io->sockets().for_each_local([&](Socket& each) { each.emit("ask", note()); }); });
  EXPECT_EQ(first.take_text() + second.take_text(), R"(20["ask"]21["ask"])");
}

TEST_F(Sockets, HearOfATimeout) {
  listen();
  auto client = this->client();
  world.in_turn([&] { socket->timeout(100ms).emit("ask", note()); });
  world.advance(99ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"operation has timed out"});
  client.send(R"(30["too late"])");
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(Sockets, HearOfADisconnectInsteadOfAnAnswer) {
  listen();
  std::optional<SocketIoClient> client(this->client());
  world.in_turn([&] { socket->emit("ask", note()); });
  auto const keep = socket->shared_from_this();
  client.reset();
  world.run();
  EXPECT_EQ(take_events(), Strings{"socket has been disconnected"});
  world.in_turn([&] {
    keep->emit("ask", note());
    EXPECT_EQ(events, Strings{}) << "not within the call";
  });
  EXPECT_EQ(take_events(), Strings{"socket has been disconnected"});
}

TEST_F(Sockets, MayBeAskedByATask) {
  listen();
  auto client = this->client();
  auto const ask = [this]() -> Task<> {
    auto const reply = co_await socket->timeout(1s).emit_with_ack("ask", 1);
    events.push_back(reply.get<std::string>());
  };
  world.in_turn([&] { spawn(world.runtime, ask()); });
  client.send(R"(30["yes"])");
  EXPECT_EQ(take_events(), Strings{"yes"});
}

TEST_F(Sockets, SurviveAcknowledgementsThatAreNotWhatIsExpected) {
  listen();
  io->on_error([this](HandlerError const& error) { events.push_back(core::describe(error.error)); });
  auto client = this->client();
  world.in_turn([&] { socket->emit("ask", note()); });
  client.send("30[7]");
  EXPECT_EQ(take_events(), Strings{"argument 1: expected a string, got a number"});
  world.in_turn([&] {
    auto const failing = [](AckReply const& reply) { static_cast<void>(reply.get<int>()); };
    socket->timeout(1ms).emit("ask", failing);
    socket->emit("ask", failing);
  });
  world.advance(1ms);
  world.in_turn([&] { socket->disconnect(); });
  EXPECT_EQ(take_events(), (Strings{"operation has timed out", "socket has been disconnected"}));
}

TEST_F(Sockets, OweALimitedNumberOfAnswers) {
  listen({.max_pending_acks_per_socket = 2});
  auto client = this->client();
  world.in_turn([&] {
    socket->emit("ask", note());
    socket->emit("ask", note());
    EXPECT_THROW(socket->emit("ask", note()), std::length_error);
  });
  world.in_turn([&] {
    io->timeout(1s).emit("ask all", [this](BroadcastReply const& reply) {
      events.push_back("all: " + std::string(to_string(reply.error)));
    });
  });
  EXPECT_EQ(take_events(), Strings{"all: operation has timed out"});
}

// --- Disconnecting

TEST_F(Sockets, MayDisconnectInEveryHandler) {
  auto const leave = [](Socket& each) { each.disconnect(); };
  auto const close = [](Socket& each) { each.disconnect(true); };
  int scenario = 0;
  listen();
  io->on("leave", leave);
  io->on("close", close);
  io->on("leave task", [](Socket& each) -> Task<int> {
    each.disconnect();
    co_await sleep_for(1ms);
    co_return 1;
  });
  io->on_any([&](Socket& each, std::string_view event, Args const&) {
    if (event == "any") each.disconnect(scenario % 2 == 0);
  });
  io->on_disconnecting([](Socket& each) {
    each.disconnect();
    each.disconnect(true);
  });
  io->on_disconnect([](Socket& each) {
    each.disconnect(true);
    each.emit("gone");
    each.join("a room");
  });
  on_connection = [&](Socket& each) {
    each.on("leave", leave);
    each.on("close", close);
    each.use([&each](SocketEvent& event) {
      if (event.name == "middleware") each.disconnect();
      if (event.name == "middleware close") each.disconnect(true);
    });
    each.on_error([&each](std::string_view) { each.disconnect(); });
    each.on_any_outgoing([&each](std::string_view event, Args const&) {
      if (event == "outgoing") each.disconnect(true);
    });
  };
  io->on("outgoing", [](Socket& each) {
    each.emit("outgoing");
    each.emit("more");
  });
  io->on("broadcast", [this] { io->emit("outgoing"); });
  for (auto const transport : {Over::websocket, Over::polling}) {
    for (auto const* const packet :
         {R"(21["leave"])", R"(21["close"])", R"(21["leave task"])", R"(21["any"])", R"(21["middleware"])",
          R"(21["middleware close"])", R"(21["outgoing"])", R"(21["broadcast"])", "2{}"}) {
      auto client = this->client(transport);
      auto other = this->client(transport);
      ++scenario;
      client.send(packet);
      world.advance(1ms);
      EXPECT_LE(io->sockets().socket_count(), 1U) << packet;
      client.send(packet);
    }
  }
}

TEST_F(Sockets, MayDisconnectAsSoonAsTheyConnect) {
  on_connection = [](Socket& connected) { connected.disconnect(); };
  listen();
  SocketIoClient client(world, Over::websocket);
  client.send("0");
  EXPECT_EQ(client.take().back(), "1");
  on_connection = [](Socket& connected) { connected.disconnect(true); };
  client.send("0");
  EXPECT_TRUE(client.closed());
}

TEST_F(Sockets, TellTheirRoomsWhenTheyAreAboutToLeave) {
  listen();
  io->on_disconnecting([this](Socket& leaving, DisconnectReason why) {
    leaving.to("room").emit("bye");
    events.push_back(std::to_string(leaving.rooms().size()) + " rooms, " + std::string(to_string(why)));
  });
  io->on_disconnect([this](Socket& left) {
    events.push_back(std::to_string(left.rooms().size()) + " rooms");
    EXPECT_FALSE(left.connected());
    EXPECT_EQ(left.conn(), nullptr);
  });
  on_connection = [](Socket& connected) { connected.join("room"); };
  auto first = client();
  auto second = client();
  first.send("1");
  EXPECT_EQ(take_events(), (Strings{"2 rooms, client namespace disconnect", "0 rooms"}));
  EXPECT_EQ(second.take_text(), R"(2["bye"])");
}

TEST_F(Sockets, IgnoreWhatComesAfterTheirEnd) {
  listen();
  io->on("e", [this](Socket& self) {
    events.emplace_back("e");
    self.disconnect();
  });
  auto client = this->client();
  client.websocket->write(websocket::test::text_frame("42[\"e\"]") +
                          websocket::test::text_frame("42[\"e\"]"));
  EXPECT_EQ(take_events(), Strings{"e"});
}

// --- Listeners

TEST_F(Sockets, TellListenersOfEveryEvent) {
  listen();
  io->on("e", [this] { events.emplace_back("handler"); });
  io->on_any([this](Socket&, std::string_view event, Args const& args) {
    events.push_back("namespace " + std::string(event) + " " + std::to_string(args.size()));
  });
  std::size_t removed = 0;
  on_connection = [&](Socket& connected) {
    connected.on_any([this](std::string_view, Args const&) { events.emplace_back("second"); });
    connected.prepend_any([this](std::string_view, Args const&) { events.emplace_back("first"); });
    removed = connected.on_any([this](std::string_view, Args const&) { events.emplace_back("removed"); });
    connected.off_any(removed);
  };
  auto client = this->client();
  client.send(R"(2["e",1])");
  EXPECT_EQ(take_events(), (Strings{"namespace e 1", "first", "second", "handler"}));
}

TEST_F(Sockets, SurviveListenersThatThrowOrAddOthers) {
  listen();
  io->on_error([this](HandlerError const& error) { events.push_back(core::describe(error.error)); });
  io->on_any([this](Socket&, std::string_view, Args const&) {
    for (int i = 0; i < 20; ++i)
      io->on_any([](Socket&, std::string_view, Args const&) {});
    throw std::runtime_error("namespace listener");
  });
  on_connection = [](Socket& connected) {
    connected.on_any([](std::string_view, Args const&) { throw std::runtime_error("socket listener"); });
    connected.on_any_outgoing(
        [](std::string_view, Args const&) { throw std::runtime_error("outgoing listener"); });
    connected.on_error([](std::string_view) { throw std::runtime_error("error listener"); });
  };
  io->on("e", [](Socket& self) { self.emit("back"); });
  auto client = this->client();
  client.send(R"(2["e"])");
  EXPECT_EQ(client.take_text(), R"(2["back"])");
  EXPECT_EQ(take_events(), (Strings{"namespace listener", "socket listener", "outgoing listener"}));
  client.send("2{}");
  EXPECT_EQ(take_events(), Strings{"error listener"});
}

TEST_F(Sockets, TellListenersOfWhatIsSent) {
  listen();
  std::size_t number = 0;
  on_connection = [&](Socket& connected) {
    number = connected.on_any_outgoing([this](std::string_view event, Args const& args) {
      events.push_back(std::string(event) + " " + std::to_string(args.size()));
    });
  };
  auto const client = this->client();
  world.in_turn([&] {
    socket->emit("direct", 1, 2);
    io->emit("broadcast", 1);
    io->to("elsewhere").emit("not here");
    socket->off_any_outgoing(number);
    io->emit("unheard");
  });
  EXPECT_EQ(take_events(), (Strings{"direct 2", "broadcast 1"}));
}

TEST_F(Sockets, PassEventsThroughTheirMiddlewares) {
  listen();
  on_connection = [this](Socket& connected) {
    connected.use([](SocketEvent& event) {
      if (event.name == "forbidden") throw std::runtime_error("not you");
      if (event.name == "odd") throw 7;
      event.args.set(0, Value(event.args[0].as_string() == "a" ? "changed" : "kept"));
    });
    connected.use([&connected](SocketEvent&) {
      for (int i = 0; i < 20; ++i)
        connected.use([](SocketEvent&) {});
    });
    connected.on_error(
        [this](std::string_view message) { events.push_back("error " + std::string(message)); });
  };
  io->on("e", [this](std::string text) { events.push_back(std::move(text)); });
  io->on("forbidden", [this] { events.emplace_back("never"); });
  auto client = this->client();
  client.send(R"(2["e","a"])");
  client.send(R"(2["forbidden"])");
  client.send(R"(2["odd"])");
  client.send(R"(2["e","b"])");
  auto const seen = take_events();
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[0], "changed");
  EXPECT_EQ(seen[1], "error not you");
  EXPECT_EQ(seen[3], "kept");
}

// --- State

TEST_F(Sockets, KeepOneObjectOfEachType) {
  struct User {
    std::string name;
  };
  listen();
  auto const client = this->client();
  world.in_turn([&] {
    EXPECT_THROW(socket->get<User>(), std::out_of_range);
    EXPECT_EQ(socket->find<User>(), nullptr);
    socket->set(User{"Ada"});
    socket->set(std::string("text"));
    socket->set(User{"Grace"});
    EXPECT_EQ(socket->get<User>().name, "Grace");
    EXPECT_EQ(socket->get<std::string>(), "text");
  });
}

TEST_F(Sockets, JoinALimitedNumberOfRooms) {
  listen({.max_rooms_per_socket = 3});
  auto const client = this->client();
  world.in_turn([&] {
    socket->join({"a", "b", "c"});
    EXPECT_THROW(socket->join("d"), std::length_error);
    EXPECT_EQ(socket->rooms(), (Strings{std::string(socket->id()), "a", "b", "c"}));
    socket->leave("b");
    socket->join("d");
  });
  world.in_turn([&] { io->sockets_join("e"); });
  EXPECT_TRUE(world.logged("max_rooms_per_socket")) << "told to the log, as no caller is there to hear of it";
}

}  // namespace

}  // namespace aerie::socketio::test
