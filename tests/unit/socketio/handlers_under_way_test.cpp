// Handlers that wait: what becomes of them when their client or the server leaves, and how many one client
// may have.

#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/sleep.hpp>

#include <optional>

namespace aerie::socketio::test { namespace {

class HandlersUnderWay : public SocketIoFixture {
 protected:
  /// Handlers of "wait" wait for this.
  void release_one() {
    world.in_turn([this] {
      auto const give = std::exchange(waiting.front(), nullptr);
      waiting.erase(waiting.begin());
      (*give)();
    });
  }
  void listen(aerie::ServerOptions options = {}) {
    start(std::move(options)).on("wait", [this](Socket&) -> Task<> {
      ++begun;
      core::Completion<> released;
      waiting.push_back(std::make_shared<core::Completer<void>>(released.completer()));
      co_await released;
      ++ended;
    });
  }

  /// A handler of "watch" that lasts an hour, unless its client leaves.
  void watch() {
    io->on("watch", cancel_on_leave([this](Socket&) -> Task<> {
             try {
               co_await sleep_for(1h);
             } catch (Cancelled const&) {
               events.emplace_back("cancelled");
               throw;
             }
           }));
  }

  std::vector<std::shared_ptr<core::Completer<void>>> waiting;
  int begun = 0;
  int ended = 0;
};

// --- When the client leaves

TEST_F(HandlersUnderWay, RunToTheirEndWhenTheirClientLeaves) {
  listen();
  io->on("order", [this](Socket& socket, std::string what) -> Task<int> {
    co_await sleep_for(10ms);
    events.push_back("stored " + what);
    socket.emit("nobody hears this");
    io->emit("news", what);
    co_return 1;
  });
  auto other = this->client();
  for (auto const transport : {Over::websocket, Over::polling}) {
    auto client = this->client(transport);
    client.send(R"(21["order","x"])");
    client.send("1");
    world.advance(10ms);
    EXPECT_EQ(take_events(), Strings{"stored x"});
    EXPECT_EQ(other.take_text(), R"(2["news","x"])");
    EXPECT_EQ(client.take_text(), "") << "its answer goes nowhere";
  }
}

TEST_F(HandlersUnderWay, EndWithTheirClientIfTheyAreToldTo) {
  listen();
  watch();
  auto client = this->client();
  client.send(R"(2["watch"])");
  client.send("1");
  EXPECT_EQ(take_events(), Strings{"cancelled"});
}

TEST_F(HandlersUnderWay, DoNotWaitForAClientThatHasLeft) {
  listen();
  io->on("ask", [this](Socket& socket) -> Task<> {
    for (int i = 0; i < 2; ++i) {
      auto const reply = co_await socket.emit_with_ack("question");
      events.emplace_back(to_string(reply.error()));
    }
  });
  auto client = this->client();
  client.send(R"(2["ask"])");
  client.send("1");
  world.run();
  EXPECT_EQ(take_events(), (Strings{"socket has been disconnected", "socket has been disconnected"}));
}

// --- When the server closes

TEST_F(HandlersUnderWay, AreWaitedForWhenTheServerCloses) {
  listen();
  auto client = this->client();
  client.send(R"(2["wait"])");
  io->close([this] { events.emplace_back("closed"); });
  world.advance(5s);
  EXPECT_EQ(take_events(), Strings{});
  release_one();
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed"});
  EXPECT_EQ(ended, 1);
}

TEST_F(HandlersUnderWay, AnswerTheirClientsAlsoWhenTheServerCloses) {
  struct Way {
    char const* name;
    std::function<void(std::function<void()>)> end;
  };
  for (auto const& way : {Way{"close", [this](auto done) { io->close(std::move(done)); }},
                          Way{"drain", [this](auto done) { io->drain(0ms, std::move(done)); }}}) {
    for (auto const transport : {Over::websocket, Over::polling}) {
      SCOPED_TRACE(way.name);
      start().on_disconnect([this](DisconnectReason why) { events.emplace_back(to_string(why)); });
      io->on("order", [this](Socket& socket) -> Task<int> {
        co_await sleep_for(2s);
        socket.emit("ready");
        events.emplace_back("ended");
        co_return 7;
      });
      auto idle = this->client();
      auto client = this->client(transport);
      client.send(R"(21["order"])");
      client.send(R"(22["order"])");
      way.end([this] { events.emplace_back("done"); });
      world.advance(1s);
      EXPECT_EQ(take_events(), Strings{"server shutting down"}) << "who waits for nothing is told at once";
      EXPECT_TRUE(idle.closed());
      // Nothing more is begun.
      if (transport == Over::websocket) client.send(R"(23["order"])");
      world.advance(1s);
      world.advance(1ms);
      std::string const answers = R"(2["ready"] 31[7] 2["ready"] 32[7])";
      EXPECT_EQ(client.take_text(), answers + (transport == Over::websocket ? " (close)" : " 1"));
      EXPECT_TRUE(client.closed());
      world.advance(10ms);
      EXPECT_EQ(take_events(), (Strings{"ended", "ended", "server shutting down", "done"}));
      io.reset();
    }
  }
}

TEST_F(HandlersUnderWay, DoNotWaitForAClientOfAServerThatCloses) {
  start({.close_timeout = 3s}).on("ask", [this](Socket& socket) -> Task<std::string> {
    for (int i = 0; i < 2; ++i) {
      auto const reply = co_await socket.emit_with_ack("question");
      events.emplace_back(to_string(reply.error()));
    }
    co_return "asked";
  });
  watch();
  auto client = this->client();
  client.send(R"(2["watch"])");
  client.send(R"(21["ask"])");
  EXPECT_EQ(client.take_text(), R"(20["question"])");
  io->close([this] { events.emplace_back("closed"); });
  for (int i = 0; i < 5; ++i)
    world.advance(1ms);
  EXPECT_EQ(take_events(),
            (Strings{"socket has been disconnected", "cancelled", "socket has been disconnected", "closed"}));
  EXPECT_EQ(client.take_text(), R"(31["asked"] (close))");
}

TEST_F(HandlersUnderWay, AreCancelledAndNamedWhenTheServerHasWaitedLongEnough) {
  listen({.close_timeout = 3s});
  auto client = this->client();
  for (auto const* const packet : {R"(2["wait"])", R"(2["wait"])"})
    client.send(packet);
  io->close([this] { events.emplace_back("closed"); });
  for (int i = 0; i < 3100 && events.empty(); ++i)
    world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed"});
  EXPECT_EQ(ended, 0);
  EXPECT_TRUE(world.logged("close_timeout had passed are cancelled: \"wait\" (2 times)"));
}

TEST_F(HandlersUnderWay, LetEveryCallerOfCloseKnow) {
  listen();
  for (int i = 0; i < 2; ++i)
    io->close([this] { events.emplace_back("closed"); });
  world.advance(10ms);
  EXPECT_EQ(take_events(), (Strings{"closed", "closed"}));
}

// --- How many

TEST_F(HandlersUnderWay, OfOneClientAreLimitedAndTheRestWaits) {
  listen({.max_pending_messages = 10});
  io->on("number", [this](int number) { events.push_back(std::to_string(number)); });
  for (auto const transport : {Over::websocket, Over::polling}) {
    begun = 0;
    auto client = this->client(transport);
    std::string messages;
    for (int i = 0; i < 50; ++i) {
      if (transport == Over::websocket) {
        messages += websocket::test::text_frame(R"(42["wait"])");
      } else {
        messages += std::string(messages.empty() ? "" : "\x1e") + R"(42["wait"])";
      }
    }
    auto const last = std::string(R"(42["number",7])");
    if (transport == Over::websocket) {
      client.websocket->write(messages + websocket::test::text_frame(last));
    } else {
      client.polling->post(messages + "\x1e" + last);
    }
    EXPECT_EQ(begun, 11);
    EXPECT_EQ(take_events(), Strings{}) << "messages keep their order";
    if (transport == Over::websocket) {
      EXPECT_TRUE(client.websocket->connection.paused());
    }
    for (int i = 0; i < 30; ++i)
      release_one();
    EXPECT_EQ(begun, 41);
    while (!waiting.empty())
      release_one();
    EXPECT_EQ(begun, 50);
    EXPECT_EQ(take_events(), Strings{"7"});
    if (transport == Over::websocket) {
      EXPECT_FALSE(client.websocket->connection.paused());
    }
    client.send(R"(2["number",8])");
    EXPECT_EQ(take_events(), Strings{"8"});
  }
}

TEST_F(HandlersUnderWay, ThatWaitForTheClientItselfDoNotKeepItsAnswersOut) {
  start({.max_pending_messages = 2}).on("ask", [this](Socket& socket) -> Task<> {
    auto const reply = co_await socket.emit_with_ack("question");
    events.push_back(reply.get<std::string>());
  });
  auto client = this->client();
  for (int i = 0; i < 6; ++i)
    client.send(R"(2["ask"])");
  for (int i = 0; i < 6; ++i)
    client.send("3" + std::to_string(i) + "[\"answer\"]");
  EXPECT_EQ(take_events().size(), 6U);
}

TEST_F(HandlersUnderWay, OfSocketsThatHaveLeftAreNotHeldAgainstTheirClient) {
  listen({.max_pending_messages = 2});
  io->of("/other").on("wait", [this](Socket&) -> Task<> {
    core::Completion<> released;
    waiting.push_back(std::make_shared<core::Completer<void>>(released.completer()));
    co_await released;
  });
  io->on("number", [this](int number) { events.push_back(std::to_string(number)); });
  auto client = this->client();
  for (int i = 0; i < 5; ++i) {
    client.join("/other");
    for (int n = 0; n < 3; ++n)
      client.send(R"(2/other,["wait"])");
    EXPECT_TRUE(client.websocket->connection.paused());
    world.in_turn([this] { io->of("/other").disconnect_sockets(); });
    EXPECT_FALSE(client.websocket->connection.paused());
    client.send(R"(2["number",1])");
    EXPECT_EQ(take_events(), Strings{"1"});
  }
  while (!waiting.empty())
    release_one();
  client.send(R"(2["wait"])");
  EXPECT_FALSE(client.websocket->connection.paused());
}

TEST_F(HandlersUnderWay, DoNotMakeAClientMissItsPing) {
  listen({.engine = {.ping_interval = 1s, .ping_timeout = 1s}, .max_pending_messages = 1});
  auto client = this->client();
  for (int i = 0; i < 3; ++i)
    client.send(R"(2["wait"])");
  ASSERT_TRUE(client.websocket->connection.paused());
  for (int i = 0; i < 10; ++i)
    world.advance(1s);
  EXPECT_FALSE(client.closed());
  while (!waiting.empty())
    release_one();
  EXPECT_FALSE(client.websocket->connection.paused());
  world.advance(1100ms);
  EXPECT_TRUE(client.closed()) << "it did not answer when it could have";
}

TEST_F(HandlersUnderWay, CountTheNamespacesThatAreBeingJoined) {
  start({.max_pending_messages = 3});
  std::vector<Next> asked;
  for (int i = 0; i < 10; ++i)
    io->of("/" + std::to_string(i)).use([&](Socket&, Next next) { asked.push_back(std::move(next)); });
  SocketIoClient client(world, Over::websocket);
  std::string connects;
  for (int i = 0; i < 10; ++i)
    connects += websocket::test::text_frame("40/" + std::to_string(i) + ",");
  client.websocket->write(connects);
  EXPECT_EQ(asked.size(), 4U);
  while (!asked.empty()) {
    world.in_turn([&] {
      auto const next = asked.front();
      asked.erase(asked.begin());
      next();
    });
  }
  EXPECT_EQ(client.take().size(), 10U);
}

}}  // namespace aerie::socketio::test
