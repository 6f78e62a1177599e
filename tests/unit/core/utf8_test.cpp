#include <aerie/core/utf8.hpp>

#include <gtest/gtest.h>

namespace utf8 = aerie::utf8;

namespace {

constexpr std::string_view valid_texts[] = {
    "",
    "plain",
    "\x7f",
    "\xc2\x80",
    "\xdf\xbf",
    "\xe0\xa0\x80",
    "\xed\x9f\xbf",
    "\xee\x80\x80",
    "\xef\xbf\xbf",
    "\xf0\x90\x80\x80",
    "\xf4\x8f\xbf\xbf",
    "sixteen bytes of ASCII and \xf0\x9f\x98\x80 and more than sixteen again",
};

constexpr std::string_view invalid_texts[] = {
    "\x80",              // A continuation byte on its own.
    "\xc0\x80",          // Overlong.
    "\xc1\xbf",          // Overlong.
    "\xe0\x9f\xbf",      // Overlong.
    "\xf0\x8f\xbf\xbf",  // Overlong.
    "\xed\xa0\x80",      // A surrogate.
    "\xed\xbf\xbf",      // A surrogate.
    "\xf4\x90\x80\x80",  // Above U+10FFFF.
    "\xf5\x80\x80\x80",  // No such lead byte.
    "\xff",              // No such lead byte.
    "\xc3(",             // A continuation byte is missing.
    "\xe2\x82(",         // The last continuation byte is missing.
    "sixteen bytes of ASCII!\xfe and more than sixteen bytes again",
};

constexpr std::string_view unfinished_texts[] = {"\xc3", "\xe2\x82", "\xf0\x9f\x98", "abc\xf0"};

TEST(Utf8, FindsABadByteWhereverItStands) {
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = '\xff';
      EXPECT_FALSE(utf8::is_valid(text)) << size << ' ' << at;
      text.replace(at, 1, "\xc3\xa4");
      EXPECT_TRUE(utf8::is_valid(text)) << size << ' ' << at;
    }
  }
}

TEST(Utf8, AcceptsTheEdgesOfEveryRange) {
  for (std::string_view const text : valid_texts)
    EXPECT_TRUE(utf8::is_valid(text)) << text;
}

TEST(Utf8, RefusesOverlongSurrogateAndForeignBytes) {
  for (std::string_view const text : invalid_texts)
    EXPECT_FALSE(utf8::is_valid(text)) << testing::PrintToString(text);
  for (std::string_view const text : unfinished_texts)
    EXPECT_FALSE(utf8::is_valid(text)) << testing::PrintToString(text);
}

TEST(Utf8Validator, GivesTheSameAnswerWhereverTheTextIsCut) {
  for (std::string_view const text : valid_texts) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      utf8::Validator validator;
      EXPECT_TRUE(validator.feed(text.substr(0, cut)));
      EXPECT_TRUE(validator.feed(text.substr(cut)));
      EXPECT_TRUE(validator.is_complete());
    }
  }
  for (std::string_view const text : invalid_texts) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      utf8::Validator validator;
      EXPECT_FALSE(validator.feed(text.substr(0, cut)) && validator.feed(text.substr(cut)));
    }
  }
}

TEST(Utf8Validator, FailsAtTheFirstImpossibleByte) {
  utf8::Validator validator;
  EXPECT_TRUE(validator.feed("\xed"));
  EXPECT_FALSE(validator.feed("\xa0"));
  EXPECT_FALSE(validator.is_complete());
  EXPECT_FALSE(validator.feed("a"));
  validator.reset();
  EXPECT_TRUE(validator.feed("a"));
}

TEST(Utf8Validator, IsIncompleteInsideACharacter) {
  for (std::string_view const text : unfinished_texts) {
    utf8::Validator validator;
    EXPECT_TRUE(validator.feed(text));
    EXPECT_FALSE(validator.is_complete());
  }
}

TEST(Utf8, AppendsEveryCodePointSoThatItIsValidUnlessASurrogate) {
  for (char32_t code_point = 0; code_point <= 0x10FFFF; code_point += 13) {
    std::string out;
    utf8::append(out, code_point);
    bool const is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
    ASSERT_EQ(utf8::is_valid(out), !is_surrogate) << static_cast<std::uint32_t>(code_point);
  }
}

}  // namespace
