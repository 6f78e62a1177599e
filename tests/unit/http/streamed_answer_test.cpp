#include "unit/http/server_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/http/response.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

namespace aerie::http { namespace {

using namespace std::chrono_literals;

/// Tells when what makes an answer has gone.
struct Ended {
  explicit Ended(bool& told) : flag(told) {}
  ~Ended() { flag = true; }
  Ended(Ended const&) = delete;
  Ended& operator=(Ended const&) = delete;
  bool& flag;
};

Generator<std::string> words() {
  co_yield std::string("one");
  co_yield std::string();
  co_await sleep_for(1s);
  co_yield std::string("and two");
}

Generator<std::string> failing(bool first) {
  if (!first) {
    co_yield std::string("begun");
    co_await sleep_for(1s);
  }
  throw std::runtime_error("out of words");
}

Generator<std::string> endless(std::size_t& made, bool& ended) {
  Ended const guard(ended);
  while (true) {
    ++made;
    co_yield std::string(10'000, 'x');
  }
}

Generator<ServerSentEvent> ticks(bool& ended) {
  Ended const guard(ended);
  for (int i = 1;; ++i) {
    co_yield ServerSentEvent("tick " + std::to_string(i));
    co_await sleep_for(40s);
  }
}

class StreamedAnswerTest : public ServerFixture {
 protected:
  StreamedAnswerTest() {
    server.get("/words", [](Request const&) { return Response::streamed("text/plain", words()); });
    server.get("/empty", [](Request const&) { return Response::streamed("text/plain", nothing()); });
    server.get("/fails", [](Request const&) { return Response::streamed("text/plain", failing(true)); });
    server.get("/breaks", [](Request const&) { return Response::streamed("text/plain", failing(false)); });
    server.get("/endless",
               [this](Request const&) { return Response::streamed("text/plain", endless(made, ended)); });
    server.get("/ticks", [this](Request const&) { return Response::events(ticks(ended)); });
  }
  static Generator<std::string> nothing() { co_return; }

  std::size_t made = 0;
  bool ended = false;
};

TEST_F(StreamedAnswerTest, SendsEachPartWhenItIsThere) {
  auto client = connect();
  auto const first = ask(client, get("/words"));
  EXPECT_EQ(status_line(first), "HTTP/1.1 200 OK");
  EXPECT_EQ(header_of(first, "Transfer-Encoding"), "chunked");
  EXPECT_EQ(header_of(first, "Content-Length"), "");
  EXPECT_EQ(body_of(first), "3\r\none\r\n") << "an empty part would have been the end";
  advance(1s);
  EXPECT_EQ(client.take(), "7\r\nand two\r\n0\r\n\r\n");
  EXPECT_EQ(status_line(ask(client, get("/empty"))), "HTTP/1.1 200 OK") << "the connection goes on";
}

TEST_F(StreamedAnswerTest, MayBeEmpty) {
  EXPECT_EQ(body_of(ask(get("/empty"))), "0\r\n\r\n");
}

TEST_F(StreamedAnswerTest, EndsWithTheConnectionForAPeerOfHttp10) {
  auto client = connect();
  auto const first = ask(client, "GET /words HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(header_of(first, "Transfer-Encoding"), "");
  EXPECT_EQ(header_of(first, "Connection"), "close");
  EXPECT_EQ(body_of(first), "one");
  advance(1s);
  EXPECT_EQ(client.take(), "and two");
  EXPECT_TRUE(client.ended());
}

TEST_F(StreamedAnswerTest, IsAHeadAloneForHead) {
  auto const answer = ask("HEAD /words HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(header_of(answer, "Transfer-Encoding"), "chunked");
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(StreamedAnswerTest, IsAnErrorIfItFailsBeforeItsFirstPart) {
  EXPECT_EQ(status_line(ask(get("/fails"))), "HTTP/1.1 500 Internal Server Error");
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0], "GET /fails: out of words");
}

TEST_F(StreamedAnswerTest, IsCutOffIfItFailsLater) {
  auto client = connect();
  auto const answer = ask(client, get("/breaks"));
  EXPECT_EQ(body_of(answer), "5\r\nbegun\r\n");
  advance(1s);
  EXPECT_EQ(client.take(), "") << "no last chunk: the peer can tell";
  EXPECT_TRUE(client.closed());
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0], "GET /breaks is cut off amid its answer: out of words");
}

TEST_F(StreamedAnswerTest, MakesNoMoreThanThePeerTakes) {
  auto client = connect();
  client.set_window(1000);
  client.write(get("/endless"));
  run();
  auto const at_first = made;
  EXPECT_LT(at_first, 60U) << "256 KiB wait";
  run();
  EXPECT_EQ(made, at_first);
  for (int i = 0; i < 1000; ++i) {
    client.take();
    run();
  }
  EXPECT_GT(made, at_first);
  EXPECT_FALSE(ended);
}

TEST_F(StreamedAnswerTest, EndsWithItsClientWhereverItWaits) {
  auto client = connect();
  client.set_window(1000);
  client.write(get("/endless"));
  run();
  client.reset();
  run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(server.requests(), 0U);
  EXPECT_EQ(runtime.stats().shards[0].bytes_held, 0U);
  EXPECT_TRUE(log.empty()) << log.front();
}

TEST_F(StreamedAnswerTest, SendsTheHeadOfEventsAtOnceAndNumbersThem) {
  auto client = connect();
  auto const first = ask(client, get("/ticks"));
  EXPECT_EQ(header_of(first, "Content-Type"), "text/event-stream");
  EXPECT_NE(header_of(first, "Cache-Control").find("no-cache"), std::string::npos);
  EXPECT_NE(first.find("id: 1\ndata: tick 1\n\n"), std::string::npos);
}

TEST_F(StreamedAnswerTest, KeepsAQuietStreamOfEventsAlive) {
  auto client = connect();
  ask(client, get("/ticks"));
  advance(14s);
  EXPECT_EQ(client.take(), "");
  advance(1s);
  EXPECT_EQ(client.take(), "3\r\n:\n\n\r\n");
  advance(15s);
  EXPECT_EQ(client.take(), "3\r\n:\n\n\r\n");
  advance(10s);
  EXPECT_NE(client.take().find("tick 2"), std::string::npos);
  advance(14s);
  EXPECT_EQ(client.take(), "") << "what was sent counts";
}

TEST_F(StreamedAnswerTest, TakesAClientThatEndsItsDirectionForOneThatHasLeftItsEvents) {
  auto client = connect();
  ask(client, get("/ticks"));
  client.close();
  run();
  EXPECT_TRUE(ended);
  EXPECT_TRUE(client.closed());
}

TEST_F(StreamedAnswerTest, EndsEventsAndNothingElseWhenTheServerCloses) {
  auto listener = connect();
  ask(listener, get("/ticks"));
  auto reader = connect();
  ask(reader, get("/words"));
  server.close();
  run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(listener.take(), "0\r\n\r\n") << "a proper end";
  EXPECT_TRUE(listener.ended());
  EXPECT_FALSE(reader.ended());
  advance(1s);
  EXPECT_EQ(reader.take(), "7\r\nand two\r\n0\r\n\r\n");
  EXPECT_TRUE(reader.ended());
}

}}  // namespace aerie::http
