#include "unit/http/connection_fixture.hpp"

namespace aerie::http { namespace {

using namespace std::chrono_literals;

class TwoShards : public ServerFixture {
 protected:
  TwoShards() : ServerFixture(2) {
    server.mount("/", service);
    service.on_begin = [this](Exchange& exchange) {
      shards.push_back(exchange.shard().index());
      if (exchange.shard().index() == 0 && exchange.head().path() == "/move") {
        exchange.continue_on(runtime.shard(1));
      } else {
        exchange.read_body(service, 1000);
      }
    };
    service.answer_bodies = true;
  }

  std::vector<int> shards;
};

TEST_F(TwoShards, MoveAConnectionWithItsRequest) {
  auto client = connect();
  EXPECT_EQ(body_of(ask(client, get("/move"))), "ok");
  EXPECT_EQ(shards, (std::vector<int>{0, 1}));
  EXPECT_EQ(body_of(ask(client, get("/stays"))), "ok");
  EXPECT_EQ(shards.back(), 1);
  EXPECT_EQ(server.connections(), 1U);
}

TEST_F(TwoShards, MoveBytesThatWereReadAlready) {
  auto client = connect();
  client.write("POST /move HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel");
  run();
  EXPECT_EQ(client.take(), "");
  auto const responses = ask(client, "lo" + get("/next"));
  EXPECT_EQ(service.events,
            (std::vector<std::string>{"POST /move", "POST /move", "body hello", "GET /next", "body "}));
  EXPECT_NE(responses.find("ok"), responses.rfind("ok"));
}

TEST_F(TwoShards, MoveBehindAnEarlierAnswer) {
  service.on_begin = [this](Exchange& exchange) {
    shards.push_back(exchange.shard().index());
    if (shards.size() == 2) {
      exchange.continue_on(runtime.shard(1));
    } else {
      exchange.respond(200, "", std::string(100'000, 'x'));
    }
  };
  auto client = connect();
  client.set_window(50'000);
  ask(client, get("/1") + get("/2"));
  EXPECT_EQ(shards, (std::vector<int>{0, 0}));
  std::size_t received = 0;
  for (int i = 0; i < 6; ++i) {
    received += client.take().size();
    run();
  }
  EXPECT_EQ(shards, (std::vector<int>{0, 0, 1}));
  EXPECT_GT(received, 150'000U);
}

TEST_F(TwoShards, ForgetAConnectionThatLeavesWhileItMoves) {
  service.on_begin = [this](Exchange& exchange) { exchange.continue_on(runtime.shard(1)); };
  auto client = connect();
  client.write(get("/move"));
  client.reset();
  run();
  EXPECT_EQ(server.connections(), 0U);
  auto other = connect();
  other.write(get("/move"));
  shard.turn(0ms);
  shard.turn(0ms);
  other.close();
  service.on_begin = nullptr;
  run();
  EXPECT_EQ(server.connections(), 0U);
}

}}  // namespace aerie::http
