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
