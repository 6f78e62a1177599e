#include "unit/socketio/socket_fixture.hpp"

#include <stdexcept>

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
