#include "unit/socketio/socket_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <functional>
#include <stdexcept>

namespace aerie::socketio::test { namespace {

class ListeningSockets : public SocketFixture {
 protected:
  void listen_again() {
    io->on_connection([this](Socket& connected) {
      socket = &connected;
      if (on_connection) on_connection(connected);
    });
  }
};

TEST_F(ListeningSockets, TellListenersOfEveryEvent) {
  listen();
  io->on("e", [this] { events.emplace_back("handler"); });
  io->on_any([this](Socket&, std::string_view event, Args const& args) {
    events.push_back("namespace " + std::string(event) + " " + std::to_string(args.size()));
  });
  ListenerId removed{};
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

TEST_F(ListeningSockets, SurviveListenersThatThrowOrAddOthers) {
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

TEST_F(ListeningSockets, TellListenersOfWhatIsSent) {
  listen();
  ListenerId number{};
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

TEST_F(ListeningSockets, PassEventsThroughTheirMiddlewares) {
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

// --- Removing

TEST_F(ListeningSockets, RemoveOneListenerOrAll) {
  listen();
  std::vector<ListenerId> ids;
  on_connection = [&](Socket& connected) {
    for (auto const* const name : {"1", "2", "3"})
      ids.push_back(connected.on("e", [this, name] { events.emplace_back(name); }));
    connected.once("e", [this] { events.emplace_back("once"); });
    connected.on_any([this](std::string_view, Args const&) { events.emplace_back("any"); });
    connected.on_disconnect([this] { events.emplace_back("left"); });
  };
  auto client = this->client();
  client.send(R"(2["e"])");
  EXPECT_EQ(take_events(), (Strings{"any", "1", "2", "3", "once"}));
  world.in_turn([&] {
    EXPECT_TRUE(socket->off("e", ids[1]));
    EXPECT_FALSE(socket->off("e", ids[1]));
    EXPECT_FALSE(socket->off("other", ids[0]));
    EXPECT_EQ(socket->any_listeners(), 1U);
    socket->off_any();
    EXPECT_EQ(socket->any_listeners(), 0U);
  });
  client.send(R"(2["e"])");
  EXPECT_EQ(take_events(), (Strings{"1", "3"}));
  world.in_turn([&] { socket->remove_all_listeners(); });
  client.send(R"(2["e"])");
  client.send("1");
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(ListeningSockets, CallAOnceHandlerOnceAlsoIfItIsAskedForAgainWithin) {
  listen();
  on_connection = [this](Socket& connected) {
    connected.once("e", [this](Socket& self) {
      events.emplace_back("first");
      self.once("e", [this] { events.emplace_back("second"); });
    });
  };
  auto client = this->client();
  client.send(R"(2["e"])");
  EXPECT_EQ(take_events(), Strings{"first"});
  client.send(R"(2["e"])");
  client.send(R"(2["e"])");
  EXPECT_EQ(take_events(), Strings{"second"});
}

// What can be removed, by whom: nothing that runs may lose what it was made of.
TEST_F(ListeningSockets, PinTheHandlerThatRunsWhateverIsRemovedMeanwhile) {
  listen();
  std::string const long_enough = "a capture that is no part of the closure itself";
  std::vector<std::function<void(Socket&)>> const removals{
      [](Socket& self) { self.off("e"); },
      [](Socket& self) { self.remove_all_listeners(); },
      [this](Socket&) { io->off("e"); },
      [this](Socket&) { io->remove_all_listeners(); },
      [](Socket& self) {
        for (int i = 0; i < 50; ++i)
          self.on("e" + std::to_string(i), [] {});
      },
      [](Socket& self) { self.disconnect(); },
  };
  for (auto const& remove : removals) {
    for (bool const of_namespace : {true, false}) {
      auto const handler = [=, this](Socket& self) -> Task<> {
        remove(self);
        events.push_back(long_enough);
        co_await sleep_for(1ms);
        events.push_back(long_enough);
      };
      on_connection = [&](Socket& connected) {
        if (!of_namespace) connected.on("e", handler);
      };
      if (of_namespace) io->on("e", handler);
      auto client = this->client();
      client.send(R"(2["e"])");
      world.advance(1ms);
      EXPECT_EQ(take_events(), (Strings{long_enough, long_enough}));
      io->off("e");
      if (io->handler_set().connection.empty()) listen_again();
    }
  }
}

}}  // namespace aerie::socketio::test
