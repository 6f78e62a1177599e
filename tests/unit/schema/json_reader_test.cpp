#include "unit/schema/json_texts.hpp"

#include <aerie/schema/json.hpp>

#include <gtest/gtest.h>

#include <cmath>

namespace json = aerie::json;
using aerie::Bytes;
using aerie::DecodeErrorCode;
using aerie::Value;
using aerie::ValueKind;

namespace {

std::optional<Value> parse(std::string_view text) {
  // A copy of exactly this size, so that AddressSanitizer sees a read behind its end.
  std::vector<char> const copy(text.begin(), text.end());
  json::Reader reader(std::string_view(copy.data(), copy.size()));
  Value value;
  if (!reader.read_value(value) || !reader.finish()) return std::nullopt;
  return value;
}

DecodeErrorCode error_of(json::Reader& reader) {
  auto const result = reader.take_result();
  EXPECT_FALSE(result.ok());
  return result.error().code;
}

TEST(JsonReader, AcceptsWhatJsonParseAccepts) {
  for (std::string_view const text : accepted_json)
    EXPECT_TRUE(parse(text)) << text;
}

TEST(JsonReader, RefusesWhatJsonParseRefuses) {
  for (std::string_view const text : refused_json)
    EXPECT_FALSE(parse(text)) << text;
}

TEST(JsonReader, ReadsATree) {
  EXPECT_EQ(parse(R"( {"a":[1,2.5,"x",true,null],"b":{"c":[]},"a2":""} )"),
            Value::object({{"a", Value::array({1, 2.5, "x", true, nullptr})},
                           {"b", Value::object({{"c", Value::array()}})},
                           {"a2", ""}}));
}

TEST(JsonReader, KeepsTheLastOfTwoEqualMembersAndNoKeySpecial) {
  EXPECT_EQ(parse(R"({"a":1,"__proto__":2,"\u0061":3})"), Value::object({{"a", 3}, {"__proto__", 2}}));
}

TEST(JsonReader, KeepsIntegersOf64BitsExact) {
  EXPECT_EQ(parse("9223372036854775807")->as_int(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(parse("-9223372036854775808")->as_int(), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(parse("9223372036854775808")->kind(), ValueKind::number);
  EXPECT_EQ(parse("9223372036854775808")->as_double(), std::ldexp(1.0, 63));
  EXPECT_EQ(parse("-9223372036854775809")->as_double(), -std::ldexp(1.0, 63));
  EXPECT_EQ(parse("18446744073709551616")->as_double(), std::ldexp(1.0, 64));
  EXPECT_EQ(parse("99999999999999999999")->as_double(), 1e20);
  EXPECT_EQ(parse("1000")->kind(), ValueKind::integer);
}

TEST(JsonReader, ReadsNumbersAsJavaScriptDoes) {
  EXPECT_EQ(parse("1e400")->as_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse("-1e400")->as_double(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse("1e99999999999999999999")->as_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse(std::string("1").append(400, '0'))->as_double(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(parse(std::string("0.").append(400, '0').append("1e402"))->as_double(), 10.0);
  EXPECT_EQ(parse(std::string("0.").append(400, '0').append("1"))->as_double(), 0.0);
  EXPECT_EQ(parse("1e-400")->as_double(), 0.0);
  EXPECT_EQ(parse("1e-99999999999999999999")->as_double(), 0.0);
  EXPECT_EQ(parse("0e99999999999999999999")->as_double(), 0.0);
  EXPECT_EQ(parse("5e-324")->as_double(), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(parse("0.1")->as_double(), 0.1);
  EXPECT_TRUE(std::signbit(parse("-0")->as_double()));
  EXPECT_TRUE(std::signbit(parse("-0.0")->as_double()));
  EXPECT_EQ(parse(std::string(100'000, '9'))->as_double(), std::numeric_limits<double>::infinity());
}

TEST(JsonReader, KeepsLoneSurrogatesAndJoinsPairs) {
  EXPECT_EQ(parse(R"("\ud83d\ude00")"), Value("\xf0\x9f\x98\x80"));
  EXPECT_EQ(parse(R"("\ud83d")"), Value("\xed\xa0\xbd"));
  EXPECT_EQ(parse(R"("\ude00\ud83d")"), Value("\xed\xb8\x80\xed\xa0\xbd"));
  EXPECT_EQ(parse(R"("\ud83d\u0041")"), Value("\xed\xa0\xbd"
                                              "A"));
  EXPECT_EQ(parse(R"("\ud83d\ud83d\ude00")"), Value("\xed\xa0\xbd\xf0\x9f\x98\x80"));
  EXPECT_EQ(parse(R"("\u0000\u00e9\u20ac")"), Value(std::string_view("\0\xc3\xa9\xe2\x82\xac", 6)));
  EXPECT_EQ(parse(R"("\"\\\/\b\f\n\r\t")"), Value("\"\\/\b\f\n\r\t"));
}

TEST(JsonReader, LimitsTheDepth) {
  std::string const deep = std::string(513, '[') + std::string(513, ']');
  json::Reader reader(deep);
  Value value;
  EXPECT_FALSE(reader.read_value(value));
  EXPECT_EQ(error_of(reader), DecodeErrorCode::depth);

  json::Reader skipping(deep);
  EXPECT_FALSE(skipping.skip());
  EXPECT_EQ(error_of(skipping), DecodeErrorCode::depth);

  EXPECT_TRUE(parse(deep.substr(1, 1024)));
}

TEST(JsonReader, ReadsAttachmentsWhereThePlaceholdersAre) {
  std::vector<Bytes> const attachments = {Bytes("first"), Bytes("second")};
  json::Reader reader(
      R"({"a":[{"_placeholder":true,"num":1}],"b":{"num":0,"_placeholder":true},"c":{"_placeholder":1}})",
      attachments);
  Value value;
  ASSERT_TRUE(reader.read_value(value));
  EXPECT_EQ(value["a"][0], Value(Bytes("second")));
  EXPECT_EQ(value["b"], Value(Bytes("first")));
  EXPECT_EQ(value["c"], Value::object({{"_placeholder", 1}}));
}

TEST(JsonReader, LeavesPlaceholdersOfPlainPacketsAlone) {
  EXPECT_EQ(parse(R"({"_placeholder":true,"num":0})"), Value::object({{"_placeholder", true}, {"num", 0}}));
}

TEST(JsonReader, RefusesPlaceholdersOfNoAttachment) {
  constexpr std::string_view refused[] = {"-1", "1", "\"0\"", "\"splice\"", "null", "1e400", "0.5", "{}"};
  std::vector<Bytes> const attachments = {Bytes("only")};
  for (std::string_view const num : refused) {
    std::string const text = R"({"_placeholder":true,"num":)" + std::string(num) + "}";
    json::Reader reader(text, attachments);
    Value value;
    EXPECT_FALSE(reader.read_value(value)) << text;
    EXPECT_EQ(error_of(reader), DecodeErrorCode::illegal_attachment);
  }
}

TEST(JsonReader, ReadsPartByPart) {
  json::Reader reader(R"( {"list" : [ 1 , "two" ] , "skipped":[{"x":[]}], "flag":false} )");
  ASSERT_TRUE(reader.begin_object());
  std::string_view key;
  ASSERT_TRUE(reader.next_member(key));
  EXPECT_EQ(key, "list");
  ASSERT_TRUE(reader.begin_array());
  ASSERT_TRUE(reader.next_element());
  aerie::Number number;
  ASSERT_TRUE(reader.read_number(number));
  EXPECT_EQ(number.integer, 1);
  ASSERT_TRUE(reader.next_element());
  std::string_view text;
  ASSERT_TRUE(reader.read_string(text));
  EXPECT_EQ(text, "two");
  EXPECT_FALSE(reader.next_element());
  EXPECT_TRUE(reader.ok());
  ASSERT_TRUE(reader.next_member(key));
  ASSERT_TRUE(reader.skip());
  ASSERT_TRUE(reader.next_member(key));
  EXPECT_EQ(key, "flag");
  bool flag = true;
  ASSERT_TRUE(reader.read_boolean(flag));
  EXPECT_FALSE(flag);
  EXPECT_FALSE(reader.next_member(key));
  EXPECT_TRUE(reader.finish());
}

TEST(JsonReader, SaysWhereTheTextIsMalformed) {
  json::Reader reader("[1,x]");
  Value value;
  EXPECT_FALSE(reader.read_value(value));
  auto const result = reader.take_result();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().to_string(), "1: malformed JSON at byte 3");
}

TEST(JsonReader, StaysFailedAfterAFailure) {
  json::Reader reader("[1, 2]");
  bool flag = false;
  EXPECT_FALSE(reader.read_boolean(flag));
  EXPECT_FALSE(reader.begin_array());
  EXPECT_FALSE(reader.skip());
  EXPECT_FALSE(reader.finish());
  auto const result = reader.take_result();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message, "expected a boolean, got an array");
}

}  // namespace
