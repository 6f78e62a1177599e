#include "unit/http/connection_fixture.hpp"

namespace aerie::http { namespace {

using namespace std::chrono_literals;

class BodyTest : public ConnectionTest {
 protected:
  BodyTest() {
    service.on_begin = [this](Exchange& exchange) { exchange.read_body(service, 20); };
    service.answer_bodies = true;
  }
};

TEST_F(BodyTest, HandsOnABodyThatCameWithTheHead) {
  EXPECT_EQ(body_of(ask(post("Content-Length: 5\r\n", "hello"))), "ok");
  EXPECT_EQ(service.events, (std::vector<std::string>{"POST /", "body hello"}));
}

TEST_F(BodyTest, CollectsABodyInPieces) {
  for (std::string const& request :
       {post("Content-Length: 5\r\n", "hello"),
        post("Transfer-Encoding: chunked\r\n", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")}) {
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
      service.events.clear();
      auto client = connect();
      EXPECT_EQ(ask(client, request.substr(0, cut)), "");
      EXPECT_EQ(body_of(ask(client, request.substr(cut))), "ok") << cut;
      EXPECT_EQ(service.events.back(), "body hello") << cut;
      EXPECT_EQ(body_of(ask(client, request)), "ok") << cut;
    }
  }
}

TEST_F(BodyTest, GivesAnEmptyBodyWithoutALength) {
  ask(get("/"));
  EXPECT_EQ(service.events.back(), "body ");
}

TEST_F(BodyTest, TakesABodyOfExactlyTheLimit) {
  EXPECT_EQ(body_of(ask(post("Content-Length: 20\r\n", std::string(20, 'x')))), "ok");
  EXPECT_EQ(
      body_of(ask(post("Transfer-Encoding: chunked\r\n", "14\r\n" + std::string(20, 'x') + "\r\n0\r\n\r\n"))),
      "ok");
}

TEST_F(BodyTest, RefusesALargeBodyBeforeItComes) {
  auto client = connect();
  auto const response = ask(client, post("Content-Length: 21\r\n"));
  EXPECT_EQ(status_line(response), "HTTP/1.1 413 Content Too Large");
  EXPECT_EQ(header_of(response, "Connection"), "close");
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(status_line(ask(post("Content-Length: 9223372036854775808\r\n"))),
            "HTTP/1.1 413 Content Too Large");
}

TEST_F(BodyTest, RefusesALargeChunkedBodyAsItComes) {
  auto client = connect();
  client.write(post("Transfer-Encoding: chunked\r\n"));
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(ask(client, "1\r\nx\r\n"), "");
  EXPECT_EQ(status_line(ask(client, "1\r\nx\r\n")), "HTTP/1.1 413 Content Too Large");
  EXPECT_TRUE(client.ended());
}

TEST_F(BodyTest, TellsTheOwnerOfABrokenBody) {
  EXPECT_EQ(status_line(ask(post("Transfer-Encoding: chunked\r\n", "0x5\r\n"))), "HTTP/1.1 400 Bad Request");
  EXPECT_EQ(service.events.back(), "aborted");
}

TEST_F(BodyTest, TellsTheOwnerOfALateBody) {
  auto client = connect();
  ask(client, post("Content-Length: 20\r\n", "hello"));
  for (int i = 0; i < 5; ++i) {
    advance(5s);
    client.write("x");
  }
  EXPECT_EQ(client.received(), "");
  advance(5s);
  EXPECT_EQ(status_line(client.take()), "HTTP/1.1 408 Request Timeout");
  EXPECT_EQ(service.events.back(), "aborted");
}

TEST_F(BodyTest, TellsTheOwnerOfAPeerThatLeaves) {
  for (bool const reset : {false, true}) {
    service.events.clear();
    auto client = connect();
    ask(client, post("Content-Length: 10\r\n", "hello"));
    if (reset) {
      client.reset();
    } else {
      client.close();
    }
    run();
    EXPECT_EQ(service.events, (std::vector<std::string>{"POST /", "aborted"}));
    EXPECT_EQ(server.connections(), 0U);
  }
}

TEST_F(BodyTest, InvitesAClientThatWaits) {
  auto client = connect();
  EXPECT_EQ(ask(client, post("Content-Length: 5\r\nExpect: 100-continue\r\n")),
            "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(body_of(ask(client, "hello")), "ok");
}

TEST_F(BodyTest, DoesNotInviteAClientThatDidNotWait) {
  EXPECT_EQ(status_line(ask(post("Content-Length: 5\r\nExpect: 100-continue\r\n", "hello"))),
            "HTTP/1.1 200 OK");
}

TEST_F(BodyTest, ReadsABodyThatIsAskedForLater) {
  service.on_begin = nullptr;
  auto client = connect();
  ask(client, post("Content-Length: 5\r\n", "hel"));
  ask(client, "lo" + get("/next"));
  shard.post([&] { service.held.read_body(service, 20); });
  run();
  EXPECT_EQ(service.events, (std::vector<std::string>{"POST /", "body hello", "GET /next"}));
}

TEST_F(ConnectionTest, SkipsABodyThatNobodyWants) {
  answer_at_once();
  auto client = connect();
  EXPECT_EQ(status_line(ask(client, post("Content-Length: 50\r\n", std::string(30, 'x')))),
            "HTTP/1.1 200 OK");
  EXPECT_EQ(body_of(ask(client, std::string(20, 'x') + get("/next"))), "/next");
}

TEST_F(ConnectionTest, ClosesRatherThanSkipALargeBody) {
  answer_at_once();
  for (auto const* headers : {"Content-Length: 100000\r\n", "Transfer-Encoding: chunked\r\n",
                              "Content-Length: 5\r\nExpect: 100-continue\r\n"}) {
    auto client = connect();
    EXPECT_EQ(header_of(ask(client, post(headers)), "Connection"), "close") << headers;
    EXPECT_TRUE(client.ended());
  }
}

// Time.

}}  // namespace aerie::http
