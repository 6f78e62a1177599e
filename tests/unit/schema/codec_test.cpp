#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <initializer_list>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace json = aerie::json;
using aerie::Bytes;
using aerie::Date;
using aerie::DecodeErrorCode;
using aerie::RawJson;
using aerie::Value;

namespace {

template <typename T>
T parsed(std::string_view text) {
  T value{};
  auto const result = json::parse(text, value);
  EXPECT_TRUE(result.ok()) << text << ": " << (result ? "" : result.error().to_string());
  return value;
}

template <typename T>
std::string error_of(std::string_view text) {
  T value{};
  auto const result = json::parse(text, value);
  EXPECT_FALSE(result.ok()) << text;
  return result ? "" : result.error().to_string();
}

// Writes and reads a value as text and as a tree.
template <typename T>
void expect_round_trip(T const& value, std::string_view text) {
  EXPECT_EQ(json::stringify(value), text);
  EXPECT_EQ(parsed<T>(text), value);
  T back{};
  EXPECT_TRUE(aerie::from_value(aerie::to_value(value), back).ok()) << text;
  EXPECT_EQ(back, value) << text;
}

TEST(Codec, RoundTripsEverythingBuiltIn) {
  expect_round_trip(true, "true");
  expect_round_trip(std::int8_t{-128}, "-128");
  expect_round_trip(std::uint8_t{255}, "255");
  expect_round_trip(std::numeric_limits<std::int64_t>::min(), "-9223372036854775808");
  expect_round_trip(1.5, "1.5");
  expect_round_trip(1.5F, "1.5");
  expect_round_trip(std::string("text"), R"("text")");
  expect_round_trip(nullptr, "null");
  expect_round_trip(Value::array({1, "x"}), R"([1,"x"])");
  expect_round_trip(aerie::Object{{"a", 1}}, R"({"a":1})");
  expect_round_trip(Date::from_milliseconds(0), R"("1970-01-01T00:00:00.000Z")");
  expect_round_trip(std::chrono::system_clock::time_point(), R"("1970-01-01T00:00:00.000Z")");
  expect_round_trip(std::optional<int>(1), "1");
  expect_round_trip(std::optional<int>(), "null");
  expect_round_trip(std::vector{1, 2, 3}, "[1,2,3]");
  expect_round_trip(std::vector<bool>{true, false}, "[true,false]");
  expect_round_trip(std::deque<std::string>{"a"}, R"(["a"])");
  expect_round_trip(std::set<int>{2, 1}, "[1,2]");
  expect_round_trip(std::array{1, 2}, "[1,2]");
  expect_round_trip(std::map<std::string, int>{{"a", 1}, {"b", 2}}, R"({"a":1,"b":2})");
  expect_round_trip(std::unordered_map<std::string, std::vector<int>>{{"a", {1}}}, R"({"a":[1]})");
  expect_round_trip(std::pair<int, std::string>(1, "x"), R"([1,"x"])");
  expect_round_trip(std::tuple<int, bool, std::optional<int>>(1, true, {}), "[1,true,null]");
  expect_round_trip(std::variant<int, std::string>("x"), R"("x")");
}

TEST(Codec, KeepsUnsignedIntegersOf64BitsInText) {
  auto const largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(json::stringify(largest), "18446744073709551615");
  EXPECT_EQ(parsed<std::uint64_t>("18446744073709551615"), largest);
}

TEST(Codec, SendsViewsAndLiterals) {
  EXPECT_EQ(json::stringify("literal"), R"("literal")");
  EXPECT_EQ(json::stringify(std::string_view("view")), R"("view")");
  char const* const pointer = "pointer";
  EXPECT_EQ(json::stringify(pointer), R"("pointer")");
  std::vector const elements{1, 2};
  EXPECT_EQ(json::stringify(std::span(elements)), "[1,2]");
  static_assert(!aerie::Decodable<std::string_view>);
}

TEST(Codec, AcceptsWholeDoublesAsIntegers) {
  EXPECT_EQ(parsed<int>("3.0"), 3);
  EXPECT_EQ(parsed<int>("1e3"), 1000);
  EXPECT_EQ(parsed<int>("-0"), 0);
  EXPECT_EQ(parsed<unsigned>("-0.0"), 0U);
  EXPECT_EQ(parsed<double>("3"), 3.0);
}

TEST(Codec, RefusesIntegersOutOfRange) {
  EXPECT_EQ(error_of<std::uint8_t>("256"), "expected an integer from 0 to 255, got another number");
  EXPECT_EQ(error_of<std::int8_t>("-129"), "expected an integer from -128 to 127, got another number");
  EXPECT_NE(error_of<int>("1.5"), "");
  EXPECT_NE(error_of<int>("1e400"), "");
  EXPECT_NE(error_of<unsigned>("-1"), "");
  EXPECT_NE(error_of<std::int64_t>("9223372036854775808"), "");
  EXPECT_NE(error_of<std::int64_t>("1e19"), "");
  EXPECT_NE(error_of<std::uint64_t>("18446744073709551616"), "");
  EXPECT_NE(error_of<std::uint64_t>("-1"), "");
}

TEST(Codec, RefusesWhatIsBeyondAFloat) {
  auto const range = "expected a number from -3.4028235e+38 to 3.4028235e+38, got another number";
  for (auto const* const text : {"1e300", "-1e300", "3.4028236e38", "1e400", "-1e400"})
    EXPECT_EQ(error_of<float>(text), range) << text;
  EXPECT_EQ(error_of<std::vector<float>>("[0,1e39]"), std::string("1: ") + range);
  EXPECT_EQ(parsed<float>("3.4028235e38"), std::numeric_limits<float>::max());
  EXPECT_EQ(parsed<float>("1e-60"), 0.0F);
  EXPECT_EQ(static_cast<double>(parsed<long double>("1e300")), 1e300);
}

TEST(Codec, WritesFloatsWithTheDigitsThatTheyNeed) {
  for (auto const& [number, text] : std::initializer_list<std::pair<float, std::string>>{
           {0.1F, "0.1"}, {-2.7F, "-2.7"}, {3, "3"}, {16777216.0F, "16777216"}, {1e-7F, "1e-7"}}) {
    EXPECT_EQ(json::stringify(number), text);
    EXPECT_EQ(parsed<float>(text), number);
  }
  EXPECT_EQ(json::stringify(std::vector{0.1F, 0.25F}), "[0.1,0.25]");
  auto const smallest = std::numeric_limits<float>::denorm_min();
  auto const largest = std::numeric_limits<float>::max();
  EXPECT_EQ(parsed<float>(json::stringify(smallest)), smallest);
  EXPECT_EQ(parsed<float>(json::stringify(largest)), largest);
  EXPECT_EQ(json::stringify(std::numeric_limits<float>::infinity()), "null");
}

TEST(Codec, SaysWhereAndWhyAValueDoesNotFit) {
  EXPECT_EQ(error_of<std::string>("1"), "expected a string, got a number");
  EXPECT_EQ(error_of<bool>("null"), "expected a boolean, got null");
  EXPECT_EQ(error_of<std::vector<int>>("[1,{}]"), "1: expected a number, got an object");
  EXPECT_EQ((error_of<std::map<std::string, std::vector<int>>>(R"({"list":[0,"x"]})")),
            "list.1: expected a number, got a string");
  EXPECT_EQ((error_of<std::array<int, 2>>("[1]")), "expected an array of 2, got one of another size");
  EXPECT_EQ((error_of<std::array<int, 2>>("[1,2,3]")), "expected an array of 2, got one of another size");
  EXPECT_EQ((error_of<std::pair<int, int>>("[1]")), "expected an array of 2, got one of another size");
  EXPECT_EQ((error_of<std::pair<int, int>>("[1,2,3]")), "expected an array of 2, got one of another size");
  EXPECT_EQ((error_of<std::pair<int, int>>(R"([1,"2"])")), "1: expected a number, got a string");
  EXPECT_EQ(error_of<Date>(R"("yesterday")"),
            "expected a date such as 2024-02-29T12:30:00.000Z, got another string");
  EXPECT_EQ(error_of<Date>("1"), "expected a date, got a number");
  EXPECT_EQ(error_of<Bytes>("{}"), "expected bytes, got an object");
  EXPECT_EQ(error_of<int>("1 2"), "malformed JSON at byte 2");
  EXPECT_EQ(error_of<int>("x"), "malformed JSON at byte 0");
  EXPECT_EQ(error_of<std::vector<int>>("[1"), "malformed JSON: the text ends too early");
}

TEST(Codec, GivesTheSameErrorsForTrees) {
  std::vector<int> numbers;
  auto const result = aerie::from_value(Value::array({1, "x"}), numbers);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, DecodeErrorCode::wrong_type);
  EXPECT_EQ(result.error().to_string(), "1: expected a number, got a string");
}

TEST(Codec, TakesTheFirstAlternativeThatFits) {
  using Number = std::variant<std::uint8_t, double, std::string>;
  EXPECT_EQ(parsed<Number>("7").index(), 0U);
  EXPECT_EQ(parsed<Number>("300").index(), 1U);
  EXPECT_EQ(parsed<Number>(R"("x")").index(), 2U);
  EXPECT_EQ(error_of<Number>("[]"), "expected one of several types, none of which fits an array");
}

TEST(Codec, PassesRawJsonOnAsItIs) {
  EXPECT_EQ(parsed<RawJson>(R"( {"a" : 1.0} )").text(), R"({"a" : 1.0})");
  EXPECT_EQ(json::stringify(RawJson::parse(R"([1, 2 ])")), "[1, 2 ]");
  EXPECT_EQ(RawJson::parse("[1"), std::nullopt);
  EXPECT_EQ(RawJson::parse("\"\xff\""), std::nullopt);
  EXPECT_EQ(aerie::to_value(*RawJson::parse("[1,2]")), Value::array({1, 2}));
}

TEST(Codec, ReadsBytesFromAttachments) {
  std::vector<Bytes> const attachments = {Bytes("content")};
  json::Reader reader(R"([{"_placeholder":true,"num":0}])", attachments);
  std::vector<Bytes> bytes;
  EXPECT_TRUE(aerie::decode(reader, bytes).ok());
  EXPECT_EQ(bytes, attachments);
}

TEST(Codec, KeepsBytesAndDatesInTrees) {
  EXPECT_EQ(aerie::to_value(Bytes("x")), Value(Bytes("x")));
  EXPECT_TRUE(aerie::to_value(Date::from_milliseconds(5)).is_date());
  std::chrono::system_clock::time_point time;
  EXPECT_TRUE(aerie::from_value(Value(Date::from_milliseconds(5)), time).ok());
  EXPECT_EQ(time.time_since_epoch(), std::chrono::milliseconds(5));
}

TEST(Codec, RefusesDatesThatTheClockCanNotHold) {
  EXPECT_EQ(error_of<std::chrono::system_clock::time_point>(R"("+010000-01-01T00:00:00.000Z")"),
            "the date is out of range");
}

}  // namespace
