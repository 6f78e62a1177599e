#include "unit/socketio/socket_fixture.hpp"
#include "unit/support/colliding_names.hpp"

#include <chrono>
#include <stdexcept>
#include <vector>

namespace aerie::socketio::test { namespace {

class Sockets : public SocketFixture {};

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

TEST_F(Sockets, TakeFlagsInAnyOrder) {
  listen();
  on_connection = [](Socket& connected) { connected.join("room"); };
  auto other = this->client();
  auto client = this->client();
  world.in_turn([&] {
    socket->volatile_().compress(false).to("room").emit("1");
    socket->timeout(1s).in("room").volatile_().emit("2");
    socket->to("room").compress(true).timeout(1s).emit("3");
    socket->compress(false).except("elsewhere").emit("4");
    socket->compress(false).local().emit("5");
    socket->local().compress(false).emit("6");
    socket->compress(true).broadcast().to("room").emit("7");
    socket->timeout(1s).to("room").emit(
        "8", [this](BroadcastReply const& reply) { events.push_back(std::string(to_string(reply.error))); });
  });
  // Volatile events are lost behind others.
  EXPECT_EQ(other.take_text(), R"(2["1"] 2["3"] 2["4"] 2["5"] 2["6"] 2["7"] 20["8"])");
  EXPECT_EQ(client.take_text(), "");
  world.advance(1s);
  EXPECT_EQ(take_events(), Strings{"operation has timed out"});
}

// --- Rooms

TEST_F(Sockets, MayLeaveTheRoomOfTheirOwnId) {
  listen();
  auto client = this->client();
  auto const id = std::string(socket->id());
  world.in_turn([&] {
    io->to(id).emit("1");
    socket->leave(id);
    EXPECT_EQ(socket->rooms(), Strings{});
    io->to(id).emit("lost");
    io->except(id).emit("2");
    EXPECT_EQ(io->sockets().find(id), socket);
    socket->join(id);
    EXPECT_EQ(socket->rooms(), Strings{id});
    io->to(id).emit("3");
    io->to(id).sockets_leave(id);
    io->to(id).emit("lost");
    io->sockets_join(id);
    io->to(id).emit("4");
  });
  EXPECT_EQ(client.take_text(), R"(2["1"] 2["2"] 2["3"] 2["4"])");
}

TEST_F(Sockets, KeepTheOrderOfTheirRoomsHoweverManyTheyAre) {
  listen();
  auto const client = this->client();
  auto const other = this->client();
  world.in_turn([&] {
    auto expected = Strings{std::string(socket->id())};
    for (int i = 0; i < 200; ++i) {
      io->sockets_join("room " + std::to_string(i));
      expected.push_back("room " + std::to_string(i));
    }
    socket->join({"room 3", "room 150"});
    EXPECT_EQ(socket->rooms(), expected);
    for (int i = 199; i >= 0; i -= 3) {
      socket->leave("room " + std::to_string(i));
      std::erase(expected, "room " + std::to_string(i));
      EXPECT_EQ(socket->rooms(), expected);
    }
    for (int i = 0; i < 200; ++i) {
      socket->leave("room " + std::to_string(i));
      std::erase(expected, "room " + std::to_string(i));
      ASSERT_EQ(socket->rooms(), expected);
    }
    socket->join("again");
    EXPECT_EQ(socket->rooms(), (Strings{std::string(socket->id()), "again"}));
  });
}

// A client that chooses its rooms chooses how they are hashed, if it knows the function.
TEST_F(Sockets, JoinAndLeaveRoomsAsFastWhateverTheirNames) {
  constexpr std::size_t count = 10'000;
  auto const colliding = aerie::test::colliding_names(count);
  if (colliding.empty()) GTEST_SKIP() << "another standard library: its std::hash is not known here";
  listen();
  auto const client = this->client();
  auto const time_with = [&](Strings const& names) {
    auto const begin = std::chrono::steady_clock::now();
    world.in_turn([&] {
      for (auto const& name : names)
        socket->join(name);
      for (auto const& name : names)
        socket->leave(name);
    });
    return std::chrono::steady_clock::now() - begin;
  };
  auto const ordinary = time_with(aerie::test::ordinary_names(count));
  EXPECT_LT(time_with(colliding), ordinary * 5 + 100ms);
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

}}  // namespace aerie::socketio::test
