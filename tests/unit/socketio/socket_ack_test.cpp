#include "unit/socketio/socket_fixture.hpp"

#include <aerie/core/spawn.hpp>

#include <optional>
#include <stdexcept>

namespace aerie::socketio::test { namespace {

class AskingSockets : public SocketFixture {};

TEST_F(AskingSockets, HearAnswers) {
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

TEST_F(AskingSockets, ShareAckIdsWithTheirNamespace) {
  listen();
  auto first = client();
  auto second = client();
  world.in_turn([&] { io->sockets().for_each_local([&](Socket& each) { each.emit("ask", note()); }); });
  EXPECT_EQ(first.take_text() + second.take_text(), R"(20["ask"]21["ask"])");
}

TEST_F(AskingSockets, HearOfATimeout) {
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

TEST_F(AskingSockets, HearOfADisconnectInsteadOfAnAnswer) {
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

TEST_F(AskingSockets, MayBeAskedByATask) {
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

TEST_F(AskingSockets, SurviveAcknowledgementsThatAreNotWhatIsExpected) {
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

TEST_F(AskingSockets, OweALimitedNumberOfAnswers) {
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

}}  // namespace aerie::socketio::test
