// Answers that are larger, or taken more slowly, than usual.

#include "unit/http/connection_fixture.hpp"

namespace aerie::http { namespace {

using namespace std::chrono_literals;

TEST_F(ConnectionTest, SendsALargeAnswerBehindTheRestOfAnother) {
  service.on_begin = [](Exchange& exchange) {
    exchange.respond(200, "", std::string(exchange.head().target() == "/small" ? 250'000 : 5'000'000, 'x'));
  };
  auto client = connect();
  client.set_window(100'000);
  client.write(get("/small") + get("/large") + get("/small"));
  std::size_t received = 0;
  for (int i = 0; i < 200 && received <= 5'500'000; ++i) {
    advance(1s);
    received += client.take().size();
    ASSERT_FALSE(client.closed()) << received;
  }
  EXPECT_GT(received, 5'500'000U);
  EXPECT_EQ(service.events.size(), 3U);
}

TEST_F(ConnectionTest, SendsAnAnswerToWhoeverTakesItSteadily) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", std::string(2'000'000, 'x')); };
  auto client = connect();
  client.set_window(50'000);
  client.write(get("/"));
  std::size_t received = 0;
  auto const begin = clock.now();
  while (received <= 2'000'000) {
    advance(20s);
    received += client.take().size();
    ASSERT_FALSE(client.closed()) << received;
  }
  EXPECT_GT(clock.now() - begin, 10min) << "far more than any timeout";
  advance(64s);
  EXPECT_FALSE(client.closed()) << "kept alive from here on";
  advance(2s);
  EXPECT_TRUE(client.closed());
}

TEST_F(ConnectionTest, CutsOffWhoeverTakesAByteNowAndThen) {
  service.on_begin = [](Exchange& exchange) { exchange.respond(200, "", std::string(2'000'000, 'x')); };
  auto client = connect();
  client.set_window(1);
  client.write(get("/"));
  run();
  for (int i = 0; i < 10 && !client.closed(); ++i) {
    advance(29s);
    client.take();
  }
  EXPECT_TRUE(client.closed());
}

/// Answers bit by bit.
struct Parts : Service, ExchangeOwner {
  void begin(Exchange& exchange) override {
    rest = whole;
    if (exchange.begin_answer(*this, 200, "", whole)) on_room(exchange);
  }
  void on_room(Exchange& exchange) override {
    ++rounds;
    while (rest > 0) {
      auto const size = std::min<std::size_t>(rest, 50'000);
      rest -= size;
      auto const welcome = exchange.write_part(std::string(size, 'x'));
      if (rest == 0) return exchange.end_answer();
      if (!welcome) return;
    }
  }
  void on_aborted(Exchange&) override { aborted = true; }
  std::size_t whole = 1'000'000;
  std::size_t rest = 0;
  int rounds = 0;
  bool aborted = false;
};

class PartsTest : public ServerFixture {
 protected:
  PartsTest() { server.mount("/", parts); }
  ~PartsTest() override { server.unmount(parts); }
  Parts parts;
};

TEST_F(PartsTest, AreWrittenAsThePeerTakesThem) {
  auto client = connect();
  client.set_window(10'000);
  client.write(get("/") + get("/"));
  std::size_t received = 0;
  for (int i = 0; i < 1000 && received <= 2'000'000; ++i) {
    run();
    EXPECT_LT(shard.account().used(), 500'000U);
    received += client.take().size();
  }
  EXPECT_GT(received, 2'000'000U);
  EXPECT_GT(parts.rounds, 4);
  EXPECT_FALSE(client.ended());
}

TEST_F(PartsTest, TellTheirOwnerThatThePeerHasGone) {
  auto client = connect();
  client.set_window(10'000);
  ask(client, get("/"));
  client.reset();
  run();
  EXPECT_TRUE(parts.aborted);
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(PartsTest, AreNotAskedForByHead) {
  auto client = connect();
  auto const answer = ask(client, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(header_of(answer, "Content-Length"), "1000000");
  EXPECT_EQ(body_of(answer), "");
  EXPECT_EQ(parts.rounds, 0);
}

TEST_F(PartsTest, EndAConnectionThatIsClosedMeanwhileBehindTheLast) {
  auto client = connect();
  client.set_window(10'000);
  std::size_t received = ask(client, get("/")).size();
  server.close();
  for (int i = 0; i < 1000 && !client.ended(); ++i) {
    run();
    received += client.take().size();
  }
  EXPECT_GT(received, 1'000'000U);
  EXPECT_TRUE(client.ended());
}

}}  // namespace aerie::http
