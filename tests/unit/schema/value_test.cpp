#include <aerie/schema/value.hpp>

#include <gtest/gtest.h>

#include <cmath>

using aerie::Array;
using aerie::Bytes;
using aerie::Date;
using aerie::Object;
using aerie::Value;
using aerie::ValueError;
using aerie::ValueKind;

namespace {

TEST(Value, TakesItsKindFromWhatItIsMadeOf) {
  EXPECT_EQ(Value().kind(), ValueKind::undefined);
  EXPECT_EQ(Value(nullptr).kind(), ValueKind::null);
  EXPECT_EQ(Value(true).kind(), ValueKind::boolean);
  EXPECT_EQ(Value(1).kind(), ValueKind::integer);
  EXPECT_EQ(Value(std::uint8_t{1}).kind(), ValueKind::integer);
  EXPECT_EQ(Value(1.5).kind(), ValueKind::number);
  EXPECT_EQ(Value("text").kind(), ValueKind::string);
  EXPECT_EQ(Value(std::string("text")).kind(), ValueKind::string);
  EXPECT_EQ(Value(Bytes{1, 2}).kind(), ValueKind::bytes);
  EXPECT_EQ(Value(Date()).kind(), ValueKind::date);
  EXPECT_EQ(Value::array().kind(), ValueKind::array);
  EXPECT_EQ(Value::object().kind(), ValueKind::object);
}

TEST(Value, KeepsIntegersExactlyUntilTheyNeedADouble) {
  EXPECT_EQ(Value(std::numeric_limits<std::int64_t>::max()).as_int(),
            std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(Value(std::numeric_limits<std::uint64_t>::max()).kind(), ValueKind::number);
  EXPECT_EQ(Value(std::numeric_limits<std::uint64_t>::max()).as_double(), std::ldexp(1.0, 64));
}

TEST(Value, GivesStringsBackWhateverTheirLength) {
  for (std::size_t const size : {0U, 1U, 13U, 14U, 15U, 16U, 1000U}) {
    std::string const text(size, 'x');
    Value const value(text);
    Value const copy = value;
    EXPECT_EQ(value.as_string(), text);
    EXPECT_EQ(copy.as_string(), text);
    EXPECT_EQ(value, copy);
  }
}

TEST(Value, CopiesAreDeep) {
  Value const original = Value::array({1, Value::object({{"key", "a string that needs memory of its own"}})});
  Value copy = original;
  copy.as_array()[1].as_object().set("key", 2);
  EXPECT_EQ(original[1]["key"].as_string(), "a string that needs memory of its own");
  EXPECT_EQ(copy[1]["key"].as_int(), 2);
}

TEST(Value, AMovedFromValueIsUndefined) {
  Value from = Value::array({1});
  Value const to = std::move(from);
  EXPECT_TRUE(from.is_undefined());  // NOLINT(bugprone-use-after-move): this is what is tested.
  EXPECT_EQ(to.size(), 1U);
}

TEST(Value, CanBeAssignedAPartOfItself) {
  Value value = Value::array({Value::array({"inner", "another string with more than fourteen bytes"}), 2});
  value = value[0];
  EXPECT_EQ(value, Value::array({"inner", "another string with more than fourteen bytes"}));
  value = std::move(value.as_array()[1]);
  EXPECT_EQ(value, Value("another string with more than fourteen bytes"));
}

TEST(Value, LookupsOfWhatIsNotThereAreUndefined) {
  Value const value = Value::object({{"list", Value::array({1})}});
  EXPECT_EQ(value["list"][0].as_int(), 1);
  EXPECT_TRUE(value["list"][1].is_undefined());
  EXPECT_TRUE(value["list"][-1].is_undefined());
  EXPECT_TRUE(value["none"]["deeper"][7].is_undefined());
  EXPECT_THROW((void)value.at("none"), ValueError);
  EXPECT_THROW((void)value["list"].at(1), ValueError);
}

TEST(Value, SaysWhatItExpectedAndGot) {
  try {
    (void)Value(1).as_string();
    FAIL();
  } catch (ValueError const& error) {
    EXPECT_STREQ(error.what(), "expected a string, got a number");
  }
}

TEST(Value, AWholeDoubleIsAnInteger) {
  EXPECT_EQ(Value(3.0).as_int(), 3);
  EXPECT_THROW((void)Value(3.5).as_int(), ValueError);
  EXPECT_THROW((void)Value(std::ldexp(1.0, 63)).as_int(), ValueError);
  EXPECT_THROW((void)Value(std::nan("")).as_int(), ValueError);
}

TEST(Value, GetIfAnswersOnlyForTheRightKind) {
  EXPECT_EQ(Value("a").get_if<std::string_view>(), "a");
  EXPECT_EQ(Value(1).get_if<std::string_view>(), std::nullopt);
  EXPECT_EQ(Value(2).get_if<std::int64_t>(), 2);
  EXPECT_EQ(Value(2).get_if<double>(), 2.0);
  EXPECT_EQ(Value(2.0).get_if<std::int64_t>(), std::nullopt);
  EXPECT_EQ(Value(true).get_if<bool>(), true);
  EXPECT_EQ(Value::array({1, 2}).get_if<Object>(), nullptr);
  Value const array = Value::array({1, 2});
  ASSERT_NE(array.get_if<Array>(), nullptr);
  EXPECT_EQ(array.get_if<Array>()->size(), 2U);
}

TEST(Value, ComparesNumbersByValueAndObjectsInAnyOrder) {
  EXPECT_EQ(Value(1), Value(1.0));
  EXPECT_NE(Value(1), Value(1.5));
  EXPECT_NE(Value(1), Value(true));
  EXPECT_NE(Value(nullptr), Value());
  EXPECT_EQ(Value::object({{"a", 1}, {"b", 2}}), Value::object({{"b", 2}, {"a", 1}}));
  EXPECT_NE(Value::object({{"a", 1}, {"b", 2}}), Value::object({{"a", 1}, {"c", 2}}));
  EXPECT_EQ(Value(Bytes{1, 2, 3}), Value(Bytes{1, 2, 3}));
}

TEST(Object, KeepsTheOrderOfInsertionAndTheLastValue) {
  Object object{{"b", 1}, {"a", 2}, {"b", 3}};
  ASSERT_EQ(object.size(), 2U);
  EXPECT_EQ(object.begin()->key, "b");
  EXPECT_EQ(object["b"].as_int(), 3);
  EXPECT_TRUE(object.erase("b"));
  EXPECT_FALSE(object.erase("b"));
  EXPECT_EQ(object.begin()->key, "a");
}

TEST(Object, FindsMembersAmongMany) {
  Object object;
  for (int i = 0; i < 1000; ++i)
    object.set("key" + std::to_string(i), i);
  for (int i = 0; i < 1000; i += 2)
    EXPECT_TRUE(object.erase("key" + std::to_string(i)));
  object.set("key1", "again");
  EXPECT_EQ(object.size(), 500U);
  EXPECT_EQ(object["key1"].as_string(), "again");
  EXPECT_EQ(object["key999"].as_int(), 999);
  EXPECT_TRUE(object["key500"].is_undefined());
  Object const copy = object;
  EXPECT_EQ(copy, object);
}

TEST(Object, TreatsNoKeyAsSpecial) {
  Object object;
  object.set("__proto__", 1);
  object.set("", 2);
  EXPECT_EQ(object["__proto__"].as_int(), 1);
  EXPECT_EQ(object[""].as_int(), 2);
  EXPECT_FALSE(object.contains("constructor"));
}

TEST(Bytes, AreSharedByTheirCopies) {
  Bytes const bytes("content");
  Bytes const copy = bytes;
  EXPECT_EQ(bytes.data(), copy.data());
  EXPECT_EQ(copy.view(), "content");
  EXPECT_EQ(bytes, Bytes("content"));
  EXPECT_TRUE(Bytes().empty());
  EXPECT_EQ(Bytes(std::string_view()), Bytes());
}

TEST(Bytes, CanBeFilledInPlace) {
  Bytes const bytes =
      Bytes::filled(3, [](std::span<char> content) { std::fill(content.begin(), content.end(), 'x'); });
  EXPECT_EQ(bytes.view(), "xxx");
}

}  // namespace
