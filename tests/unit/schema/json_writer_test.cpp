#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace json = aerie::json;
using aerie::Bytes;
using aerie::Date;
using aerie::Value;

namespace {

struct NumberCase {
  double value;
  std::string_view text;
};

TEST(JsonWriter, EscapesWhereverItIsNecessary) {
  // Strings are searched sixteen bytes at a time.
  for (std::size_t size = 1; size < 70; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'x');
      text[at] = '"';
      auto expected = text;
      expected.insert(at, "\\");
      EXPECT_EQ(json::stringify(text), "\"" + expected + "\"") << size << ' ' << at;
    }
  }
}

TEST(JsonWriter, WritesNumbersAsJavaScriptDoes) {
  constexpr NumberCase cases[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {1e20, "100000000000000000000"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {1.5e21, "1.5e+21"},
      {-1e300, "-1e+300"},
      {0.000001, "0.000001"},
      {0.00000123, "0.00000123"},
      {1e-7, "1e-7"},
      {1.25e-7, "1.25e-7"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {9007199254740992.0, "9007199254740992"},
      {9007199254740994.0, "9007199254740994"},
      {1234.5678, "1234.5678"},
      {0.30000000000000004, "0.30000000000000004"},
      {4294967296.5, "4294967296.5"},
  };
  for (auto const& [value, text] : cases)
    EXPECT_EQ(json::stringify(value), text);
}

TEST(JsonWriter, WritesWhatIsNoNumberAsNull) {
  EXPECT_EQ(json::stringify(std::nan("")), "null");
  EXPECT_EQ(json::stringify(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(json::stringify(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, WritesIntegersExactly) {
  EXPECT_EQ(json::stringify(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(json::stringify(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
  EXPECT_EQ(json::stringify(std::int8_t{-7}), "-7");
}

TEST(JsonWriter, EscapesWhatJsonStringifyEscapes) {
  EXPECT_EQ(json::stringify("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(json::stringify(std::string_view("\0\x01\x1f\x7f", 4)), "\"\\u0000\\u0001\\u001f\x7f\"");
  EXPECT_EQ(json::stringify("\xe2\x80\xa8\xc3\xa9\xf0\x9f\x98\x80"),
            "\"\xe2\x80\xa8\xc3\xa9\xf0\x9f\x98\x80\"");
  EXPECT_EQ(json::stringify("a text of more than sixteen bytes, then \n, and more of it"),
            R"("a text of more than sixteen bytes, then \n, and more of it")");
}

TEST(JsonWriter, EscapesLoneSurrogatesAndJoinsPairs) {
  EXPECT_EQ(json::stringify("\xed\xa0\xbd"), R"("\ud83d")");
  EXPECT_EQ(json::stringify("\xed\xb8\x80x"), R"("\ude00x")");
  EXPECT_EQ(json::stringify("\xed\xa0\xbd\xed\xb8\x80"), "\"\xf0\x9f\x98\x80\"");
  EXPECT_EQ(json::stringify("\xed\xb8\x80\xed\xa0\xbd"), R"("\ude00\ud83d")");
  EXPECT_EQ(json::stringify("\xed\x9f\xbf"), "\"\xed\x9f\xbf\"");
}

TEST(JsonWriter, WritesValidUtf8WhateverTheString) {
  EXPECT_EQ(json::stringify("caf\xe9!"), "\"caf\xef\xbf\xbd!\"");
  for (int first = 0; first < 256; ++first) {
    for (int second = 0x70; second < 256; second += 5) {
      std::string const bytes = {static_cast<char>(first), static_cast<char>(second), '\x80'};
      std::string const text = json::stringify(bytes);
      EXPECT_TRUE(aerie::utf8::is_valid(text)) << testing::PrintToString(bytes);
      Value back;
      EXPECT_TRUE(json::parse(text, back).ok()) << text;
    }
  }
}

TEST(JsonWriter, WritesNullForUndefinedElementsAndLeavesUndefinedMembersOut) {
  EXPECT_EQ(json::stringify(Value::array({Value(), 1})), "[null,1]");
  EXPECT_EQ(json::stringify(Value::object({{"a", Value()}, {"b", 1}, {"c", Value()}})), R"({"b":1})");
  EXPECT_EQ(json::stringify(Value::object({{"a", Value()}})), "{}");
}

TEST(JsonWriter, WritesDatesAsIsoStrings) {
  EXPECT_EQ(json::stringify(Date::from_milliseconds(1'709'209'800'125)), R"("2024-02-29T12:30:00.125Z")");
  EXPECT_EQ(json::stringify(Date()), "null");
}

TEST(JsonWriter, WritesBytesAsNodeDoesWithoutAttachments) {
  EXPECT_EQ(json::stringify(Bytes{1, 2, 255}), R"({"type":"Buffer","data":[1,2,255]})");
  EXPECT_EQ(json::stringify(Bytes()), R"({"type":"Buffer","data":[]})");
}

TEST(JsonWriter, MovesBytesIntoTheAttachments) {
  std::string text;
  std::vector<Bytes> attachments;
  json::Writer writer(text, &attachments);
  aerie::encode(writer, Value::array({Bytes("first"), Value::object({{"b", Bytes("second")}})}));
  EXPECT_EQ(text, R"([{"_placeholder":true,"num":0},{"b":{"_placeholder":true,"num":1}}])");
  EXPECT_EQ(attachments, (std::vector{Bytes("first"), Bytes("second")}));
}

TEST(JsonWriter, SeparatesWhatNeedsSeparating) {
  Value const value =
      Value::array({Value::array(), Value::array({Value::object(), 1}),
                    Value::object({{"a", Value::array({true, false})}, {"b", nullptr}}), "x"});
  EXPECT_EQ(json::stringify(value), R"([[],[{},1],{"a":[true,false],"b":null},"x"])");
}

TEST(JsonWriter, TakesViewsOfNothing) {
  EXPECT_EQ(json::stringify(std::string_view()), "\"\"");
  EXPECT_EQ(json::stringify(Value(std::string_view())), "\"\"");
  Value value;
  EXPECT_FALSE(json::parse(std::string_view(), value).ok());
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string text = "42";
  json::Writer writer(text);
  writer.begin_array();
  writer.string("ev");
  int const one = 1;
  aerie::EncodableRef const args[] = {one, "two"};
  aerie::encode_elements(writer, args);
  writer.end_array();
  EXPECT_EQ(text, R"(42["ev",1,"two"])");
}

}  // namespace
