#include "client/cookie_jar.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

using namespace std::chrono_literals;

core::WallTime const noon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1} + 12h;

}  // namespace

TEST(CookieJar, KeepsWhatIsSetUntilItIsReplacedOrDeleted) {
  CookieJar jar;
  jar.take("a=1; Path=/; HttpOnly", noon);
  jar.take("b=x=y", noon);
  jar.take("nothing", noon);
  jar.take("=nameless", noon);
  EXPECT_EQ(jar.header(noon), "a=1; b=x=y");
  jar.take("a=2", noon);
  EXPECT_EQ(jar.header(noon), "b=x=y; a=2");
  jar.take("b=; max-age=0", noon);
  EXPECT_EQ(jar.header(noon), "a=2");
  jar.take("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", noon);
  EXPECT_EQ(jar.header(noon), "");
}

TEST(CookieJar, WhatExpiresIsSentNoMore) {
  CookieJar jar;
  jar.take("a=1; MAX-AGE=60; expires=Thu, 01 Jan 1970 00:00:00 GMT", noon);
  jar.take("b=1; Expires=Thu, 01 Jan 2026 13:00:00 GMT", noon);
  jar.take("c=1; Expires=some day", noon);
  jar.take("d=1; Max-Age=soon", noon);
  EXPECT_EQ(jar.header(noon), "a=1; b=1");
  EXPECT_EQ(jar.header(noon + 2min), "b=1");
  EXPECT_EQ(jar.header(noon + 2h), "");
}

TEST(CookieJar, AServerCannotFillIt) {
  CookieJar jar;
  for (int i = 0; i < 1000; ++i)
    jar.take("c" + std::to_string(i) + "=1", noon);
  jar.take("large=" + std::string(5000, 'x'), noon);
  EXPECT_LT(jar.header(noon).size(), 400U);
}

}}}}  // namespace aerie::v1::client::test
