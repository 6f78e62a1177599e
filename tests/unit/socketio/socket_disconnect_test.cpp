#include "unit/socketio/socket_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace aerie::socketio::test { namespace {

class LeavingSockets : public SocketFixture {};

TEST_F(LeavingSockets, MayDisconnectInEveryHandler) {
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

TEST_F(LeavingSockets, MayDisconnectAsSoonAsTheyConnect) {
  on_connection = [](Socket& connected) { connected.disconnect(); };
  listen();
  SocketIoClient client(world, Over::websocket);
  client.send("0");
  EXPECT_EQ(client.take().back(), "1");
  on_connection = [](Socket& connected) { connected.disconnect(true); };
  client.send("0");
  EXPECT_TRUE(client.closed());
}

TEST_F(LeavingSockets, TellTheirRoomsWhenTheyAreAboutToLeave) {
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

TEST_F(LeavingSockets, LeaveOnceEachWhoeverOfTheirClientClosesWhom) {
  // Sockets of one client that close another one of it while all are being closed.
  std::map<std::string, Socket*> sockets;
  Strings const names{"/a", "/b", "/c"};
  for (auto const& closes : Strings{"/a", "/b", "/c"}) {
    for (auto const& closed : names) {
      io.reset();
      listen();
      sockets.clear();
      for (auto const& name : names) {
        io->of(name).on_connection([&, name](Socket& each) { sockets[name] = &each; });
        io->of(name).on_disconnecting([&, name] {
          if (name == closes) sockets.at(closed)->disconnect();
        });
        io->of(name).on_disconnect([this, name] { events.push_back(name); });
      }
      {
        auto client = this->client();
        for (auto const& name : names)
          client.websocket->write(websocket::test::text_frame("40" + name + ","));
        world.run();
        ASSERT_EQ(sockets.size(), names.size());
      }
      world.run();
      auto left = take_events();
      std::ranges::sort(left);
      EXPECT_EQ(left, names) << closes << " closes " << closed;
    }
  }
}

TEST_F(LeavingSockets, IgnoreWhatComesAfterTheirEnd) {
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

}}  // namespace aerie::socketio::test
