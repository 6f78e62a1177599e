#include <aerie/schema/codec.hpp>
#include <aerie/schema/integer_text.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string_view>

namespace integer_text_test { namespace {

namespace json = aerie::json;
using aerie::IntegerText;

TEST(IntegerText, IsWrittenAsDigits) {
  EXPECT_EQ(json::stringify(IntegerText<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()}),
            "\"18446744073709551615\"");
  EXPECT_EQ(json::stringify(IntegerText<std::int64_t>{-5}), "\"-5\"");
}

TEST(IntegerText, IsReadFromDigitsAndFromNumbers) {
  for (std::string_view const text : {"\"9007199254740993\"", "9007199254740993"}) {
    IntegerText<std::int64_t> value;
    ASSERT_TRUE(json::parse(text, value).ok()) << text;
    EXPECT_EQ(value.value, 9007199254740993);
  }
}

TEST(IntegerText, RefusesWhatIsNoInteger) {
  for (std::string_view const text :
       {"\"\"", "\"x\"", "\"1.0\"", "\" 1\"", "\"+1\"", "\"-1\"", "\"256\"", "1.5", "null"}) {
    IntegerText<std::uint8_t> value;
    EXPECT_FALSE(json::parse(text, value).ok()) << text;
  }
}

}}  // namespace integer_text_test
