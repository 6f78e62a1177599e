#include "unit/http/connection_fixture.hpp"

namespace aerie::http { namespace {

using namespace std::chrono_literals;

TEST_F(ConnectionTest, ClosesASilentNewConnection) {
  auto client = connect();
  advance(9'999ms);
  EXPECT_FALSE(client.closed());
  advance(1ms);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(client.received(), "");
}

TEST_F(ConnectionTest, GivesAHeadThatDripsTenSecondsInAll) {
  auto client = connect();
  std::string_view rest = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 9; ++i) {
    client.write(rest.substr(0, 1));
    rest.remove_prefix(1);
    advance(1s);
  }
  EXPECT_EQ(client.received(), "");
  advance(1s);
  EXPECT_EQ(status_line(client.take()), "HTTP/1.1 408 Request Timeout");
  EXPECT_TRUE(client.ended());
}

TEST_F(ConnectionTest, GivesALaterHeadItsOwnTime) {
  answer_at_once();
  auto client = connect();
  ask(client, get("/"));
  advance(60s);
  EXPECT_EQ(ask(client, "GET"), "");
  advance(9s);
  EXPECT_EQ(client.received(), "");
  advance(1s);
  EXPECT_EQ(status_line(client.take()), "HTTP/1.1 408 Request Timeout");
}

TEST_F(ConnectionTest, ClosesAnIdleConnectionWithoutAWord) {
  answer_at_once();
  auto client = connect();
  ask(client, get("/"));
  advance(64'999ms);
  EXPECT_FALSE(client.closed());
  advance(1ms);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(client.received(), "");
}

TEST_F(ConnectionTest, LeavesALongPollAlone) {
  auto client = connect();
  ask(client, get("/"));
  advance(1h);
  EXPECT_FALSE(client.closed());
  service.held.respond(200, "", "late");
  run();
  EXPECT_EQ(body_of(client.take()), "late");
}

// Owners.

TEST_F(ConnectionTest, TellsTheOwnerOfALongPollThatItsPeerHasLeft) {
  auto client = connect();
  ask(client, get("/"));
  client.close();
  run();
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /", "aborted"}));
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(ConnectionTest, TellsNobodyWhenAPeerLeavesBehindItsAnswer) {
  answer_at_once();
  auto client = connect();
  ask(client, get("/"));
  client.reset();
  run();
  EXPECT_EQ(service.events, (std::vector<std::string>{"GET /"}));
}

TEST_F(ConnectionTest, SurvivesAResetAtEveryByte) {
  answer_at_once();
  auto const request = post("Content-Length: 5\r\n", "hello");
  for (std::size_t size = 0; size <= request.size(); ++size) {
    auto client = connect();
    ask(client, request.substr(0, size));
    client.reset();
    run();
    EXPECT_EQ(server.connections(), 0U) << size;
  }
}

}}  // namespace aerie::http
