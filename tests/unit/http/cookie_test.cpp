#include "unit/http/server_fixture.hpp"

#include <aerie/http/cookie.hpp>

#include <stdexcept>

namespace aerie::http { namespace {

struct CookieCase {
  char const* header;
  std::optional<std::string> value;
};

// What cookie 0.7, with which Node's Socket.IO reads cookies, makes of them.
TEST(Cookie, IsReadAsTheNpmPackageDoes) {
  for (auto const& [header, value] : std::vector<CookieCase>{{"token=abc", "abc"},
                                                             {"a=1; token=abc", "abc"},
                                                             {"a=1;token=abc;b=2", "abc"},
                                                             {" a = 1 ;\ttoken =\tabc ", "abc"},
                                                             {"token=first; token=second", "first"},
                                                             {"token=\"quoted text\"", "quoted text"},
                                                             {"token=\"", "\""},
                                                             {"token=a%20b%3B", "a b;"},
                                                             {"token=%E2%82%AC", "\u20ac"},
                                                             {"token=100%", "100%"},
                                                             {"token=%41%zz", "%41%zz"},
                                                             {"token=%ff", "%ff"},
                                                             {"token=a=b==", "a=b=="},
                                                             {"token=a+b", "a+b"},
                                                             {"token=", ""},
                                                             {"token", std::nullopt},
                                                             {"flag; token=abc", "abc"},
                                                             {"TOKEN=abc", std::nullopt},
                                                             {"xtoken=abc", std::nullopt},
                                                             {"", std::nullopt},
                                                             {";;=;", std::nullopt}}) {
    EXPECT_EQ(cookie_value(header, "token"), value) << header;
  }
}

TEST(Cookie, OfOneNameTheFirstIsListed) {
  auto const cookies = cookies_of("b=2; a=1; b=3; =x; c");
  EXPECT_EQ(cookies, (std::vector<std::pair<std::string, std::string>>{{"b", "2"}, {"a", "1"}, {"", "x"}}));
}

TEST(Cookie, IsWrittenWithAllItsAttributes) {
  EXPECT_EQ(set_cookie("io", "id-1"), "io=id-1; Path=/; HttpOnly; SameSite=Lax");
  EXPECT_EQ(set_cookie("__Secure-sid", "a b;\r\n\"",
                       {.domain = "example.com",
                        .path = "/app",
                        .max_age = std::chrono::hours{1},
                        .expires = core::WallTime{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}},
                        .secure = true,
                        .same_site = SameSite::none,
                        .partitioned = true}),
            "__Secure-sid=a%20b%3B%0D%0A%22; Max-Age=3600; Domain=example.com; Path=/app; "
            "Expires=Thu, 01 Jan 2026 00:00:00 GMT; HttpOnly; Secure; Partitioned; SameSite=None");
  EXPECT_EQ(
      set_cookie("a", "",
                 {.path = "", .max_age = std::chrono::seconds{-5}, .http_only = false, .same_site = {}}),
      "a=; Max-Age=0");
}

TEST(Cookie, ComesBackAsItWasWritten) {
  std::string every;
  for (int c = 1; c < 128; ++c)
    every.push_back(static_cast<char>(c));
  every += "\u20ac";
  auto const written = set_cookie("name", every);
  EXPECT_EQ(cookie_value(written.substr(0, written.find("; ")), "name"), every);
}

TEST(Cookie, ThatBrowsersDropIsRefusedWithTheRemedy) {
  struct Case {
    std::string name;
    CookieAttributes attributes;
    std::string says;
  };
  for (auto const& [name, attributes, says] :
       std::vector<Case>{{"io", {.same_site = SameSite::none}, "secure = true"},
                         {"io", {.partitioned = true}, "secure = true"},
                         {"__Secure-io", {}, "secure = true"},
                         {"__secure-io", {}, "secure = true"},
                         {"__Host-io", {}, "secure = true"},
                         {"__Host-io", {.domain = "example.com", .secure = true}, "without Domain"},
                         {"__Host-io", {.path = "/x", .secure = true}, "Path=/"},
                         {"__Host-io", {.path = "", .secure = true}, "Path=/"},
                         {"", {}, "name"},
                         {"a b", {}, "name"},
                         {"a=b", {}, "name"},
                         {"a\r\nX-Evil: 1", {}, "name"},
                         {"io", {.domain = "a.example; Secure"}, "domain"},
                         {"io", {.domain = "https://a.example"}, "domain"},
                         {"io", {.domain = "a\r\nX-Evil: 1"}, "domain"},
                         {"io", {.path = "app"}, "path"},
                         {"io", {.path = "/a;b"}, "path"},
                         {"io", {.path = "/\r\nX-Evil: 1"}, "path"}}) {
    try {
      check_cookie(name, attributes);
      ADD_FAILURE() << name << " was taken, although " << says;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string_view(error.what()).find(says), std::string_view::npos) << error.what();
    }
    EXPECT_THROW(set_cookie(name, "x", attributes), std::invalid_argument);
  }
  EXPECT_NO_THROW(
      check_cookie("__Host-io", {.secure = true, .same_site = SameSite::none, .partitioned = true}));
}

TEST_F(ServerFixture, CookiesOfARequestAreReadAndSet) {
  server.get("/", [](Request const& request) {
    auto response = Response::text(200, request.cookie("token").value_or("none"));
    response.set_cookie("seen", "1", {.secure = true}).set_cookie("theme", "dark mode");
    return response;
  });
  auto const response = ask(get("/", "Cookie: a=1; token=%41bc\r\n"));
  EXPECT_EQ(body_of(response), "Abc");
  EXPECT_NE(response.find("\r\nSet-Cookie: seen=1; Path=/; HttpOnly; Secure; SameSite=Lax\r\n"),
            std::string::npos);
  EXPECT_NE(response.find("\r\nSet-Cookie: theme=dark%20mode; Path=/; HttpOnly; SameSite=Lax\r\n"),
            std::string::npos);
}

}}  // namespace aerie::http
