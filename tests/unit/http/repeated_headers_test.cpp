#include "http/repeated_headers.hpp"

#include <aerie/http/request_head.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aerie::http { namespace {

RequestHead with_lines(std::string_view lines) {
  return *RequestHead::parse(std::string("GET / HTTP/1.1\r\nHost: a\r\n").append(lines).append("\r\n"));
}

// https://nodejs.org/api/http.html#messageheaders
TEST(RepeatedHeaders, AreJoinedAsNodeJoinsThem) {
  struct Case {
    std::string name;
    std::string value;
  };
  for (auto const& [name, value] : std::vector<Case>{{"Cookie", "1; 2; 3"},
                                                     {"X-Forwarded-For", "1, 2, 3"},
                                                     {"X-Forwarded-Proto", "1, 2, 3"},
                                                     {"X-Forwarded-Host", "1, 2, 3"},
                                                     {"Forwarded", "1, 2, 3"},
                                                     {"Accept", "1, 2, 3"},
                                                     {"Accept-Encoding", "1, 2, 3"},
                                                     {"Cache-Control", "1, 2, 3"},
                                                     {"Origin", "1, 2, 3"},
                                                     {"If-None-Match", "1, 2, 3"},
                                                     {"X-Own", "1, 2, 3"},
                                                     {"Via", "1, 2, 3"},
                                                     {"Authorization", "1"},
                                                     {"Proxy-Authorization", "1"},
                                                     {"Content-Type", "1"},
                                                     {"User-Agent", "1"},
                                                     {"Referer", "1"},
                                                     {"From", "1"},
                                                     {"Age", "1"},
                                                     {"ETag", "1"},
                                                     {"Expires", "1"},
                                                     {"Location", "1"},
                                                     {"Server", "1"},
                                                     {"Retry-After", "1"},
                                                     {"Max-Forwards", "1"},
                                                     {"Last-Modified", "1"},
                                                     {"If-Modified-Since", "1"},
                                                     {"If-Unmodified-Since", "1"}}) {
    auto small = name;
    for (auto& c : small)
      c = static_cast<char>(std::tolower(c));
    auto const head = with_lines(name + ": 1\r\nX-Between: b\r\n" + small + ": 2\r\n" + name + ": 3\r\n");
    EXPECT_EQ(head.header(name), value) << name;
    std::vector<std::string> lines;
    head.each_header([&](std::string_view key, std::string_view text) {
      if (equal_ignoring_case(key, name)) lines.emplace_back(text);
    });
    EXPECT_EQ(lines, std::vector<std::string>{value}) << name;
    EXPECT_EQ(head.header("x-between"), "b");
    EXPECT_EQ(head.header_count(), 3U);
  }
}

TEST(RepeatedHeaders, LeaveSetCookieAlone) {
  auto const head = with_lines("Set-Cookie: a=1\r\nset-cookie: b=2\r\n");
  EXPECT_EQ(head.header_count(), 3U);
  EXPECT_EQ(head.header("set-cookie"), "a=1");
}

TEST(RepeatedHeaders, AreFoundAmongAsManyAsAHeadMayHave) {
  std::string lines = "X-Twice: first\r\n";
  for (int i = 0; i < 97; ++i)
    lines += "X-" + std::to_string(i) + ": " + std::to_string(i) + "\r\n";
  auto const head = with_lines(lines + "x-twice: second\r\n");
  EXPECT_EQ(head.header("x-twice"), "first, second");
  EXPECT_EQ(head.header_count(), 99U);
  for (int i = 0; i < 97; ++i)
    EXPECT_EQ(head.header("X-" + std::to_string(i)), std::to_string(i));
}

TEST(RepeatedHeaders, AreToldFromNamesThatOnlyLookAlike) {
  NameFilter filter;
  filter.note("X-abc-y");
  ASSERT_TRUE(filter.note("Xa-b-cy"));  // to the filter they are the same
  auto const different = with_lines("X-abc-y: 1\r\nXa-b-cy: 2\r\n");
  EXPECT_EQ(different.header_count(), 3U);
  EXPECT_EQ(different.header("x-abc-y"), "1");
  EXPECT_EQ(different.header("xa-b-cy"), "2");
  auto const repeated = with_lines("X-abc-y: 1\r\nXa-b-cy: 2\r\nx-ABC-y: 3\r\nXA-b-cy: 4\r\n");
  EXPECT_EQ(repeated.header_count(), 3U);
  EXPECT_EQ(repeated.header("x-abc-y"), "1, 3");
  EXPECT_EQ(repeated.header("xa-b-cy"), "2, 4");
}

TEST(RepeatedHeaders, OfCookiesAreReadAsOne) {
  auto const head = with_lines("Cookie: a=1\r\nCookie: token=abc; b=2\r\n");
  EXPECT_EQ(head.cookie("token"), "abc");
}

TEST(NameFilter, NeverMissesANameThatCameBefore) {
  NameFilter filter;
  for (auto const* name : {"cookie", "Host", "x-a", "x", "sec-websocket-extensions"}) {
    filter.note(name);
    EXPECT_TRUE(filter.note(name));
    std::string large(name);
    for (auto& c : large)
      c = static_cast<char>(std::toupper(c));
    EXPECT_TRUE(filter.note(large));
  }
}

}}  // namespace aerie::http
