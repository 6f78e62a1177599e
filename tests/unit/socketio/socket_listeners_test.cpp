#include "unit/socketio/socket_fixture.hpp"

#include <stdexcept>

namespace aerie::socketio::test { namespace {

class ListeningSockets : public SocketFixture {};

TEST_F(ListeningSockets, TellListenersOfEveryEvent) {
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

}}  // namespace aerie::socketio::test
