#include "text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chat::test { namespace {

TEST(Text, TrimsWhatJavaScriptTrims) {
  EXPECT_EQ(text::trimmed("  Ann Smith\t\r\n"), "Ann Smith");
  EXPECT_EQ(text::trimmed("\u00a0\u3000\ufeffAnn\u2003\u2028"), "Ann");
  EXPECT_EQ(text::trimmed(" \u2009 "), "");
  EXPECT_EQ(text::trimmed(""), "");
  EXPECT_EQ(text::trimmed("\u200bAnn"), "\u200bAnn") << "a zero-width space is no white space";
}

TEST(Text, CountsCharactersNotBytes) {
  EXPECT_EQ(text::length(""), 0U);
  EXPECT_EQ(text::length("abc"), 3U);
  EXPECT_EQ(text::length("äöü🙂"), 4U);
  EXPECT_EQ(text::length("\xed\xa0\xbd"), 1U) << "half a surrogate pair";
}

TEST(Text, KnowsWhatIsAName) {
  EXPECT_TRUE(text::is_name("A", 32));
  EXPECT_TRUE(text::is_name(std::string(32, 'x'), 32));
  EXPECT_TRUE(text::is_name("🙂🙂", 2));
  EXPECT_FALSE(text::is_name("", 32));
  EXPECT_FALSE(text::is_name(std::string(33, 'x'), 32));
  EXPECT_FALSE(text::is_name("two\nlines", 32));
  EXPECT_FALSE(text::is_name("two\u2028lines", 32));
  EXPECT_FALSE(text::is_name("\x7f", 32));
  EXPECT_FALSE(text::is_name("\u0085", 32));
  EXPECT_FALSE(text::is_name(std::string_view("a\0b", 3), 32));
  EXPECT_FALSE(text::is_name("\xed\xa0\xbd", 32));
  EXPECT_FALSE(text::is_name("\xff", 32));
}

}}  // namespace chat::test
