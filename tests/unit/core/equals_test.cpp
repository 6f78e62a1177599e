#include <aerie/core/equals.hpp>

#include <gtest/gtest.h>

namespace aerie::core { namespace {

TEST(Equals, ComparesSizeAndContent) {
  EXPECT_TRUE(equals("sid", "sid"));
  EXPECT_TRUE(equals({}, ""));
  for (auto const* const other : {"", "si", "sid ", "Sid", "sie"})
    EXPECT_FALSE(equals(other, "sid")) << other;
}

}}  // namespace aerie::core
