// What becomes of requests whose client has ended its direction (FIN), and may still read.

#include "unit/http/server_fixture.hpp"

#include <aerie/core/sleep.hpp>

namespace aerie::http { namespace {

using namespace std::chrono_literals;

class HalfCloseTest : public ServerFixture {
 protected:
  HalfCloseTest() {
    server.get("/at-once", [](Request const&) { return Response::text(200, "at once"); });
    server.get("/later", [this](Request const&) -> Task<Response> {
      co_await sleep_for(200ms);
      ++ended;
      co_return Response::text(200, "later");
    });
    server.get("/large", [](Request const&) { return Response::text(200, std::string(2'000'000, 'x')); });
  }
  core::MemoryClient ask_and_end(std::string const& requests) {
    auto client = connect();
    client.write(requests);
    client.close();
    run();
    return client;
  }

  int ended = 0;
};

TEST_F(HalfCloseTest, IsAnsweredAtOnce) {
  auto client = ask_and_end(get("/at-once"));
  EXPECT_EQ(body_of(client.take()), "at once");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(HalfCloseTest, IsAnsweredByATask) {
  auto client = ask_and_end(get("/later"));
  EXPECT_FALSE(client.ended());
  advance(200ms);
  auto const answer = client.take();
  EXPECT_EQ(body_of(answer), "later");
  EXPECT_EQ(header_of(answer, "Connection"), "close");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(HalfCloseTest, HasAllItsPipelinedRequestsAnswered) {
  auto client = ask_and_end(get("/later") + get("/at-once") + get("/later"));
  advance(200ms);
  advance(200ms);
  auto const answers = client.take();
  auto const first = answers.find("later");
  auto const second = answers.find("at once", first);
  EXPECT_NE(answers.find("later", second), std::string::npos) << answers;
  EXPECT_TRUE(client.ended());
}

TEST_F(HalfCloseTest, GetsALargeAnswerThatItTakesSlowly) {
  auto client = connect();
  client.set_window(100'000);
  client.write(get("/large"));
  client.close();
  std::size_t received = 0;
  for (int i = 0; i < 100 && !client.ended(); ++i) {
    advance(5s);
    received += client.take().size();
  }
  run();
  received += client.take().size();
  EXPECT_GT(received, 2'000'000U);
  EXPECT_TRUE(client.ended());
}

TEST_F(HalfCloseTest, AmidARequestEndsTheConnection) {
  for (auto const* request : {"", "GET / HT", "GET /at-once HTTP/1.1\r\nHost: a\r\n"}) {
    auto client = ask_and_end(request);
    EXPECT_EQ(client.take(), "") << request;
    EXPECT_TRUE(client.ended()) << request;
    EXPECT_EQ(server.connections(), 0U) << request;
  }
  auto client = ask_and_end(get("/at-once") + "GET / HT");
  EXPECT_EQ(body_of(client.take()), "at once");
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(HalfCloseTest, IsNoReset) {
  auto client = connect();
  ask(client, get("/later"));
  client.reset();
  run();
  EXPECT_EQ(server.connections(), 0U);
  EXPECT_EQ(ended, 0);
  advance(200ms);
  EXPECT_EQ(ended, 1) << "what has begun runs to its end";
}

TEST_F(HalfCloseTest, EndsWhatOnlyMakesSenseWhileTheClientListens) {
  auto client = connect();
  ask(client, get("/socket", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  client.close();
  run();
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(server.connections(), 0U);
}

/// A long poll, as Socket.IO has them.
struct LongPoll : Service, ExchangeOwner {
  void begin(Exchange& exchange) override { exchange.hold(*this); }
  void on_aborted(Exchange&) override { aborted = true; }
  bool answers_after_end() const noexcept override { return false; }
  bool aborted = false;
};

TEST_F(HalfCloseTest, TellsALongPollThatItsPeerHasLeft) {
  LongPoll poll;
  server.mount("/poll", poll);
  auto client = ask_and_end(get("/poll"));
  EXPECT_TRUE(poll.aborted);
  EXPECT_EQ(server.connections(), 0U);
  server.unmount(poll);
}

}}  // namespace aerie::http
