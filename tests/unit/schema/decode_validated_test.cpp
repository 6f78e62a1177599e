#include <aerie/schema/validate.hpp>

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace decode_validated_test { namespace {

namespace json = aerie::json;
using aerie::Value;

struct Part {
  std::uint8_t size = 0;

  static void describe(aerie::Schema<Part>& s) { s.field<&Part::size>(); }
};

struct Whole {
  int limit = 50;
  std::vector<Part> parts;
  std::optional<Part> spare;
  std::map<std::string, Part> named;
  std::optional<aerie::Date> when;

  static void describe(aerie::Schema<Whole>& s) {
    s.field<&Whole::limit>().optional();
    s.field<&Whole::parts>().optional();
    s.field<&Whole::spare>();
    s.field<&Whole::named>().optional();
    s.field<&Whole::when>();
  }
};

struct Box {
  Part inner;

  static void describe(aerie::Schema<Box>& s) { s.field<&Box::inner>(); }
};

Value parse(std::string_view text) {
  Value value;
  EXPECT_TRUE(json::parse(text, value).ok()) << text;
  return value;
}

// What is wrong although no rule said so, as JSON; "" if nothing is.
template <typename T>
std::string error_of(std::string_view payload) {
  auto const result = aerie::validate<T>(parse(payload));
  EXPECT_TRUE(result.ok()) << json::stringify(result.errors);
  T value{};
  auto const error = aerie::decode_validated(result.plain, value);
  return error ? json::stringify(*error) : "";
}

TEST(DecodeValidated, ReportsWhatDoesNotFitTheType) {
  EXPECT_EQ(
      error_of<Whole>(R"({"limit":3000000000})"),
      R"({"property":"limit","children":[],"constraints":{"isInRange":"limit: expected an integer from -2147483648 to 2147483647, got another number"}})");
  EXPECT_EQ(
      error_of<Whole>(R"({"parts":[{"size":1},{"size":256}]})"),
      R"({"property":"parts","children":[{"property":"1","children":[{"property":"size","children":[],"constraints":{"isInRange":"size: expected an integer from 0 to 255, got another number"}}]}]})");
  EXPECT_EQ(
      error_of<Whole>(R"({"spare":[{"size":1}]})"),
      R"({"property":"spare","children":[],"constraints":{"isType":"spare: expected an object, got an array"}})");
}

TEST(DecodeValidated, ReportsAMissingStructThatClassValidatorWouldLetPass) {
  EXPECT_EQ(
      error_of<Box>("{}"),
      R"({"property":"inner","children":[],"constraints":{"isDefined":"inner should not be null or undefined"}})");
}

TEST(DecodeValidated, TakesNullForAnOptionalMemberAndNothingForAnEmptyObject) {
  EXPECT_EQ(error_of<Whole>(R"({"limit":null,"parts":null,"spare":null,"named":null,"when":null})"), "");
  EXPECT_EQ(error_of<Whole>("null"), "");
  Whole value;
  EXPECT_FALSE(aerie::decode_validated(parse(R"({"limit":null})"), value).has_value());
  EXPECT_EQ(value.limit, 50);
}

TEST(DecodeValidated, ReadsDatesThatValidationMade) {
  auto const result = aerie::validate<Whole>(parse(R"({"when":"1970-01-01T00:00:01Z"})"));
  ASSERT_TRUE(result.ok());
  Whole value;
  ASSERT_FALSE(aerie::decode_validated(result.plain, value).has_value());
  EXPECT_EQ(value.when->milliseconds(), 1000);
  auto const bad = aerie::validate<Whole>(parse(R"({"when":"yesterday"})"));
  EXPECT_EQ(aerie::flatten_messages(bad.errors), std::vector<std::string>{"when must be a Date instance"});
}

TEST(DecodeValidated, ValidatesTheEntriesOfMaps) {
  auto const result = aerie::validate<Whole>(parse(R"({"named":{"a":{"size":1},"b":{"size":"x"},"c":5}})"));
  EXPECT_EQ(
      aerie::flatten_messages(result.errors),
      (std::vector<std::string>{"named.b.size must be an integer number",
                                "named.each value in nested property named must be either object or array"}));
}

TEST(DecodeValidated, RefusesAWholeMessageThatIsNoObject) {
  for (std::string_view const payload : {"5", "\"x\"", "[]", "true"}) {
    auto const result = aerie::validate<Whole>(parse(payload), {.root_name = "payload"});
    ASSERT_EQ(result.errors.size(), 1u) << payload;
    EXPECT_EQ(result.errors[0].property, "payload");
    EXPECT_EQ(result.errors[0].constraints,
              (std::vector<aerie::Constraint>{{"isObject", "Validation failed (object is expected)"}}));
  }
}

TEST(DecodeValidated, ValidatesArraysOfStructs) {
  auto const result = aerie::validate<std::vector<Part>>(parse(R"([{"size":1},{"size":"x"}])"));
  EXPECT_EQ(
      json::stringify(result.errors),
      R"([{"property":"1","children":[{"value":"x","property":"size","children":[],"constraints":{"isInt":"size must be an integer number"}}]}])");
  EXPECT_EQ(aerie::validate<std::vector<Part>>(parse("5")).errors.size(), 1u);
  EXPECT_TRUE(aerie::validate<std::vector<int>>(parse("[1]")).ok());
}

TEST(DecodeValidated, RepeatsTheValuesThatTheOptionsAskFor) {
  Value const payload = parse(R"({"limit":1.5,"parts":[{"size":true}]})");
  auto const all = aerie::validate<Whole>(payload, {.error_values = aerie::ErrorValues::all});
  EXPECT_TRUE(all.errors.at(1).value == payload["parts"]);
  auto const none = aerie::validate<Whole>(payload, {.error_values = aerie::ErrorValues::none});
  EXPECT_TRUE(none.errors.at(0).value.is_undefined());
}

TEST(DecodeValidated, CutsListsOfTextsThatAreTooLong) {
  Value payload = Value::object({{"parts", Value::array()}});
  aerie::Array parts(1000, Value::object({{"size", "x"}}));
  payload.as_object().set("parts", std::move(parts));
  auto const texts = aerie::flatten_messages(aerie::validate<Whole>(payload).errors, 100);
  EXPECT_LT(texts.size(), 10u);
  EXPECT_EQ(texts.back(), "Further validation errors were omitted");
}

TEST(DecodeValidated, RemovesManyUnknownMembersInOneGo) {
  aerie::Object object;
  for (int i = 0; i < 20000; ++i)
    object.set("extra" + std::to_string(i), i);
  object.set("limit", 1);
  auto const result = aerie::validate<Whole>(Value(std::move(object)), {.whitelist = true});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(json::stringify(result.plain), R"({"limit":1})");
}

}}  // namespace decode_validated_test
