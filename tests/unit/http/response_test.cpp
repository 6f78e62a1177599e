#include "http/date_line.hpp"

#include <aerie/http/response.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace aerie::http { namespace {

TEST(Response, CarriesItsType) {
  EXPECT_EQ(Response::json(201, "{}").header("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(Response::text(200, "").header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(Response::redirect("/there").header("location"), "/there");
  EXPECT_EQ(Response::empty().status, 204);
}

TEST(Response, ReplacesAndAddsHeaders) {
  Response response;
  response.set("X-A", "1").set("x-a", "2").add("Set-Cookie", "a").add("Set-Cookie", "b");
  EXPECT_EQ(response.header_lines(), "x-a: 2\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n");
}

TEST(Response, RefusesHeadersThatWouldForgeOthers) {
  Response response;
  EXPECT_THROW(response.set("X", "a\r\nY: b"), std::invalid_argument);
  EXPECT_THROW(response.set("X", "a\nY: b"), std::invalid_argument);
  EXPECT_THROW(response.set("X", std::string("a\0b", 3)), std::invalid_argument);
  EXPECT_THROW(response.add("X\r\nY", "a"), std::invalid_argument);
  EXPECT_THROW(response.add("X Y", "a"), std::invalid_argument);
  EXPECT_THROW(response.add("", "a"), std::invalid_argument);
  EXPECT_THROW(Response::redirect("/\r\nX: y"), std::invalid_argument);
  EXPECT_TRUE(response.headers.empty());
  EXPECT_NO_THROW(response.set("X", "caf\xc3\xa9\tbar"));
}

TEST(HttpDate, IsWrittenInEnglishAndGmt) {
  EXPECT_EQ(http_date(core::WallTime{std::chrono::seconds{784'111'777}}), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}}  // namespace aerie::http
