#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace json = aerie::json;
using aerie::DecodeErrorCode;
using aerie::Value;

namespace {

enum class Color { red, green = 5, dark_blue };

void describe(aerie::EnumSchema<Color>& e) {
  e.value<Color::red>().value<Color::green>("GREEN").value<Color::dark_blue>();
}

struct Item {
  std::string name;
  int qty = 0;

  static void describe(aerie::Schema<Item>& s) {
    s.field<&Item::name>();
    s.field<&Item::qty>();
  }

  bool operator==(Item const&) const = default;
};

struct Order {
  std::int64_t order_id = 0;
  std::vector<Item> items;
  std::optional<std::string> note;
  Color color = Color::red;
  int limit = 50;

  static void describe(aerie::Schema<Order>& s) {
    s.field<&Order::order_id>("orderId");
    s.field<&Order::items>();
    s.field<&Order::note>();
    s.field<&Order::color>();
    s.field<&Order::limit>().optional();
  }

  bool operator==(Order const&) const = default;
};

struct Tree {
  std::string label;
  std::vector<Tree> children;

  static void describe(aerie::Schema<Tree>& s) {
    s.field<&Tree::label>();
    s.field<&Tree::children>();
  }
};

struct Foreign {
  int x = 0;
};

void describe(aerie::Schema<Foreign>& s) {
  s.field<&Foreign::x>();
}

struct Base {
  int inherited = 0;
};

struct Padding {
  char padding[24] = {};
};

struct Derived : Padding, Base {
  int own = 0;

  static void describe(aerie::Schema<Derived>& s) {
    s.field<&Derived::inherited>();
    s.field<&Derived::own>();
  }
};

struct Notice {
  std::string_view text;

  static void describe(aerie::Schema<Notice>& s) { s.field<&Notice::text>(); }
};

// A type with a codec of its own.
struct Celsius {
  double degrees = 0;
};

// A type whose codec does not say why it refuses.
struct Never {};

}  // namespace

template <>
struct aerie::Codec<Never> {
  static void encode(Encoder& encoder, Never const&) { encoder.null(); }
  static bool decode(Decoder&, Never&) { return false; }
};

template <>
struct aerie::Codec<Celsius> {
  static void encode(Encoder& encoder, Celsius const& value) { encoder.number(value.degrees); }
  static bool decode(Decoder& decoder, Celsius& value) {
    if (!Codec<double>::decode(decoder, value.degrees)) return false;
    if (value.degrees < -273.15) return decoder.fail(DecodeErrorCode::refused, "colder than possible");
    return true;
  }
};

namespace {

template <typename T>
std::string refusal_of(std::string_view text) {
  T value{};
  auto const result = json::parse(text, value);
  EXPECT_FALSE(result.ok()) << text;
  return result ? "" : result.error().to_string();
}

TEST(Describe, WritesMembersUnderTheirNamesInTheirOrder) {
  Order const order{.order_id = 7, .items = {{"pen", 2}}, .note = "soon", .color = Color::dark_blue};
  EXPECT_EQ(json::stringify(order),
            R"({"orderId":7,"items":[{"name":"pen","qty":2}],"note":"soon","color":"dark_blue","limit":50})");
}

TEST(Describe, LeavesAbsentOptionalsOut) {
  EXPECT_EQ(json::stringify(Order{}), R"({"orderId":0,"items":[],"color":"red","limit":50})");
}

TEST(Describe, ReadsWhatItWritesAsTextAndAsTree) {
  Order const order{
      .order_id = 7, .items = {{"pen", 2}, {"ink", 1}}, .note = "soon", .color = Color::green, .limit = 1};
  Order from_text;
  ASSERT_TRUE(json::parse(json::stringify(order), from_text).ok());
  EXPECT_EQ(from_text, order);
  Order from_tree;
  ASSERT_TRUE(aerie::from_value(aerie::to_value(order), from_tree).ok());
  EXPECT_EQ(from_tree, order);
}

TEST(Describe, TakesMembersInAnyOrderAndIgnoresUnknownOnes) {
  Item item;
  ASSERT_TRUE(json::parse(R"({"x":[{}],"qty":3,"name":"a","name":"b","y":null})", item).ok());
  EXPECT_EQ(item, (Item{"b", 3}));
}

TEST(Describe, KeepsDefaultsOfOptionalFieldsAndResetsAbsentOptionals) {
  Order order;
  order.note = "old";
  ASSERT_TRUE(json::parse(R"({"orderId":1,"items":[],"color":"GREEN"})", order).ok());
  EXPECT_EQ(order.limit, 50);
  EXPECT_EQ(order.note, std::nullopt);
  ASSERT_TRUE(json::parse(R"({"orderId":1,"items":[],"color":"GREEN","note":null})", order).ok());
  EXPECT_EQ(order.note, std::nullopt);
}

TEST(Describe, TreatsAnUndefinedMemberOfATreeAsAbsent) {
  Item item;
  auto const result = aerie::from_value(Value::object({{"name", Value()}, {"qty", 1}}), item);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, DecodeErrorCode::missing);
}

TEST(Describe, SaysWhichMemberIsWrong) {
  EXPECT_EQ(refusal_of<Item>(R"({"name":"a"})"), "qty: a required member is missing");
  EXPECT_EQ(refusal_of<Item>(R"([])"), "expected an object, got an array");
  EXPECT_EQ(refusal_of<Order>(R"({"orderId":1,"items":[{"name":"a","qty":"2"}],"color":"red"})"),
            "items.0.qty: expected a number, got a string");
  EXPECT_EQ(refusal_of<Order>(R"({"orderId":1,"items":[],"color":"blue"})"),
            R"(color: expected one of "red" "GREEN" "dark_blue", got another string)");
  EXPECT_EQ(refusal_of<Item>(R"({"name":"a","qty":null})"), "qty: expected a number, got null");
}

TEST(Describe, AllowsTypesThatContainThemselves) {
  Tree tree;
  std::string const text = R"({"label":"a","children":[{"label":"b","children":[]}]})";
  ASSERT_TRUE(json::parse(text, tree).ok());
  EXPECT_EQ(json::stringify(tree), text);
}

TEST(Describe, FindsAFreeFunctionForTypesOneCanNotChange) {
  EXPECT_EQ(json::stringify(Foreign{3}), R"({"x":3})");
}

TEST(Describe, ReachesMembersOfBases) {
  Derived derived;
  ASSERT_TRUE(json::parse(R"({"inherited":1,"own":2})", derived).ok());
  EXPECT_EQ(derived.inherited, 1);
  EXPECT_EQ(derived.own, 2);
  EXPECT_EQ(json::stringify(derived), R"({"inherited":1,"own":2})");
}

TEST(Describe, MembersThatCanOnlyBeSentAreRefusedOnDecoding) {
  EXPECT_EQ(json::stringify(Notice{"hi"}), R"({"text":"hi"})");
  EXPECT_EQ(refusal_of<Notice>(R"({"text":"hi"})"), "text: this member can only be sent, not received");
}

TEST(Describe, UsesCodecsOfTheApplication) {
  std::vector<Celsius> values;
  ASSERT_TRUE(json::parse("[20.5]", values).ok());
  EXPECT_EQ(json::stringify(values), "[20.5]");
  EXPECT_EQ(refusal_of<std::vector<Celsius>>("[1,-300]"), "1: colder than possible");
}

TEST(Describe, ReportsRefusalsWithoutAReason) {
  EXPECT_EQ(refusal_of<Never>("null"), "the value was refused");
  EXPECT_EQ(refusal_of<std::vector<Never>>("[null]"), "0: the value was refused");
}

TEST(Describe, RefusesTwoFieldsOfOneName) {
  EXPECT_THROW(aerie::StructSchema([](aerie::StructSchema& data) {
                 aerie::Schema<Item> s(data);
                 s.field<&Item::name>();
                 s.field<&Item::qty>("name");
               }),
               std::logic_error);
}

TEST(Describe, RefusesTwoEnumeratorsOfOneName) {
  EXPECT_THROW(aerie::EnumTable([](aerie::EnumTable& data) {
                 aerie::EnumSchema<Color>(data).value<Color::red>().value<Color::green>("red");
               }),
               std::logic_error);
}

TEST(Describe, HandlesMoreFieldsThanFitInline) {
  aerie::StructSchema const schema([](aerie::StructSchema& data) {
    for (int i = 0; i < 100; ++i)
      data.add("field" + std::to_string(i), 0, aerie::type_ops<int>);
  });
  int shared = 0;
  std::string text = "{";
  for (int i = 99; i >= 0; --i)
    text += "\"field" + std::to_string(i) + "\":" + std::to_string(i) + (i > 0 ? "," : "}");
  json::Reader reader(text);
  EXPECT_TRUE(schema.decode(reader, &shared));
  EXPECT_EQ(shared, 0);
}

TEST(Name, IsWhatStandsInTheSource) {
  static_assert(aerie::name_of<&Order::order_id>() == "order_id");
  static_assert(aerie::name_of<&Derived::inherited>() == "inherited");
  static_assert(aerie::name_of<Color::dark_blue>() == "dark_blue");
  struct Local {
    int inside = 0;
    void call() {}
  };
  static_assert(aerie::name_of<&Local::inside>() == "inside");
  static_assert(aerie::name_of<&Local::call>() == "call");
}

}  // namespace
