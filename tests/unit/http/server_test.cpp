#include "unit/http/server_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/http/server.hpp>

#include <stdexcept>

namespace aerie::http { namespace {

using namespace std::chrono_literals;

class ServerTest : public ServerFixture {
 protected:
  static Handler says(std::string text) {
    return [text = std::move(text)](Request const&) { return Response::text(200, text); };
  }
};

// Routes.

TEST_F(ServerTest, FindsTheRoute) {
  server.get("/", says("root"));
  server.get("/rooms", says("rooms"));
  server.post("/rooms", says("new room"));
  EXPECT_EQ(body_of(ask(get("/"))), "root");
  EXPECT_EQ(body_of(ask(get("/rooms"))), "rooms");
  EXPECT_EQ(body_of(ask(get("/rooms/"))), "rooms");
  EXPECT_EQ(body_of(ask(get("/rooms?x=y"))), "rooms");
  EXPECT_EQ(body_of(ask("POST /rooms HTTP/1.1\r\nHost: a\r\n\r\n")), "new room");
  EXPECT_EQ(status_line(ask(get("/room"))), "HTTP/1.1 404 Not Found");
}

TEST_F(ServerTest, GivesHandlersParametersQueryBodyAndPeer) {
  server.put("/rooms/:id/messages/:number", [](Request const& request) {
    return Response::text(200, std::string(request.parameter("id")) + "|" +
                                   std::string(request.parameter("number")) + "|" +
                                   request.query("q").value_or("none") + "|" + request.body + "|" +
                                   std::string(request.parameter("absent")));
  });
  EXPECT_EQ(
      body_of(
          ask("PUT /rooms/a%20b+c/messages/7?q=x%2By HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody")),
      "a b+c|7|x+y|body|");
  EXPECT_EQ(status_line(ask("PUT /rooms//messages/7 HTTP/1.1\r\nHost: a\r\n\r\n")), "HTTP/1.1 404 Not Found");
}

TEST_F(ServerTest, PrefersTheMoreLiteralRoute) {
  server.get("/*rest", says("rest"));
  server.get("/rooms/:id", says("id"));
  server.get("/rooms/new", says("new"));
  server.post("/rooms/old", says("post only"));
  EXPECT_EQ(body_of(ask(get("/rooms/new"))), "new");
  EXPECT_EQ(body_of(ask(get("/rooms/old"))), "id");
  EXPECT_EQ(body_of(ask(get("/rooms/7/x"))), "rest");
  EXPECT_EQ(body_of(ask(get("/"))), "rest");
}

TEST_F(ServerTest, SaysWhichMethodsAPathHas) {
  server.get("/rooms/:id", says(""));
  server.del("/rooms/:id", says(""));
  auto const response = ask("POST /rooms/1 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_line(response), "HTTP/1.1 405 Method Not Allowed");
  EXPECT_EQ(header_of(response, "Allow"), "GET, DELETE");
  EXPECT_EQ(status_line(ask("OPTIONS /rooms/1 HTTP/1.1\r\nHost: a\r\n\r\n")), "HTTP/1.1 204 No Content");
}

TEST_F(ServerTest, AnswersHeadByTheRouteForGet) {
  server.get("/rooms", says("rooms"));
  auto const response = ask("HEAD /rooms HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(header_of(response, "Content-Length"), "5");
  EXPECT_EQ(body_of(response), "");
}

TEST_F(ServerTest, RefusesImpossiblePatterns) {
  for (auto const* pattern : {"", "rooms", "/a//b", "/:", "/*rest/more"}) {
    EXPECT_THROW(server.get(pattern, says("")), std::invalid_argument) << pattern;
  }
  server.get("/rooms/:id", says(""));
  EXPECT_NO_THROW(server.post("/rooms/:id", says("")));
  EXPECT_THROW(server.get("/rooms/:id", says("")), std::invalid_argument);
}

TEST_F(ServerTest, LimitsTheBodyOfARoute) {
  server.post("/small", says("ok"), {.body_limit = 4});
  EXPECT_EQ(body_of(ask("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour")), "ok");
  EXPECT_EQ(status_line(ask("POST /small HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")),
            "HTTP/1.1 413 Content Too Large");
}

TEST_F(ServerTest, AnswersForAHandlerThatThrows) {
  server.get("/", [](Request const&) -> Response { throw std::runtime_error("out of cheese"); });
  auto client = connect();
  EXPECT_EQ(status_line(ask(client, get("/"))), "HTTP/1.1 500 Internal Server Error");
  EXPECT_FALSE(client.ended());
  ASSERT_EQ(log.size(), 1U);
  EXPECT_EQ(log[0], "GET /: out of cheese");
}

TEST_F(ServerTest, LetsTheApplicationAnswerErrors) {
  server.errors([](int status, RequestHead const& head) {
    return Response::text(status, core::concat("own ", std::to_string(status), " ", head.target()));
  });
  server.post("/rooms", says(""), {.body_limit = 2});
  server.get("/fails", [](Request const&) -> Response { throw std::runtime_error("secret"); });
  auto const missing = ask(get("/nowhere?a"));
  EXPECT_EQ(status_line(missing), "HTTP/1.1 404 Not Found");
  EXPECT_EQ(body_of(missing), "own 404 /nowhere?a");
  EXPECT_EQ(status_line(ask(get("/rooms"))), "HTTP/1.1 404 Not Found");
  auto const too_large = ask("POST /rooms HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
  EXPECT_EQ(status_line(too_large), "HTTP/1.1 413 Content Too Large");
  EXPECT_EQ(body_of(too_large), "own 413 /rooms");
  EXPECT_EQ(body_of(ask(get("/fails"))), "own 500 /fails");
}

TEST_F(ServerTest, AnswersWhenATaskHasEnded) {
  server.get("/slow/:id", [](Request const& request) -> Task<Response> {
    co_await sleep_for(100ms);
    co_return Response::text(200, std::string(request.parameter("id")));
  });
  auto client = connect();
  EXPECT_EQ(ask(client, get("/slow/7")), "");
  advance(100ms);
  EXPECT_EQ(body_of(client.take()), "7");
}

TEST_F(ServerTest, AnswersForATaskThatThrows) {
  server.get("/", [](Request const&) -> Task<Response> {
    co_await sleep_for(1ms);
    throw std::runtime_error("out of cheese");
  });
  auto client = connect();
  ask(client, get("/"));
  advance(1ms);
  EXPECT_EQ(status_line(client.take()), "HTTP/1.1 500 Internal Server Error");
}

// Services.

TEST_F(ServerTest, MountsServicesByPrefix) {
  Recorder other;
  server.mount("/socket.io/", service);
  server.mount("/socket.io/admin/", other);
  server.get("/*rest", says("route"));
  auto const respond = [](Exchange& exchange) { exchange.respond(200, "", "service"); };
  service.on_begin = other.on_begin = respond;
  EXPECT_EQ(body_of(ask(get("/socket.io/?EIO=4"))), "service");
  EXPECT_EQ(body_of(ask(get("/socket.io/foo"))), "service");
  EXPECT_EQ(body_of(ask(get("/socket.io"))), "route");
  EXPECT_EQ(body_of(ask(get("/socket.ioX/"))), "route");
  EXPECT_EQ(body_of(ask(get("//socket.io/"))), "route");
  EXPECT_EQ(body_of(ask(get("/socket.io/admin/x"))), "service");
  EXPECT_EQ(other.events.size(), 1U);
  EXPECT_THROW(server.mount("/socket.io/", other), std::invalid_argument);
  EXPECT_THROW(server.mount("socket.io", other), std::invalid_argument);
  server.unmount(other);
  server.unmount(service);
  EXPECT_EQ(body_of(ask(get("/socket.io/"))), "route");
}

TEST_F(ServerTest, RefusesPathsWithDotSegments) {
  server.mount("/socket.io/", service);
  server.get("/*rest", says("route"));
  for (auto const* path : {"/socket.io/../x", "/socket.io/.", "/a/./b", "/socket.io/%2e%2e/x",
                           "/socket.io/.%2E/x", "/socket.io/..%2fx", "/socket.io/..%5cx", "/.."}) {
    EXPECT_EQ(status_line(ask(get(path))), "HTTP/1.1 404 Not Found") << path;
  }
  EXPECT_EQ(body_of(ask(get("/a..b/.hidden/...?/../"))), "route");
}

// What nobody answers.

TEST_F(ServerTest, ExplainsAMissingSocketIoServer) {
  auto const expected =
      "aerie: no route for GET /socket.io/: no Socket.IO server is attached to this HTTP server; call "
      "io.attach(http), or let the client ask for the port that the server has";
  EXPECT_EQ(body_of(ask(get("/socket.io/?EIO=4&transport=polling"))), std::string(expected) + "\n");
  ask(get("/socket.io/?EIO=4&transport=polling&t=2"));
  EXPECT_EQ(log, (std::vector<std::string>{expected}));
}

TEST_F(ServerTest, ExplainsWhereTheSocketIoServerIs) {
  service.service_name = "Socket.IO";
  server.mount("/chat/", service);
  EXPECT_EQ(body_of(ask(get("/socket.io/?EIO=4&transport=polling"))),
            "aerie: no route for GET /socket.io/: Socket.IO is at /chat/; set the client's option `path` to "
            "that, or the "
            "server's `path` to the path that clients use\n");
  EXPECT_EQ(body_of(ask(get("/chat?EIO=4&transport=polling"))),
            "aerie: no route for GET /chat: Socket.IO is at /chat/, with a slash at the end; let the client "
            "ask for that, "
            "or set the server's add_trailing_slash to false\n");
}

TEST_F(ServerTest, ExplainsNothingWithTheFilesOfTheSocketIoClient) {
  Recorder files;
  service.service_name = "Socket.IO";
  files.service_name = "Socket.IO client";
  server.mount("/chat/socket.io.", files);
  server.mount("/chat/", service);
  EXPECT_EQ(body_of(ask(get("/socket.io/?EIO=4&transport=polling"))),
            "aerie: no route for GET /socket.io/: Socket.IO is at /chat/; set the client's option `path` to "
            "that, or the server's `path` to the path that clients use\n");
  server.unmount(files);
}

TEST_F(ServerTest, OnlyLogsTheExplanationIfTheUserHasACatchAll) {
  server.get("/*rest", says("my own page"));
  EXPECT_EQ(body_of(ask(get("/socket.io/?EIO=4&transport=polling"))), "my own page");
  EXPECT_EQ(log.size(), 1U);
  EXPECT_EQ(body_of(ask(get("/other"))), "my own page");
  EXPECT_EQ(log.size(), 1U);
}

TEST_F(ServerTest, SaysNothingSpecialElsewhere) {
  EXPECT_EQ(body_of(ask(get("/missing"))), "Not Found\n");
  EXPECT_EQ(status_line(ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")), "HTTP/1.1 404 Not Found");
  EXPECT_TRUE(log.empty());
}

TEST_F(ServerTest, ClosesAnUpgradeThatNobodyWantsAfterASecond) {
  auto client = connect();
  EXPECT_EQ(ask(client, get("/other", "Connection: Upgrade\r\nUpgrade: websocket\r\n")), "");
  advance(999ms);
  EXPECT_FALSE(client.closed());
  advance(1ms);
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(client.received(), "");
}

TEST_F(ServerTest, LeavesUnwantedUpgradesAloneIfTold) {
  server.destroy_upgrades_after(std::nullopt);
  auto client = connect();
  ask(client, get("/other", "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
  advance(1h);
  EXPECT_FALSE(client.closed());
}

TEST_F(ServerTest, AnswersUpgradesToOtherProtocolsAsRequests) {
  server.get("/", says("root"));
  EXPECT_EQ(body_of(ask(get("/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"))), "root");
}

// Options.

TEST(ServerOptions, MustBePossible) {
  EXPECT_THROW(Server(ServerOptions{.max_head_bytes = 70'000}), std::invalid_argument);
  EXPECT_THROW(Server(ServerOptions{.max_head_bytes = 0}), std::invalid_argument);
  EXPECT_THROW(Server(ServerOptions{.max_header_lines = 1000}), std::invalid_argument);
  EXPECT_THROW(Server(ServerOptions{.header_timeout = 0ms}), std::invalid_argument);
  EXPECT_THROW(Server(ServerOptions{.destroy_upgrade_timeout = -1ms}), std::invalid_argument);
  EXPECT_THROW(Server(ServerOptions{.keep_alive_timeout = core::Milliseconds::max()}), std::invalid_argument);
  EXPECT_THROW(Server(ServerOptions{.trusted_proxies = {"nginx"}}), std::invalid_argument);
  try {
    Server server(ServerOptions{.body_timeout = 0ms});
  } catch (std::invalid_argument const& error) {
    EXPECT_STREQ(error.what(), "aerie: ServerOptions::body_timeout is 0 ms; use a positive time");
  }
}

}}  // namespace aerie::http
