#include <aerie/http/authorization.hpp>

#include <gtest/gtest.h>

namespace aerie::test { namespace {

TEST(BearerToken, IsWhatFollowsTheSchemeInAnyCase) {
  EXPECT_EQ(http::bearer_token("Bearer abc.def"), "abc.def");
  EXPECT_EQ(http::bearer_token("bearer abc"), "abc");
  EXPECT_EQ(http::bearer_token("BEARER   abc"), "abc");
}

TEST(BearerToken, IsEmptyForAnythingElse) {
  for (auto const* text : {"", "Bearer", "Bearer ", "Bearer   ", "Basic abc", "Bearerabc", " Bearer abc"})
    EXPECT_EQ(http::bearer_token(text), "") << text;
}

}}  // namespace aerie::test
