#include <aerie/core/trimmed.hpp>

#include <gtest/gtest.h>

namespace aerie::core { namespace {

TEST(Trimmed, TakesBlanksFromTheEndsOnly) {
  EXPECT_EQ(trimmed("a"), "a");
  EXPECT_EQ(trimmed(" \ta b\t "), "a b");
  EXPECT_EQ(trimmed("a "), "a");
  EXPECT_EQ(trimmed(" a"), "a");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed("\na\n"), "\na\n");
  EXPECT_EQ(trimmed("\na\n", "\n"), "a");
}

}}  // namespace aerie::core
