#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/pipes.hpp>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

namespace parse_pipes_cases {

using namespace aerie;

enum class Color { red, green };
void describe(EnumSchema<Color>& e) {
  e.value<Color::red>().value<Color::green>("GREEN");
}

struct Item {
  std::int64_t qty = 0;
  static void describe(Schema<Item>& s) { s.field<&Item::qty>().minimum(1); }
};

constexpr ArgumentInfo request{ArgumentSource::body, {}, nullptr, ContextType::http};
constexpr ArgumentInfo message{ArgumentSource::body, {}, nullptr, ContextType::ws};

/// What a pipe makes of a value, as JSON; or what it says.
template <class P>
std::string parsed(P const& pipe, Value value, ArgumentInfo const& info = request) {
  try {
    return json::stringify(pipe.transform(std::move(value), info));
  } catch (HttpException const& error) {
    return std::to_string(error.status()) + " " + json::stringify(error.body()["message"]);
  } catch (WsException const& error) {
    return std::string("ws ") + error.what();
  }
}

/// The same for applications whose clients are used to NestJS 11.
constexpr ArgumentInfo of_11{ArgumentSource::body, {},           nullptr,
                             ContextType::http,    std::nullopt, NestjsVersion::v11};

constexpr auto no_number = R"~(400 "Validation failed (numeric string is expected)")~";

TEST(ParseInt, TakesWholeNumbersAndTheirTexts) {
  ParseInt const pipe;
  EXPECT_EQ(parsed(pipe, 42), "42");
  EXPECT_EQ(parsed(pipe, "42"), "42");
  EXPECT_EQ(parsed(pipe, "-007"), "-7");
  EXPECT_EQ(parsed(pipe, 3.0), "3");
  EXPECT_EQ(parsed(pipe, "9223372036854775807"), "9223372036854775807");
  for (auto const& wrong : {Value("1.5"), Value(1.5), Value(""), Value("-"), Value("1e3"), Value(" 1"),
                            Value(), Value(nullptr), Value(true), Value::array({1}), Value(std::nan(""))}) {
    EXPECT_EQ(parsed(pipe, wrong), no_number) << json::stringify(wrong);
  }
}

TEST(ParseFloat, TakesNumbersAndTheirTexts) {
  ParseFloat const pipe;
  EXPECT_EQ(parsed(pipe, "1.5"), "1.5");
  EXPECT_EQ(parsed(pipe, "-2e3"), "-2000");
  EXPECT_EQ(parsed(pipe, "+1.5"), "1.5");
  EXPECT_EQ(parsed(pipe, ".5"), "0.5");
  EXPECT_EQ(parsed(pipe, "5."), "5");
  EXPECT_EQ(parsed(pipe, 7), "7");
  EXPECT_EQ(parsed(pipe, " -2e3\n", of_11), "-2000");
  for (auto const& wrong :
       {Value("x"), Value("1x"), Value(""), Value("inf"), Value(), Value(" 1.5"), Value("1.5\n"),
        Value("0x10"), Value("-0b1"), Value("1e400"), Value(std::numeric_limits<double>::infinity())}) {
    EXPECT_EQ(parsed(pipe, wrong), no_number) << json::stringify(wrong);
  }
}

TEST(ParseBool, TakesBooleansAndTheirTexts) {
  ParseBool const pipe;
  EXPECT_EQ(parsed(pipe, "true"), "true");
  EXPECT_EQ(parsed(pipe, false), "false");
  EXPECT_EQ(parsed(pipe, 1), R"~(400 "Validation failed (boolean string is expected)")~");
}

TEST(ParseUuid, KnowsVersions) {
  auto const four = "550e8400-e29b-41d4-A716-446655440000";
  EXPECT_EQ(parsed(ParseUuid<>(), four), "\"550e8400-e29b-41d4-A716-446655440000\"");
  EXPECT_EQ(parsed(ParseUuid<4>(), four), "\"550e8400-e29b-41d4-A716-446655440000\"");
  EXPECT_EQ(parsed(ParseUuid<7>(), four), R"~(400 "Validation failed (uuid v 7 is expected)")~");
  EXPECT_EQ(parsed(ParseUuid<4>(), "550e8400-e29b-41d4-0716-446655440000"),
            R"~(400 "Validation failed (uuid v 4 is expected)")~");
  EXPECT_EQ(parsed(ParseUuid<3>(), "aaaaaaaa-aaaa-3aaa-0aaa-aaaaaaaaaaaa"),
            R"~(400 "Validation failed (uuid v 3 is expected)")~");
  EXPECT_EQ(parsed(ParseUuid<>(), "550e8400"), R"~(400 "Validation failed (uuid is expected)")~");
  EXPECT_EQ(parsed(ParseUuid<>(), 5), R"(400 "The value passed as UUID is not a string")");
}

// By the built-in pipe of @nestjs/common 12.5.1.
TEST(ParseUuid, TakesWhatAnyVersionIs) {
  auto const taken = [](std::string_view text, ArgumentInfo const& info = request) {
    return parsed(ParseUuid<>(), text, info) == json::stringify(Value(text));
  };
  for (char version = '0'; version <= 'a'; version = version == '9' ? 'a' : static_cast<char>(version + 1)) {
    std::string text = "aaaaaaaa-aaaa-?aaa-9aaa-aaaaaaaaaaaa";
    text[14] = version;
    EXPECT_EQ(taken(text), version >= '1' && version <= '8') << text;
    EXPECT_TRUE(taken(text, of_11)) << text;
  }
  EXPECT_TRUE(taken("00000000-0000-0000-0000-000000000000"));
  EXPECT_TRUE(taken("ffffffff-ffff-ffff-ffff-FFFFFFFFFFFF"));
  EXPECT_FALSE(taken("ffffffff-ffff-ffff-ffff-fffffffffff0"));
  EXPECT_FALSE(taken("aaaaaaaa-aaaa-1aaa-0aaa-aaaaaaaaaaaa"));
  EXPECT_TRUE(taken("aaaaaaaa-aaaa-1aaa-0aaa-aaaaaaaaaaaa", of_11));
}

TEST(ParseEnum, TakesTheNamesOfAnEnumeration) {
  ParseEnum<Color> const pipe;
  EXPECT_EQ(parsed(pipe, "GREEN"), "\"GREEN\"");
  EXPECT_EQ(parsed(pipe, "green"), R"~(400 "Validation failed (enum string is expected)")~");
  EXPECT_EQ(parsed(pipe, 0), R"~(400 "Validation failed (enum string is expected)")~");
}

TEST(ParseArray, SplitsTextsAndReadsItems) {
  EXPECT_EQ(parsed(ParseArray<>(), "a,b,,c"), R"(["a","b","","c"])");
  EXPECT_EQ(parsed(ParseArray<std::int64_t>(), " 1,2.5 "), "[1,2.5]");
  EXPECT_EQ(parsed(ParseArray<double, ";">(), "1;2"), "[1,2]");
  EXPECT_EQ(parsed(ParseArray<std::int64_t>(), Value::array({1, "2"})), "[1,2]");
  EXPECT_EQ(parsed(ParseArray<bool>(), "true,false"), "[true,false]");
  EXPECT_EQ(parsed(ParseArray<std::int64_t>(), "1,x"), R"(400 "[1] item must be a number")");
  EXPECT_EQ(parsed(ParseArray<bool>(), "maybe"), R"(400 "[0] item must be a boolean value")");
  EXPECT_EQ(parsed(ParseArray<>(), ""), R"([""])");
  EXPECT_EQ(parsed(ParseArray<std::int64_t>(), ""), R"(400 "[0] item must be a number")");
  EXPECT_EQ(parsed(ParseArray<>(), "", of_11), R"~(400 "Validation failed (parsable array expected)")~");
  for (auto const& wrong : {Value(), Value(5), Value::object()}) {
    EXPECT_EQ(parsed(ParseArray<>(), wrong), R"~(400 "Validation failed (parsable array expected)")~");
  }
}

TEST(ParseArray, ValidatesDescribedItems) {
  EXPECT_EQ(parsed(ParseArray<Item>(), Value::array({Value::object({{"qty", 2}})})), R"([{"qty":2}])");
  EXPECT_EQ(parsed(ParseArray<Item>(), Value::array({Value::object({{"qty", 0}})})),
            R"(400 ["qty must not be less than 1"])");
}

TEST(ParsePipes, SayTheSameToClientsOfGatewaysUnlessToldOtherwise) {
  EXPECT_EQ(parsed(ParseInt(), "x", message), "ws Validation failed (numeric string is expected)");
  EXPECT_EQ(parsed(ParseInt({.always_http_exception = true}), "x", message), no_number);
}

TEST(ParsePipes, HaveOptions) {
  EXPECT_EQ(parsed(ParseInt({.optional = true}), nullptr), "null");
  EXPECT_EQ(parsed(ParseInt({.optional = true}), "x"), no_number);
  EXPECT_EQ(parsed(ParseBool({.error_http_status = 422}), 1),
            R"~(422 "Validation failed (boolean string is expected)")~");
}

TEST(DefaultValue, TakesThePlaceOfNothing) {
  DefaultValue<7> const pipe;
  EXPECT_EQ(json::stringify(pipe.transform({})), "7");
  EXPECT_EQ(json::stringify(pipe.transform(nullptr)), "7");
  EXPECT_EQ(json::stringify(pipe.transform(std::nan(""))), "7");
  EXPECT_EQ(json::stringify(pipe.transform(0)), "0");
  EXPECT_EQ(json::stringify(DefaultText<"newest">().transform({})), "\"newest\"");
}

}  // namespace parse_pipes_cases
