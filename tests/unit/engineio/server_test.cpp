#include "unit/engineio/engine_fixture.hpp"

namespace aerie::engineio::test { namespace {

class OneShard : public EngineFixture {};

TEST_F(OneShard, AnswersRequestsBelowItsPathOnly) {
  start({.path = "/live"});
  EXPECT_EQ(engine->path(), "/live/");
  auto const status = [&](std::string_view target) { return world.ask(get_request(target)).status; };
  EXPECT_EQ(status("/live/?EIO=4&transport=polling"), 200);
  EXPECT_EQ(status("/live/more?EIO=4&transport=polling"), 200);
  EXPECT_EQ(status("/live?EIO=4&transport=polling"), 404);
  EXPECT_EQ(status("/engine.io/?EIO=4&transport=polling"), 404);
}

TEST_F(OneShard, NeedsNoTrailingSlashIfToldSo) {
  start({.path = "/live/", .add_trailing_slash = false});
  EXPECT_EQ(engine->path(), "/live");
  EXPECT_EQ(world.ask(get_request("/live?EIO=4&transport=polling")).status, 200);
}

TEST_F(OneShard, RefusesToStartWithOptionsThatCannotWork) {
  EXPECT_THROW(Server(world.runtime, {.path = "x"}), std::invalid_argument);
}

TEST_F(OneShard, RefusesAnHttpServerOfAnotherRuntime) {
  ServerOnAClock other;
  Server server(world.runtime);
  EXPECT_THROW(server.attach(other.http), std::invalid_argument);
}

TEST_F(OneShard, AnswersPreflights) {
  start({.cors = http::CorsOptions{.origin = "https://here.example", .credentials = true}});
  auto const answer = world.ask(
      "OPTIONS /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: a\r\nOrigin: https://here.example\r\n"
      "Access-Control-Request-Method: POST\r\n\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "https://here.example");
  EXPECT_EQ(get("EIO=4&transport=polling", "Origin: https://here.example\r\n")
                .header("Access-Control-Allow-Credentials"),
            "true");
}

TEST_F(OneShard, CountsItsClients) {
  start();
  PollingClient first(world);
  first.open();
  WebSocketClient second(world, "/engine.io/?EIO=4&transport=websocket");
  EXPECT_EQ(engine->clients_count(), 2U);
  first.post("1");
  second.send("1");
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(OneShard, DrainsEvenlyAndTakesNobodyMeanwhile) {
  start();
  std::vector<WebSocketClient> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back(world, "/engine.io/?EIO=4&transport=websocket");
  take_events();
  int ended = 0;
  engine->drain(8s, [&] { ++ended; });
  world.run();
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  world.advance(1'999ms);
  EXPECT_EQ(take_events(), Strings{});
  world.advance(1ms);
  EXPECT_EQ(take_events(), Strings{"closed: forced close"});
  auto const refused = get("EIO=4&transport=polling");
  EXPECT_EQ(refused.status, 503);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  EXPECT_EQ(get("EIO=4&transport=polling&sid=elsewhere").status, 503) << "another server may know it";
  EXPECT_EQ(ended, 0);
  world.advance(2s);
  world.advance(2s);
  EXPECT_EQ(take_events(), (Strings{"closed: forced close", "closed: forced close"}));
  EXPECT_EQ(ended, 1);
  EXPECT_EQ(engine->clients_count(), 0U);
}

TEST_F(OneShard, DeliversWhatWasSentBeforeItDrains) {
  start();
  PollingClient client(world);
  client.open();
  send("last words");
  engine->drain(0ms);
  world.run();
  EXPECT_EQ(client.poll(), "4last words");
  EXPECT_EQ(client.poll(),
            "6\x1e"
            "1");
}

TEST_F(OneShard, DrainsAtOnceIfNobodyIsThere) {
  start();
  int ended = 0;
  engine->drain(1h, [&] {
    ++ended;
    throw 7;
  });
  world.run();
  EXPECT_EQ(ended, 1);
  EXPECT_TRUE(world.logged("the callback of drain"));
  engine->reopen();
  EXPECT_EQ(get("EIO=4&transport=polling").status, 200);
}

TEST_F(OneShard, MayBeDestroyedWhileItDrains) {
  start();
  WebSocketClient first(world, "/engine.io/?EIO=4&transport=websocket");
  WebSocketClient second(world, "/engine.io/?EIO=4&transport=websocket");
  engine->drain(10s, [] { ADD_FAILURE() << "nobody is left to be told"; });
  world.run();
  engine.reset();
  world.advance(20s);
}

TEST_F(OneShard, MayBeDestroyedWithOpenSessions) {
  start();
  PollingClient polling(world);
  polling.open();
  polling.begin_poll();
  WebSocketClient socket(world, "/engine.io/?EIO=4&transport=websocket");
  WebSocketClient upgrading(world, polling.target("websocket"));
  upgrading.send("2probe");
  engine.reset();
  world.run();
  EXPECT_TRUE(polling.polls.ended());
  EXPECT_TRUE(socket.connection.ended());
}

TEST_F(OneShard, ForgetsItsCloseIfItIsGoneByThen) {
  start();
  PollingClient client(world);
  client.open();
  take_events();
  engine->close();
  engine.reset();
  world.run();
  EXPECT_EQ(take_events(), Strings{});
}

TEST_F(OneShard, ClosesAllSessionsThoughTheirHandlersCloseOthers) {
  start();
  std::vector<Session*> all;
  on_open = [&](Session& opened) { all.push_back(&opened); };
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int i = 0; i < 10; ++i)
    clients.push_back(std::make_unique<WebSocketClient>(world, "/engine.io/?EIO=4&transport=websocket"));
  engine->hooks.close = [&](Session&, CloseReason) {
    for (auto* const other : all)
      if (other->state() == Session::State::open) other->close();
  };
  engine->close();
  world.run();
  EXPECT_EQ(engine->clients_count(), 0U);
}

// --- Several shards

class TwoShards : public EngineFixture {
 protected:
  TwoShards() : EngineFixture(2) {}
};

TEST_F(TwoShards, MoveARequestThatArrivesOnTheWrongOne) {
  start();
  PollingClient client(world, "/engine.io/", 1);
  client.open();
  EXPECT_EQ(session->shard().index(), 1);
  EXPECT_EQ(world.ask(post_request(client.target(), "4moved"), 0).body, "ok");
  EXPECT_EQ(take_events(), (Strings{"open polling", "text moved"}));
  WebSocketClient socket(world, client.target("websocket"), "", 0);
  socket.send("2probe");
  socket.send("5");
  socket.send("4through the socket");
  EXPECT_EQ(take_events(), (Strings{"upgraded", "text through the socket"}));
}

TEST_F(TwoShards, KeepAConnectionThatServesSessionsOfBoth) {
  start();
  PollingClient first(world, "/engine.io/", 0);
  PollingClient second(world, "/engine.io/", 1);
  first.open();
  second.open();
  auto connection = world.connect(0);
  for (int i = 0; i < 3; ++i) {
    connection.write(post_request(first.target(), "4first") + post_request(second.target(), "4second"));
    world.run();
    auto bytes = connection.take();
    EXPECT_EQ(aerie::test::take_answer(bytes).body, "ok");
    EXPECT_EQ(aerie::test::take_answer(bytes).body, "ok");
  }
}

TEST_F(TwoShards, FindSessionsWhoseIdsTheirUserHasMade) {
  ServerOptions options;
  options.generate_id = [](http::RequestHead const&, NewId const& id) { id.use("made-by-hand"); };
  start(std::move(options));
  PollingClient client(world, "/engine.io/", 1);
  client.open();
  EXPECT_EQ(world.ask(post_request(client.target(), "4moved"), 0).body, "ok");
}

TEST_F(TwoShards, AnswerForIdsOfNobody) {
  start();
  for (auto const* const id : {"x", "AAAAAAAAAAAAAAAAAAAA", "____________________", "%00"}) {
    auto const request = get_request("/engine.io/?EIO=4&transport=polling&sid=" + std::string(id));
    EXPECT_EQ(world.ask(request, 0).status, 400) << id;
    EXPECT_EQ(world.ask(request, 1).status, 400) << id;
  }
}

TEST_F(TwoShards, AreClosedTogether) {
  start();
  PollingClient first(world, "/engine.io/", 0);
  PollingClient second(world, "/engine.io/", 1);
  first.open();
  second.open();
  engine->close();
  world.run();
  EXPECT_EQ(engine->clients_count(), 0U);
}

}}  // namespace aerie::engineio::test
