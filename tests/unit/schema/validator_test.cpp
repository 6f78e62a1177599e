#include "unit/support/allocated.hpp"

#include <aerie/schema/validate.hpp>
#include <aerie/schema/variant.hpp>

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace validator_cases {

/// What an application might have a codec of its own for.
template <class T>
struct Box {
  T content{};
};

}  // namespace validator_cases

template <class T>
struct aerie::Codec<validator_cases::Box<T>> {
  static constexpr TypeShape shape = type_ops<T>.shape;

  static bool decode(Decoder& decoder, validator_cases::Box<T>& box) {
    return Codec<T>::decode(decoder, box.content);
  }
};

namespace validator_cases {

using namespace aerie;

struct Item {
  int qty = 0;
  std::optional<Date> until;
  static void describe(Schema<Item>& s) {
    s.field<&Item::qty>().minimum(1);
    s.field<&Item::until>();
  }
};

struct Named {
  std::string name;
  static void describe(Schema<Named>& s) { s.field<&Named::name>(); }
};

struct Order {
  std::vector<Item> items;
  static void describe(Schema<Order>& s) { s.field<&Order::items>(); }
};

struct Shapes {
  std::optional<std::pair<std::string, Item>> pair;
  std::optional<std::variant<Named, Item>> either;
  std::optional<std::map<std::string, std::tuple<Item, std::vector<Item>>>> deep;
  std::optional<std::vector<std::map<std::string, Item>>> maps;
  static void describe(Schema<Shapes>& s) {
    s.field<&Shapes::pair>();
    s.field<&Shapes::either>();
    s.field<&Shapes::deep>();
    s.field<&Shapes::maps>();
  }
};

using Texts = std::vector<std::string>;

Value parsed(std::string_view json) {
  Value value;
  EXPECT_TRUE(json::parse(json, value)) << json;
  return value;
}

template <class T>
Texts complaints(std::string_view json) {
  auto const result = validate<T>(parsed(json), {.whitelist = true});
  return flatten_messages(result.errors);
}

template <class T>
std::string whitelisted(std::string_view json) {
  auto const result = validate<T>(parsed(json), {.whitelist = true});
  EXPECT_TRUE(result.ok()) << json;
  return json::stringify(result.plain);
}

std::string many(std::string_view element, std::size_t count) {
  std::string json = "[";
  for (std::size_t i = 0; i < count; ++i)
    json.append(i == 0 ? "" : ",").append(element);
  return json + "]";
}

TEST(Validator, FollowsTheShapeOfAMemberToWhateverIsDescribed) {
  EXPECT_EQ(complaints<Shapes>(R"({"pair":["a",{"qty":0}]})"), Texts{"pair.1.qty must not be less than 1"});
  EXPECT_EQ(complaints<Shapes>(R"({"either":{"qty":0}})"), Texts{"either.qty must not be less than 1"});
  EXPECT_EQ(complaints<Shapes>(R"({"deep":{"k":[{"qty":1},[{"qty":1},{"qty":0}]]}})"),
            Texts{"deep.k.1.1.qty must not be less than 1"});
  EXPECT_EQ(complaints<Shapes>(R"({"maps":[{"a":{"qty":0}}]})"),
            Texts{"maps.0.a.qty must not be less than 1"});
}

TEST(Validator, RemovesWhatIsNotDescribedInEveryShape) {
  EXPECT_EQ(whitelisted<Shapes>(R"({"x":1,"pair":["a",{"qty":1,"x":1}]})"), R"({"pair":["a",{"qty":1}]})");
  EXPECT_EQ(whitelisted<Shapes>(R"({"either":{"name":"n","x":1}})"), R"({"either":{"name":"n"}})");
  EXPECT_EQ(whitelisted<Shapes>(R"({"deep":{"k":[{"qty":1,"x":1},[]]}})"),
            R"({"deep":{"k":[{"qty":1},[]]}})");
}

TEST(Validator, ConvertsDatesInEveryShape) {
  using Pair = std::pair<std::string, Item>;
  auto const pair = validate<Pair>(parsed(R"(["a",{"qty":1,"until":0}])"));
  EXPECT_TRUE(pair.plain.as_array()[1]["until"].is_date());
  auto const either =
      validate<std::variant<Named, Item>>(parsed(R"({"qty":1,"until":"2024-02-29T12:30:00Z"})"));
  EXPECT_TRUE(either.plain["until"].is_date());
}

TEST(Validator, FollowsTheShapeThatACodecOfTheApplicationGives) {
  EXPECT_EQ(complaints<std::vector<Box<Item>>>(R"([{"qty":0}])"), Texts{"0.qty must not be less than 1"});
  EXPECT_EQ(whitelisted<Box<Item>>(R"({"qty":1,"x":1})"), R"({"qty":1})");
}

TEST(Validator, LeavesWhatIsNoAlternativeToDecoding) {
  std::variant<Named, Item> either;
  auto const result = validate<std::variant<Named, Item>>(parsed(R"({"neither":1})"));
  EXPECT_TRUE(result.ok());
  EXPECT_TRUE(decode_validated(result.plain, either).has_value());
}

TEST(Validator, StopsCollectingWhereNothingMoreIsReported) {
  constexpr std::size_t count = 300'000;
  auto const payload = parsed("{\"items\":" + many("{}", count) + "}");
  auto const before = test::allocated();
  auto const result = validate<Order>(payload, {.max_messages_length = 10'000});
  auto const held = test::allocated() - before;
  auto const copy = payload;
  auto const of_payload = test::allocated() - before - held;
  ASSERT_FALSE(result.ok());
  EXPECT_FALSE(result.is_complete);
  // The payload, which the result has as well, and some hundred bytes for each text that can be told.
  EXPECT_LT(held, of_payload + 500'000U);
  auto const texts = flatten_messages(result.errors, 10'000, result.is_complete);
  EXPECT_GT(texts.size(), 100U);
  EXPECT_LT(texts.size(), 400U);
  EXPECT_EQ(texts.back(), "Further validation errors were omitted");
}

TEST(Validator, HasTheSameTextsAsWithoutALimitUpToIt) {
  auto const payload = parsed("{\"items\":" + many(R"({"qty":0})", 100) + "}");
  auto const all = validate<Order>(payload);
  EXPECT_TRUE(all.is_complete);
  EXPECT_EQ(flatten_messages(all.errors).size(), 100U);
  auto const some = validate<Order>(payload, {.max_messages_length = 1000});
  EXPECT_FALSE(some.is_complete);
  EXPECT_EQ(flatten_messages(some.errors, 1000, some.is_complete), flatten_messages(all.errors, 1000));
}

TEST(Validator, BoundsTheReportOfWhateverThereCanBeMuchOf) {
  std::string members = "{";
  for (int i = 0; i < 20'000; ++i)
    members += "\"unknown" + std::to_string(i) + "\":0,";
  members += R"("name":"n"})";
  ValidationOptions const forbidding{
      .whitelist = true, .forbid_non_whitelisted = true, .max_messages_length = 1000};
  EXPECT_LT(validate<Named>(parsed(members), forbidding).errors.size(), 100U);
  std::string keys = "{";
  for (int i = 0; i < 20'000; ++i)
    keys.append(i == 0 ? "" : ",").append("\"key" + std::to_string(i) + "\":{}");
  using Map = std::map<std::string, Item>;
  auto const of_map = validate<Map>(parsed(keys + "}"), {.max_messages_length = 1000});
  EXPECT_FALSE(of_map.is_complete);
  EXPECT_LT(of_map.errors.size(), 100U);
}

TEST(Validator, RepeatsNoMoreOfTheValuesThanOfTheTexts) {
  std::string const large(5000, 'x');
  auto const result =
      validate<Named>(Value::object({{"name", Value::array({large})}}), {.max_messages_length = 1000});
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_TRUE(result.errors[0].value.is_undefined());
  EXPECT_TRUE(result.is_complete);
}

}  // namespace validator_cases
