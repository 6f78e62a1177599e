#include "unit/http/server_fixture.hpp"

#include <aerie/http/cors.hpp>

#include <stdexcept>

namespace aerie::http { namespace {

RequestHead head_with(std::string_view headers, std::string_view method = "GET") {
  return *RequestHead::parse(
      std::string(method).append(" / HTTP/1.1\r\nHost: a\r\n").append(headers).append("\r\n"));
}

std::string applied(CorsOptions options, std::string_view origin) {
  std::string lines;
  auto const header = origin.empty() ? "" : "Origin: " + std::string(origin) + "\r\n";
  Cors(std::move(options)).apply(head_with(header), lines);
  return lines;
}

std::string preflighted(CorsOptions options, std::string_view headers) {
  std::string lines;
  Cors(std::move(options)).apply_preflight(head_with(headers, "OPTIONS"), lines);
  return lines;
}

constexpr auto good = "https://good.example";

TEST(Cors, LetsEveryoneInByDefault) {
  EXPECT_EQ(applied({}, good), "Access-Control-Allow-Origin: *\r\n");
}

TEST(Cors, SendsOneFixedOriginWhoeverAsks) {
  auto const expected = "Access-Control-Allow-Origin: https://good.example\r\nVary: Origin\r\n";
  EXPECT_EQ(applied({.origin = good}, good), expected);
  EXPECT_EQ(applied({.origin = good}, "https://evil.example"), expected);
}

TEST(Cors, ReflectsAnOriginOfAList) {
  CorsOptions const options{.origin = {good, "http://localhost:5173"}};
  EXPECT_EQ(applied(options, "http://localhost:5173"),
            "Access-Control-Allow-Origin: http://localhost:5173\r\nVary: Origin\r\n");
  EXPECT_EQ(applied(options, "https://evil.example"), "Vary: Origin\r\n");
  EXPECT_EQ(applied(options, ""), "Vary: Origin\r\n");
}

TEST(Cors, AsksAPredicate) {
  CorsOptions const options{
      .origin = CorsOrigin::Predicate([](std::string_view o) { return o.ends_with(".example"); })};
  EXPECT_EQ(applied(options, good), "Access-Control-Allow-Origin: https://good.example\r\nVary: Origin\r\n");
  EXPECT_EQ(applied(options, "https://evil.test"), "Vary: Origin\r\n");
}

TEST(Cors, ReflectsAnyOriginIfTold) {
  EXPECT_EQ(applied({.origin = true, .credentials = true}, good),
            "Access-Control-Allow-Origin: https://good.example\r\nVary: Origin\r\n"
            "Access-Control-Allow-Credentials: true\r\n");
}

TEST(Cors, SaysNothingIfDisabled) {
  EXPECT_EQ(applied({.origin = false}, good), "");
  EXPECT_EQ(preflighted({.origin = false}, "Origin: https://good.example\r\n"), "");
}

TEST(Cors, MatchesOriginsExactly) {
  Cors const cors({.origin = {good}});
  EXPECT_TRUE(cors.allows_origin(good));
  for (auto const* other :
       {"null", "file://", "https://good.example.evil", "http://good.example", "https://good.example:81",
        "HTTPS://GOOD.EXAMPLE", "https://good.example.", "https://good.example/", ""}) {
    EXPECT_FALSE(cors.allows_origin(other)) << other;
  }
}

// --- WebSocket handshakes

struct OriginCase {
  char const* host;
  char const* origin;
  bool allowed;
};

TEST(CorsHandshake, ComparesOriginsWithTheHostThatTheBrowserSees) {
  Cors const cors({.origin = "https://Other.example:443"});
  for (auto const& [host, origin, allowed] :
       std::vector<OriginCase>{{"chat.example", "https://chat.example", true},
                               {"chat.example", "http://chat.example", true},
                               {"chat.example:443", "https://chat.example", true},
                               {"chat.example:80", "http://chat.example", true},
                               {"chat.example:80", "https://chat.example", false},
                               {"chat.example", "https://chat.example:443", true},
                               {"chat.example:8443", "https://chat.example:8443", true},
                               {"chat.example", "https://chat.example:8443", false},
                               {"chat.example:8443", "https://chat.example", false},
                               {"CHAT.example", "https://chat.EXAMPLE", true},
                               {"chat.example", "https://chat.example.evil", false},
                               {"chat.example", "https://evilchat.example", false},
                               {"chat.example", "https://evil@chat.example", false},
                               {"[::1]:3000", "http://[::1]:3000", true},
                               {"[::1]", "http://[::1]:80", true},
                               {"[2001:DB8::1]", "https://[2001:db8::1]", true},
                               {"[::1]:3000", "http://[::1]:3001", false},
                               {"chat.example", "null", false},
                               {"chat.example", "chat.example", false},
                               {"chat.example", "://chat.example", false},
                               {"chat.example", "https://other.example", true},
                               {"chat.example", "https://other.example:443", true},
                               {"chat.example", "HTTPS://OTHER.example", false},
                               {"chat.example", "http://other.example", false},
                               {"chat.example", "https://other.example:444", false}}) {
    auto const head = *RequestHead::parse(std::string("GET / HTTP/1.1\r\nHost: ") + host +
                                          "\r\nOrigin: " + origin + "\r\n\r\n");
    EXPECT_EQ(cors.allows_handshake(head), allowed) << host << " " << origin;
  }
  EXPECT_TRUE(cors.allows_handshake(*RequestHead::parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n")));
}

TEST(CorsHandshake, SendsAFixedOriginAsBrowsersWriteIt) {
  EXPECT_EQ(applied({.origin = "HTTPS://Good.example:443"}, good),
            "Access-Control-Allow-Origin: https://good.example\r\nVary: Origin\r\n");
}

/// Asks whether a WebSocket may be opened.
class CorsHandshakeTest : public ServerFixture {
 protected:
  CorsHandshakeTest() : ServerFixture(1, {.trusted_proxies = {"10.0.0.1"}}) {
    server.mount("/", service);
    service.on_begin = [this](Exchange& exchange) {
      exchange.respond(cors.allows_handshake(exchange) ? 200 : 403, "", "");
    };
  }
  bool allows(std::string_view headers, bool secure = false) {
    auto pair = core::memory_pair(shard, *core::Endpoint::parse("10.0.0.1"), secure);
    server.serve(std::move(pair.server));
    auto const answer = ask(
        pair.client, std::string("GET / HTTP/1.1\r\nHost: inner:3000\r\n").append(headers).append("\r\n"));
    return status_line(answer) == "HTTP/1.1 200 OK";
  }

  Cors cors{{.origin = "https://other.example"}};
};

TEST_F(CorsHandshakeTest, BelievesATrustedProxy) {
  EXPECT_TRUE(allows("Origin: https://chat.example\r\nX-Forwarded-Host: chat.example\r\n"));
  EXPECT_TRUE(
      allows("Origin: https://chat.example:8443\r\nX-Forwarded-Host: chat.example\r\n"
             "X-Forwarded-Port: 8443\r\nX-Forwarded-Proto: https\r\n"));
  EXPECT_TRUE(allows("Origin: https://chat.example\r\nForwarded: host=chat.example;proto=https\r\n"));
  EXPECT_FALSE(allows("Origin: http://chat.example\r\nForwarded: host=chat.example;proto=https\r\n"));
  EXPECT_FALSE(allows("Origin: https://inner:3000\r\nX-Forwarded-Host: chat.example\r\n"));
}

TEST_F(CorsHandshakeTest, KnowsTheSchemeOfItsOwnTls) {
  EXPECT_TRUE(allows("Origin: https://inner:3000\r\n", true));
  EXPECT_FALSE(allows("Origin: http://inner:3000\r\n", true));
}

TEST_F(CorsHandshakeTest, LogsEachRefusedOriginOnce) {
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(allows("Origin: https://chat.example\r\n"));
  ASSERT_EQ(log.size(), 1U);
  for (auto const* part :
       {"https://chat.example", "inner:3000", "neither in cors.origin nor the Host", "$http_host"})
    EXPECT_NE(log[0].find(part), std::string::npos) << log[0];
  EXPECT_FALSE(allows("Origin: https://another.example\r\n"));
  EXPECT_EQ(log.size(), 2U);
}

TEST(Cors, AnswersAPreflightAsTheNpmPackageDoes) {
  EXPECT_EQ(preflighted({.origin = good, .credentials = true},
                        "Origin: https://good.example\r\nAccess-Control-Request-Headers: x-one, x-two\r\n"),
            "Access-Control-Allow-Origin: https://good.example\r\n"
            "Vary: Origin, Access-Control-Request-Headers\r\n"
            "Access-Control-Allow-Credentials: true\r\n"
            "Access-Control-Allow-Methods: GET,HEAD,PUT,PATCH,POST,DELETE\r\n"
            "Access-Control-Allow-Headers: x-one, x-two\r\n");
}

TEST(Cors, ForwardsEveryOption) {
  EXPECT_EQ(preflighted({.origin = good,
                         .methods = {"GET", "PUT"},
                         .allowed_headers = {"X-A", "X-B"},
                         .exposed_headers = {"X-C"},
                         .max_age = std::chrono::seconds{86400}},
                        "Access-Control-Request-Headers: ignored\r\n"),
            "Access-Control-Allow-Origin: https://good.example\r\n"
            "Vary: Origin\r\n"
            "Access-Control-Expose-Headers: X-C\r\n"
            "Access-Control-Allow-Methods: GET,PUT\r\n"
            "Access-Control-Allow-Headers: X-A,X-B\r\n"
            "Access-Control-Max-Age: 86400\r\n");
}

TEST(Cors, RefusesOptionsThatNoBrowserWouldHonour) {
  EXPECT_THROW(Cors({.origin = "*", .credentials = true}), std::invalid_argument);
  EXPECT_THROW(Cors({.origin = {good, "*"}}), std::invalid_argument);
  EXPECT_THROW(Cors({.origin = "https://good.example/"}), std::invalid_argument);
  EXPECT_THROW(Cors({.origin = "good.example"}), std::invalid_argument);
  EXPECT_THROW(Cors({.origin = ""}), std::invalid_argument);
  EXPECT_THROW(Cors({.allowed_headers = {"X-A\r\nX-B: c"}}), std::invalid_argument);
  EXPECT_THROW(Cors({.options_success_status = 500}), std::invalid_argument);
}

class CorsServerTest : public ServerFixture {};

TEST_F(CorsServerTest, AnswersPreflightsAndMarksAnswersOfRoutes) {
  server.cors({.origin = good});
  server.get("/data", [](Request const&) { return Response::json(200, "[]"); });
  auto const preflight = ask("OPTIONS /data HTTP/1.1\r\nHost: a\r\nOrigin: https://good.example\r\n\r\n");
  EXPECT_EQ(status_line(preflight), "HTTP/1.1 204 No Content");
  EXPECT_EQ(header_of(preflight, "Content-Length"), "0");
  EXPECT_EQ(header_of(ask(get("/data")), "Access-Control-Allow-Origin"), good);
  EXPECT_EQ(header_of(ask(get("/missing")), "Access-Control-Allow-Origin"), good);
}

TEST_F(CorsServerTest, PassesPreflightsOnIfTold) {
  server.cors({.origin = good, .preflight_continue = true});
  server.route(Method::options, "/data", [](Request const&) { return Response::text(200, "own"); });
  EXPECT_EQ(body_of(ask("OPTIONS /data HTTP/1.1\r\nHost: a\r\n\r\n")), "own");
}

TEST_F(CorsServerTest, AnswersPreflightsWithAnotherStatusIfTold) {
  server.cors({.options_success_status = 200});
  auto const response = ask("OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(status_line(response), "HTTP/1.1 200 OK");
  EXPECT_EQ(header_of(response, "Content-Length"), "0");
}

}}  // namespace aerie::http
