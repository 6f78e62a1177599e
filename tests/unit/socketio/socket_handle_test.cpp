#include "unit/socketio/socketio_fixture.hpp"

#include <optional>
#include <stdexcept>
#include <thread>

namespace aerie::socketio::test { namespace {

class Handles : public SocketIoFixture {
 protected:
  Handles() {
    start().on_connection([this](Socket& socket) { handle = socket.handle(); });
    io->on("ask", [this](Ack<std::string> asked) { ack = std::move(asked); });
  }
  template <class Action>
  void on_another_thread(Action action) {
    std::thread(action).join();
    world.run();
  }
  std::optional<SocketHandle> handle;
  std::optional<Ack<std::string>> ack;
};

TEST_F(Handles, WorkOnAnyThread) {
  auto client = this->client();
  on_another_thread([&] {
    std::string text = "x";
    handle->emit("e", text, Bytes("y"));
    text = "changed afterwards";
    handle->join({"a", "b"});
    handle->leave("b");
    handle->run([this](Socket& socket) { events = socket.rooms(); });
  });
  EXPECT_EQ(client.take_text(), R"(51-["e","x",{"_placeholder":true,"num":0}] beQ==)");
  EXPECT_EQ(events, (Strings{std::string(handle->id()), "a"}));
  on_another_thread([&] { handle->disconnect(true); });
  EXPECT_TRUE(client.closed());
}

TEST_F(Handles, ActAtOnceOnTheirShard) {
  auto client = this->client();
  world.in_turn([&] {
    handle->join("a");
    io->to("a").emit("e");
  });
  EXPECT_EQ(client.take_text(), R"(2["e"])");
}

TEST_F(Handles, DoNothingOnceTheSocketHasGone) {
  { auto const client = this->client(); }
  world.run();
  on_another_thread([&] {
    handle->emit("e");
    handle->join("a");
    handle->disconnect(true);
    handle->run([this](Socket&) { events.emplace_back("ran"); });
  });
  EXPECT_EQ(events, Strings{});
  EXPECT_EQ(handle->handshake().header("host"), "test") << "what it was stays readable";
}

TEST_F(Handles, ReportActionsThatThrow) {
  auto const client = this->client();
  on_another_thread([&] { handle->run([](Socket&) { throw std::runtime_error("in the action"); }); });
  EXPECT_TRUE(world.logged("in the action"));
}

TEST_F(Handles, OfAcknowledgementsAnswerOnceFromAnyThread) {
  auto client = this->client();
  client.send(R"(21["ask"])");
  on_another_thread([&] {
    (*ack)("first");
    (*ack)("second");
  });
  EXPECT_EQ(client.take_text(), R"(31["first"])");
}

}}  // namespace aerie::socketio::test
