#include "unit/http/connection_fixture.hpp"

namespace aerie::http { namespace {

using namespace std::chrono_literals;

TEST_F(ConnectionTest, AnswersWithLengthAndDate) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "X-Test: 1\r\n", "hello"); };
  EXPECT_EQ(ask(get("/")),
            "HTTP/1.1 200 OK\r\n"
            "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
            "X-Test: 1\r\n"
            "Content-Length: 5\r\n"
            "\r\n"
            "hello");
}

TEST_F(ConnectionTest, KeepsTheDateCurrent) {
  answer_at_once();
  auto client = connect();
  clock.advance(999ms);
  EXPECT_EQ(header_of(ask(client, get("/")), "Date"), "Thu, 01 Jan 2026 00:00:00 GMT");
  clock.advance(1ms);
  EXPECT_EQ(header_of(ask(client, get("/")), "Date"), "Thu, 01 Jan 2026 00:00:01 GMT");
}

TEST_F(ConnectionTest, JoinsTheBodyFromItsParts) {
  service.on_begin = [](Exchange& exchange) {
    std::array<std::string_view, 3> const parts{"one", "", "two"};
    exchange.respond(200, "", parts);
  };
  EXPECT_EQ(body_of(ask(get("/"))), "onetwo");
}

TEST_F(ConnectionTest, AnswersInChunksWithoutALength) {
  service.on_begin = [](Exchange& exchange) { exchange.respond_in_chunks(400, "", "seventeen letters"); };
  auto client = connect();
  auto const response = ask(client, get("/"));
  EXPECT_EQ(header_of(response, "Transfer-Encoding"), "chunked");
  EXPECT_EQ(header_of(response, "Content-Length"), "");
  EXPECT_EQ(body_of(response), "11\r\nseventeen letters\r\n0\r\n\r\n");
  EXPECT_EQ(status_line(ask(client, get("/"))), "HTTP/1.1 400 Bad Request") << "the connection goes on";
  EXPECT_EQ(body_of(ask(client, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n")), "");
}

TEST_F(ConnectionTest, AnswersHttp10WithALengthInsteadOfChunks) {
  service.on_begin = [](Exchange& exchange) { exchange.respond_in_chunks(200, "", "hello"); };
  auto const response = ask("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(header_of(response, "Content-Length"), "5");
  EXPECT_EQ(body_of(response), "hello");
}

TEST_F(ConnectionTest, SendsNoBodyToHead) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", "hello"); };
  auto const response = ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(header_of(response, "Content-Length"), "5");
  EXPECT_EQ(body_of(response), "");
}

TEST_F(ConnectionTest, GivesStatusesWithoutABodyNoLength) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(304, "", "never sent"); };
  auto const response = ask(get("/"));
  EXPECT_EQ(header_of(response, "Content-Length"), "");
  EXPECT_EQ(body_of(response), "");
}

TEST_F(ConnectionTest, ClosesBehindHttp10) {
  answer_at_once();
  auto client = connect();
  auto const response = ask(client, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(status_line(response), "HTTP/1.1 200 OK");
  EXPECT_EQ(header_of(response, "Connection"), "close");
  EXPECT_TRUE(client.ended());
}

TEST_F(ConnectionTest, KeepsHttp10AliveIfAsked) {
  answer_at_once();
  auto client = connect();
  auto const response = ask(client, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(header_of(response, "Connection"), "keep-alive");
  EXPECT_FALSE(client.ended());
  EXPECT_NE(ask(client, "GET / HTTP/1.0\r\n\r\n"), "");
}

TEST_F(ConnectionTest, ClosesIfTheClientAsks) {
  answer_at_once();
  auto client = connect();
  EXPECT_EQ(header_of(ask(client, get("/", "Connection: close\r\n")), "Connection"), "close");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(ConnectionTest, AnswersPipelinedRequestsInOrder) {
  auto client = connect();
  EXPECT_EQ(ask(client, get("/1") + get("/2") + get("/3")), "");
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /1"}));
  service.held.respond(200, "", "first");
  run();
  EXPECT_EQ(body_of(client.take()), "first");
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /1", "GET /2"}));
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", "third"); };
  service.held.respond(200, "", "second");
  run();
  auto const rest = client.take();
  EXPECT_NE(rest.find("second"), std::string::npos);
  EXPECT_LT(rest.find("second"), rest.find("third"));
}

TEST_F(ConnectionTest, AHandleOfARequestThatIsOverDoesNothing) {
  struct Ending {
    char const* name;
    std::function<void(Exchange&, core::MemoryClient&)> end;
  };
  Ending const endings[] = {
      {"answered", [](Exchange& exchange, core::MemoryClient&) { exchange.respond(200, "", "first"); }},
      {"answered in chunks",
       [](Exchange& exchange, core::MemoryClient&) { exchange.respond_in_chunks(200, "", "first"); }},
      {"answered part by part",
       [this](Exchange& exchange, core::MemoryClient&) {
         ASSERT_TRUE(exchange.begin_answer(service, 200, "", 5));
         exchange.write_part("first");
         exchange.end_answer();
       }},
      {"reset", [](Exchange&, core::MemoryClient& client) { client.reset(); }},
      {"dropped", [](Exchange& exchange, core::MemoryClient&) { exchange.drop(); }},
      {"taken over",
       [](Exchange& exchange, core::MemoryClient&) {
         std::string rest;
         auto const stream = exchange.take_over(rest);
         stream->close();
       }},
  };
  for (auto const& [name, end] : endings) {
    auto client = connect();
    ask(client, get("/1"));
    Exchange const kept = service.held;
    ASSERT_TRUE(kept) << name;
    shard.post([&] {
      auto exchange = kept;
      end(exchange, client);
    });
    run();
    EXPECT_FALSE(kept) << name;
    client.take();
    // The next request of the same connection, if that goes on.
    ask(client, get("/2"));
    auto const goes_on = !client.ended();
    EXPECT_EQ(goes_on, std::string_view(name).starts_with("answered")) << name;
    service.events.clear();
    shard.post([&] {
      auto stale = kept;
      std::string rest;
      stale.respond(200, "", "stale");
      stale.respond_in_chunks(200, "", "stale");
      stale.respond_and_close(200, "", "stale");
      stale.respond_busy();
      EXPECT_FALSE(stale.begin_answer(service, 200, "", 5));
      EXPECT_FALSE(stale.write_part("stale"));
      stale.end_answer();
      EXPECT_EQ(stale.take_over(rest), nullptr);
      stale.continue_on(shard);
      stale.drop();
      EXPECT_FALSE(stale.head());
      EXPECT_FALSE(stale.secure());
      EXPECT_EQ(stale.content_length(), 0U);
      stale.hold(service);
      stale.read_body(service, 1);
    });
    run();
    EXPECT_EQ(client.take(), "") << name;
    EXPECT_EQ(service.events, (std::vector<std::string>{"aborted", "aborted"})) << name;
    if (!goes_on) continue;
    shard.post([&] { service.held.respond(200, "", "second"); });
    run();
    EXPECT_EQ(body_of(client.take()), "second") << name;
  }
}

TEST_F(ConnectionTest, HandlesMayBeKeptWhenTheServerIsGone) {
  Exchange kept;
  {
    Server other(runtime);
    other.mount("/", service);
    auto pair = core::memory_pair(shard);
    other.serve(std::move(pair.server));
    pair.client.write(get("/"));
    run();
    kept = service.held;
    EXPECT_TRUE(kept);
  }
  EXPECT_FALSE(kept);
  kept.respond(200, "", "to nobody");
  run();
}

TEST_F(ConnectionTest, AnswersManyPipelinedRequests) {
  answer_at_once();
  std::string requests;
  for (int i = 0; i < 10'000; ++i)
    requests.append(get("/"));
  auto client = connect();
  client.write(requests);
  run();
  auto const answers = client.take();
  std::size_t count = 0;
  for (auto at = answers.find("200 OK"); at != answers.npos; at = answers.find("200 OK", at + 1))
    ++count;
  EXPECT_EQ(count, 10'000U);
}

TEST_F(ConnectionTest, DoesNotBeginTheNextRequestOnTopOfAnAnswer) {
  auto client = connect();
  ask(client, get("/1") + get("/2"));
  bool answering = true;
  service.on_begin = [&](Exchange& exchange) {
    EXPECT_FALSE(answering);
    exchange.respond(200, "", "");
  };
  shard.post([&] {
    service.held.respond(200, "", "");
    answering = false;
  });
  run();
  EXPECT_EQ(service.events.size(), 2U);
}

TEST_F(ConnectionTest, StopsReadingWhenTooMuchIsPipelined) {
  auto client = connect();
  ask(client, get("/1"));
  ask(client, std::string(16 * 1024, 'x'));
  EXPECT_FALSE(client.paused());
  ask(client, "x");
  EXPECT_TRUE(client.paused());
}

TEST_F(ConnectionTest, ReadsOnWhenThePipelineHasMoved) {
  auto client = connect();
  std::string requests;
  while (requests.size() < 20'000)
    requests.append(get("/"));
  ask(client, get("/1"));
  ask(client, requests);
  EXPECT_TRUE(client.paused());
  answer_at_once();
  service.held.respond(200, "", "");
  run();
  EXPECT_FALSE(client.paused());
}

TEST_F(ConnectionTest, WaitsForASlowReader) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", std::string(200'000, 'x')); };
  auto client = connect();
  client.set_window(0);
  std::string requests;
  for (int i = 0; i < 20; ++i)
    requests.append(get("/"));
  ask(client, requests);
  EXPECT_LE(service.events.size(), 3U);
  client.set_window(1'000'000);
  std::size_t received = 0;
  for (int i = 0; i < 20; ++i) {
    run();
    received += client.take().size();
  }
  run();
  EXPECT_EQ(service.events.size(), 20U);
  EXPECT_GT(received, 20U * 200'000U);
}

TEST_F(ConnectionTest, GivesUpAReaderThatTakesNothing) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", std::string(300'000, 'x')); };
  auto client = connect();
  client.set_window(1000);
  ask(client, get("/"));
  client.write("");
  advance(29s);
  client.take();
  run();
  advance(29s);
  EXPECT_FALSE(client.closed());
  advance(31s);
  EXPECT_TRUE(client.closed());
}

TEST_F(ConnectionTest, SendsALongLastAnswerToASlowReader) {
  service.on_begin = [](Exchange& exchange) {
    exchange.respond_and_close(200, "", std::string(300'000, 'x'));
  };
  auto client = connect();
  client.set_window(50'000);
  std::size_t received = ask(client, get("/")).size();
  for (int i = 0; i < 6; ++i) {
    advance(10s);
    received += client.take().size();
  }
  run();
  received += client.take().size();
  EXPECT_GT(received, 300'000U);
  EXPECT_TRUE(client.ended());
}

TEST_F(ConnectionTest, ParsesAHeadInPieces) {
  answer_at_once();
  auto const request = get("/target", "X-Header: value\r\n");
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    auto client = connect();
    EXPECT_EQ(ask(client, request.substr(0, cut)), "");
    EXPECT_EQ(body_of(ask(client, request.substr(cut))), "/target") << cut;
  }
}

TEST_F(ConnectionTest, RefusesBrokenRequestsAndCloses) {
  auto client = connect();
  auto const response = ask(client, "GET / HTTP/1.1\nHost: a\n\n");
  EXPECT_EQ(status_line(response), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(header_of(response, "Connection"), "close");
  EXPECT_NE(body_of(response).find("line feed"), std::string::npos);
  EXPECT_TRUE(client.ended());
  EXPECT_TRUE(service.events.empty());
}

TEST_F(ConnectionTest, IgnoresWhatFollowsABrokenRequest) {
  answer_at_once();
  auto client = connect();
  ask(client, "GET / HTTP/1.1\nHost: a\n\n" + get("/smuggled"));
  EXPECT_EQ(ask(client, get("/smuggled")), "");
  EXPECT_TRUE(service.events.empty());
}

// Bodies.

TEST_F(ConnectionTest, DropsWithoutAnAnswer) {
  auto client = connect();
  ask(client, get("/"));
  service.held.drop();
  run();
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(client.received(), "");
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /"}));
}

TEST_F(ConnectionTest, AnswersForAServiceThatThrows) {
  service.on_begin = [](Exchange&) { throw std::runtime_error("out of cheese"); };
  EXPECT_EQ(status_line(ask(get("/path"))), "HTTP/1.1 500 Internal Server Error");
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log[0].find("GET /path: out of cheese"), std::string::npos);
}

TEST_F(ConnectionTest, AnswersForAServiceThatForgets) {
  service.on_begin = [](Exchange&) {};
  EXPECT_EQ(status_line(ask(get("/"))), "HTTP/1.1 500 Internal Server Error");
  EXPECT_EQ(log.size(), 1U);
}

TEST_F(ConnectionTest, RefusesHeadersThatWouldForgeAResponse) {
  service.on_begin = [](Exchange& exchange) {
    Response response = Response::text(200, "hello");
    EXPECT_THROW(response.set("X-Name", "a\r\nSet-Cookie: b"), std::invalid_argument);
    response.headers.emplace_back("X-Name", "a\r\nSet-Cookie: b");
    exchange.respond(response);
  };
  auto const response = ask(get("/"));
  EXPECT_EQ(status_line(response), "HTTP/1.1 500 Internal Server Error");
  EXPECT_EQ(response.find("Set-Cookie"), std::string::npos);
}

/// What a WebSocket connection would be.
struct Taker : core::StreamHandler {
  void on_data(std::span<char> bytes) override { data.append(bytes.data(), bytes.size()); }
  void on_closed(std::error_code) override { closed = true; }
  void on_overflow() override {}
  std::unique_ptr<core::Stream> stream;
  std::string data;
  bool closed = false;
};

TEST_F(ConnectionTest, HandsOverTheStreamWithWhatWasReadAlready) {
  Taker taker;
  service.on_begin = [&](Exchange& exchange) {
    EXPECT_TRUE(exchange.upgrade_requested());
    taker.stream = exchange.take_over(taker.data);
    taker.stream->set_handler(&taker);
    taker.stream->write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
  };
  auto client = connect();
  EXPECT_EQ(ask(client, get("/", "Connection: Upgrade\r\nUpgrade: websocket\r\n") + "early"),
            "HTTP/1.1 101 Switching Protocols\r\n\r\n");
  EXPECT_EQ(taker.data, "early");
  EXPECT_EQ(server.connections(), 0U);
  ask(client, " and late");
  EXPECT_EQ(taker.data, "early and late");
  client.close();
  run();
  EXPECT_TRUE(taker.closed);
  shard.retire(std::move(taker.stream));
  run();
}

TEST_F(ConnectionTest, HandsOverAStreamThatWasHeld) {
  Taker taker;
  auto client = connect();
  ask(client, get("/"));
  ask(client, std::string(20'000, 'x'));
  EXPECT_TRUE(client.paused());
  shard.post([&] {
    taker.stream = service.held.take_over(taker.data);
    taker.stream->set_handler(&taker);
  });
  run();
  EXPECT_EQ(taker.data.size(), 20'000U);
  EXPECT_FALSE(client.paused());
  taker.stream->close();
  shard.retire(std::move(taker.stream));
  run();
}

// The end.

TEST_F(ConnectionTest, ClosesIdleConnectionsAtOnceAndOthersBehindTheirAnswer) {
  auto idle = connect();
  auto busy = connect();
  ask(busy, get("/"));
  server.close();
  run();
  EXPECT_TRUE(idle.closed());
  EXPECT_FALSE(busy.closed());
  service.held.respond(200, "", "bye");
  run();
  auto const response = busy.take();
  EXPECT_EQ(header_of(response, "Connection"), "close");
  EXPECT_EQ(body_of(response), "bye");
  EXPECT_TRUE(busy.ended());
}

TEST(ServerLifetime, TellsOwnersWhenTheServerIsDestroyed) {
  core::ManualClock clock;
  Runtime runtime({.clock = &clock});
  Recorder service;
  auto server = std::make_unique<Server>(runtime);
  server->mount("/", service);
  auto pair = core::memory_pair(runtime.shard(0));
  server->serve(std::move(pair.server));
  pair.client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  runtime.shard(0).run_ready();
  server.reset();
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /", "aborted"}));
  EXPECT_TRUE(pair.client.closed());
  runtime.shard(0).run_ready();
}

TEST(ConnectionMemory, StaysSmall) {
  EXPECT_LE(sizeof(Connection), 256U);
}

// Several shards.

}}  // namespace aerie::http
