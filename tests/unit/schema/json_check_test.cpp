#include <aerie/schema/validate.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace json_check_test { namespace {

namespace json = aerie::json;
using aerie::type_ops;
using aerie::ValidationOptions;
using aerie::Value;

enum class Size { small, large };
void describe(aerie::EnumSchema<Size>& s) {
  s.value<Size::small>().value<Size::large>();
}

struct Address {
  std::string town;

  static void describe(aerie::Schema<Address>& s) { s.field<&Address::town>().min_length(2); }
};

struct Order {
  std::string customer;
  int quantity = 0;
  std::uint64_t number = 0;
  double weight = 0;
  bool express = false;
  Size size = Size::small;
  std::vector<std::string> extras;
  std::vector<std::optional<int>> counts;
  std::optional<std::string> note;
  int spare = 7;
  Address address;

  static void describe(aerie::Schema<Order>& s) {
    s.field<&Order::customer>().is_string().is_alphanumeric();
    s.field<&Order::quantity>().is_int().minimum(1);
    s.field<&Order::number>();
    s.field<&Order::weight>().is_positive();
    s.field<&Order::express>();
    s.field<&Order::size>().is_enum();
    s.field<&Order::extras>().is_array().array_max_size(2).is_string().each().min_length(1).each();
    s.field<&Order::counts>();
    s.field<&Order::note>().max_length(5);
    s.field<&Order::spare>().optional();
    s.field<&Order::address>();
  }
};

struct Member {
  std::string_view name;
  std::vector<std::string_view> texts;  // The first one is right.
};

std::vector<Member> const members{
    {"customer", {R"("c1")", R"("\u0041")", R"("")", R"("c 1")", "1", "null", R"(["c1"])", R"({"a":1})"}},
    {"quantity", {"1", "2.0", "1.5", "1e2", "0", "-0", "3000000000", "true", R"("1")", "null", "[1]"}},
    {"number", {"5", "18446744073709551615", "18446744073709551616", "9223372036854775808", "-1", "1e400"}},
    {"weight", {"0.5", "3", "18446744073709551615", "1e400", "-1", "null"}},
    {"express", {"true", "false", "0", "null"}},
    {"size", {R"("large")", R"("huge")", "1"}},
    {"extras", {R"(["a","b"])", "[]", R"(["a","b","c"])", R"([""])", "[1]", R"([["a"]])", R"("a")", "null"}},
    {"counts", {"[1,null]", "[1.5]", R"([{"a":1}])", "[9223372036854775808]"}},
    {"note", {R"("short")", "null", R"("longer than that")", "1"}},
    {"spare", {"1", "null", R"("x")"}},
    {"address",
     {R"({"town":"Rome"})", R"({"town":"R"})", R"({"town":"Rome","town":null})", "{}", "null", "[]",
      R"([{"town":"Rome"}])", R"({"town":"Rome","street":{"a":[1]}})"}},
    {"unknown", {R"({"deep":[1,{"a":2}]})"}},
    {"__proto__", {R"({"customer":1})"}},
};

/// What a handler would see: the struct, or what is wrong.
std::string by_tree(std::string_view text, ValidationOptions const& options) {
  Value tree;
  EXPECT_TRUE(json::parse(text, tree).ok()) << text;
  auto const result = aerie::validate<Order>(std::move(tree), options);
  if (!result) return "refused: " + json::stringify(result.errors);
  Order order;
  auto const error = aerie::decode_validated(result.plain, order);
  return error ? "not read: " + json::stringify(*error) : json::stringify(order);
}

/// Whether the text is right beyond doubt; then it is read as its tree would be.
bool is_clear(std::string const& text, ValidationOptions const& options) {
  SCOPED_TRACE(text);
  if (!aerie::is_right_beyond_doubt(type_ops<Order>, text, options)) return false;
  Order order;
  auto const expected = by_tree(text, options);
  if (json::parse(text, order).ok()) {
    EXPECT_EQ(json::stringify(order), expected);
  } else {
    EXPECT_TRUE(expected.starts_with("not read: ")) << expected;
  }
  return true;
}

/// All members are the first of their texts, but for two; those whose text is empty are absent.
std::string order(std::size_t one, std::string_view its_text, std::size_t other = 99,
                  std::string_view text = {}) {
  std::string all = "{";
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto const chosen = i == one ? its_text : i == other ? text : members[i].texts.front();
    if (chosen.empty()) continue;
    all.append(all.size() > 1 ? " , " : "")
        .append("\"")
        .append(members[i].name)
        .append("\" : ")
        .append(chosen);
  }
  return all + "}";
}

std::vector<ValidationOptions> all_options() {
  std::vector<ValidationOptions> all(6);
  all[1].whitelist = true;
  all[2].whitelist = all[2].forbid_non_whitelisted = true;
  all[3].stop_at_first_error = true;
  all[4].skip_missing_properties = true;
  all[5].enable_implicit_conversion = true;
  return all;
}

TEST(JsonCheck, WhatIsRightBeyondDoubtIsReadAsItsTreeWouldBe) {
  std::size_t clear = 0;
  std::size_t asked = 0;
  for (auto const& options : all_options()) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      auto texts = members[i].texts;
      texts.push_back({});
      for (auto const one : texts) {
        for (std::size_t j = i + 1; j < members.size(); ++j) {
          auto others = members[j].texts;
          others.push_back({});
          for (auto const other : others) {
            ++asked;
            clear += is_clear(order(i, one, j, other), options) ? 1 : 0;
          }
        }
      }
    }
  }
  EXPECT_GT(clear, 500U);
  EXPECT_GT(asked - clear, 5000U);
}

TEST(JsonCheck, TheUsualMessageIsRightBeyondDoubt) {
  ValidationOptions options;
  options.whitelist = true;
  EXPECT_TRUE(is_clear(order(0, R"("c1")"), options));
  EXPECT_TRUE(is_clear(order(8, {}), options)) << "an optional one is absent";
  EXPECT_TRUE(is_clear(order(8, "null"), options)) << "an optional one is null";
  EXPECT_FALSE(is_clear(order(1, "0"), options)) << "a rule";
  EXPECT_FALSE(is_clear(order(10, R"({"town":"R"})"), options)) << "a rule of what is nested";
  EXPECT_FALSE(is_clear(order(0, {}), options)) << "one is missing";
}

TEST(JsonCheck, OfTwoEqualMembersTheLastOneCounts) {
  auto text = order(9, "8");
  text.insert(text.size() - 1, R"(,"spare":null)");
  EXPECT_FALSE(aerie::is_right_beyond_doubt(type_ops<Order>, text));
  EXPECT_NE(by_tree(text, {}).find(R"("spare":7)"), std::string::npos);
}

TEST(JsonCheck, MembersThatAreNotDescribedAreRefusedWhereThatIsAskedFor) {
  ValidationOptions options;
  options.whitelist = options.forbid_non_whitelisted = true;
  EXPECT_FALSE(is_clear(order(0, R"("c1")"), options));
  EXPECT_TRUE(is_clear(order(11, {}, 12, {}), options));
}

// --- Every rule, at members of every kind, with every text

using Declare = std::function<void(aerie::FieldRef&)>;

std::vector<std::pair<char const*, Declare>> const rules{
    {"none", [](aerie::FieldRef&) {}},
    {"is_string", [](aerie::FieldRef& f) { f.is_string(); }},
    {"is_int", [](aerie::FieldRef& f) { f.is_int(); }},
    {"is_number", [](aerie::FieldRef& f) { f.is_number({.max_decimal_places = 1}); }},
    {"is_bool", [](aerie::FieldRef& f) { f.is_bool(); }},
    {"is_array", [](aerie::FieldRef& f) { f.is_array(); }},
    {"is_object", [](aerie::FieldRef& f) { f.is_object(); }},
    {"is_date", [](aerie::FieldRef& f) { f.is_date(); }},
    {"is_bytes", [](aerie::FieldRef& f) { f.is_bytes(); }},
    {"is_enum",
     [](aerie::FieldRef& f) {
       f.is_enum({"small", "a", "1"});
     }},
    {"is_defined", [](aerie::FieldRef& f) { f.is_defined(); }},
    {"not_empty", [](aerie::FieldRef& f) { f.not_empty(); }},
    {"is_empty", [](aerie::FieldRef& f) { f.is_empty(); }},
    {"equals", [](aerie::FieldRef& f) { f.equals(1); }},
    {"not_equals", [](aerie::FieldRef& f) { f.not_equals("a"); }},
    {"one_of",
     [](aerie::FieldRef& f) {
       f.one_of({1, "a", nullptr, true});
     }},
    {"not_one_of",
     [](aerie::FieldRef& f) {
       f.not_one_of({1.5, "small"});
     }},
    {"minimum", [](aerie::FieldRef& f) { f.minimum(1); }},
    {"maximum", [](aerie::FieldRef& f) { f.maximum(9.5); }},
    {"is_positive", [](aerie::FieldRef& f) { f.is_positive(); }},
    {"is_negative", [](aerie::FieldRef& f) { f.is_negative(); }},
    {"min_length", [](aerie::FieldRef& f) { f.min_length(2); }},
    {"max_length", [](aerie::FieldRef& f) { f.max_length(2); }},
    {"length", [](aerie::FieldRef& f) { f.length(1, 5); }},
    {"matches", [](aerie::FieldRef& f) { f.matches("^[a-z]+$"); }},
    {"contains", [](aerie::FieldRef& f) { f.contains("a"); }},
    {"not_contains", [](aerie::FieldRef& f) { f.not_contains("a"); }},
    {"is_alpha", [](aerie::FieldRef& f) { f.is_alpha(); }},
    {"is_alphanumeric", [](aerie::FieldRef& f) { f.is_alphanumeric(); }},
    {"is_number_string", [](aerie::FieldRef& f) { f.is_number_string(); }},
    {"is_email", [](aerie::FieldRef& f) { f.is_email(); }},
    {"is_url", [](aerie::FieldRef& f) { f.is_url(); }},
    {"is_ip", [](aerie::FieldRef& f) { f.is_ip(); }},
    {"is_uuid", [](aerie::FieldRef& f) { f.is_uuid(); }},
    {"array_min_size", [](aerie::FieldRef& f) { f.array_min_size(1); }},
    {"array_max_size", [](aerie::FieldRef& f) { f.array_max_size(1); }},
    {"array_not_empty", [](aerie::FieldRef& f) { f.array_not_empty(); }},
    {"array_unique", [](aerie::FieldRef& f) { f.array_unique(); }},
    {"array_contains", [](aerie::FieldRef& f) { f.array_contains({"a"}); }},
    {"is_not_empty_object", [](aerie::FieldRef& f) { f.is_not_empty_object(); }},
    {"nested", [](aerie::FieldRef& f) { f.nested(); }},
    {"optional", [](aerie::FieldRef& f) { f.optional().minimum(1); }},
    {"without_implied_rules", [](aerie::FieldRef& f) { f.without_implied_rules().max_length(3); }},
};

std::vector<std::string> texts_of_values() {
  std::vector<std::string> texts{
      R"("")", R"("a")", R"("small")", R"("large")", R"("1")", R"("-1.5e3")", R"("Ada Lovelace")",
      R"("\u0061")", R"("\"\\\/\b\f\n\r\t")", R"("\ud83d\ude00")", "\"\xF0\x9F\x98\x80\"", R"("\ud800")",
      R"("\udc00\ud800")", R"("a\u0000b")", R"("\u0000")", R"("äöü")",
      R"("longer than what a value keeps in itself")", R"("ada@example.com")",
      R"("https://example.com/a?b=c")", R"("127.0.0.1")", R"("::1")",
      R"("4be0643f-1d98-473b-97cd-ca98a65347dd")", R"("2020-01-01T00:00:00.000Z")",
      //
      "0", "-0", "1", "-1", "2.0", "1.5", "0.1", "1.25", "1e2", "1E-7", "1e400", "-1e400", "2147483648",
      "9007199254740993", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
      "18446744073709551615", "18446744073709551616", "-9223372036854775809",
      //
      "true", "false", "null", "{}", R"({"a":1})", R"({"_placeholder":true,"num":0})", "[[]]",
      R"([{"a":1}])"};
  auto const scalars = texts;
  texts.emplace_back("[]");
  for (std::size_t i = 0; i < scalars.size(); ++i) {
    texts.push_back("[" + scalars[i] + "]");
    texts.push_back("[ " + scalars[i] + " , " + scalars[(i + 1) % scalars.size()] + " ]");
  }
  texts.emplace_back(R"(["a","a"])");
  return texts;
}

// The type of a struct whose only member, "m", is a T with the rules that `declare` adds. A description takes
// no arguments, so the schema is left for it in a place of its own.
template <typename T>
struct OneMember {
  static inline Declare declare;
  static inline bool is_each = false;
  static inline std::optional<aerie::StructSchema> schema;

  static aerie::TypeOps type_with(Declare its_rules, bool of_each_element) {
    declare = std::move(its_rules);
    is_each = of_each_element;
    schema.emplace([](aerie::StructSchema& built) {
      built.add("m", 0, type_ops<T>);
      aerie::FieldRef field(built, 0);
      declare(field);
      if (is_each && !built.rules(0).rules.empty()) field.each();
    });
    aerie::TypeOps type{};
    type.decode = [](aerie::Decoder& decoder, void* value) { return schema->decode(decoder, value); };
    type.shape.kind = aerie::TypeKind::object;
    type.shape.schema = []() -> aerie::StructSchema const& { return *schema; };
    return type;
  }
};

struct Counts {
  std::size_t right = 0;       // By the tree, and it can be read.
  std::size_t right_text = 0;  // The same was told of the text.
};

template <typename T>
void compare(aerie::TypeOps const& type, std::string const& text, ValidationOptions const& options,
             Counts& counts) {
  Value tree;
  ASSERT_TRUE(json::parse(text, tree).ok());
  auto const result = aerie::validate(type, std::move(tree), options);
  T of_tree{};
  bool const is_read = result.ok() && aerie::detail::from_value(result.plain, type, &of_tree).ok();
  counts.right += is_read ? 1 : 0;
  if (!aerie::is_right_beyond_doubt(type, text, options)) return;
  ASSERT_TRUE(result.ok()) << json::stringify(result.errors);
  counts.right_text += is_read ? 1 : 0;
  T of_text{};
  json::Reader reader(text);
  ASSERT_EQ(type.decode(reader, &of_text), is_read);
  if (is_read) {
    ASSERT_EQ(json::stringify(of_text), json::stringify(of_tree));
  }
}

bool is_scalar(aerie::TypeKind kind) {
  using aerie::TypeKind;
  return kind == TypeKind::boolean || kind == TypeKind::integer || kind == TypeKind::number ||
         kind == TypeKind::string || kind == TypeKind::enumeration;
}

bool schema_can_tell(aerie::TypeShape const& shape) {
  bool const is_list = shape.kind == aerie::TypeKind::array && shape.element != nullptr;
  return is_scalar(is_list ? shape.element->shape.kind : shape.kind);
}

template <typename T>
class EveryRule : public ::testing::Test {};
using Kinds =
    ::testing::Types<std::string, std::int8_t, std::int64_t, std::uint64_t, float, double, bool, Size,
                     std::optional<std::string>, std::optional<int>, std::vector<std::string>,
                     std::vector<std::int64_t>, std::vector<double>, std::vector<std::optional<Size>>,
                     std::optional<std::vector<int>>, std::vector<std::vector<int>>, Value, aerie::Date>;
TYPED_TEST_SUITE(EveryRule, Kinds);

TYPED_TEST(EveryRule, SaysOfATextWhatItSaysOfItsTree) {
  auto texts = texts_of_values();
  for (auto& text : texts)
    text = "{ \"x\" : [1] , \"m\" : " + text + " }";
  texts.insert(texts.end(), {"{}", R"({"M":1})", R"({"m":1,"m":"a"})", R"({"\u006d":1})", "[]", "null"});
  Counts counts;
  for (auto const& [name, declare] : rules) {
    for (bool const is_each : {false, true}) {
      auto const type = OneMember<TypeParam>::type_with(declare, is_each);
      for (bool const removes_unknown : {false, true}) {
        ValidationOptions options;
        options.whitelist = removes_unknown;
        for (auto const& text : texts) {
          SCOPED_TRACE(std::string(name) + (is_each ? " each " : " ") + text);
          compare<TypeParam>(type, text, options, counts);
          if (this->HasFatalFailure()) return;
        }
      }
    }
  }
  auto const& shape = type_ops<TypeParam>.shape;
  EXPECT_GT(counts.right, 0U);
  if (schema_can_tell(shape)) {
    EXPECT_GT(counts.right_text, counts.right / 4) << "the short way is for the usual message";
  } else {
    EXPECT_EQ(counts.right_text, 0U);
  }
}

// What a text cannot tell is left to the tree.
template <class T>
bool is_right(std::string_view text, ValidationOptions const& options = {}) {
  return aerie::is_right_beyond_doubt(type_ops<T>, text, options);
}

struct OfRules {
  int value = 0;
  static void describe(aerie::Schema<OfRules>& s) {
    s.field<&OfRules::value>().rule("odd", "$property must be odd",
                                    [](Value const& value) { return value.as_double() != 2; });
  }
};
struct Conditional {
  int value = 0;
  static void describe(aerie::Schema<Conditional>& s) {
    s.field<&Conditional::value>().validate_if([](aerie::Object const&) { return true; });
  }
};
struct Grouped {
  int value = 0;
  static void describe(aerie::Schema<Grouped>& s) { s.field<&Grouped::value>().minimum(1).groups({"a"}); }
};
struct Dated {
  aerie::Date value;
  static void describe(aerie::Schema<Dated>& s) { s.field<&Dated::value>(); }
};
struct Listed {
  std::vector<Address> value;
  static void describe(aerie::Schema<Listed>& s) { s.field<&Listed::value>(); }
};
struct Plain {
  int value = 0;
  static void describe(aerie::Schema<Plain>& s) { s.field<&Plain::value>(); }
};
struct Holder {
  OfRules value;
  static void describe(aerie::Schema<Holder>& s) { s.field<&Holder::value>(); }
};
struct Tree {
  int value = 0;
  std::vector<Tree> children;
  static void describe(aerie::Schema<Tree>& s) {
    s.field<&Tree::value>();
    s.field<&Tree::children>();
  }
};
struct Empty {
  static void describe(aerie::Schema<Empty>&) {}
};

TEST(JsonCheck, WhatATextCannotTellIsLeftToTheTree) {
  constexpr std::string_view one = R"({"value":1})";
  EXPECT_TRUE(is_right<Plain>(one));
  EXPECT_FALSE(is_right<OfRules>(one));
  EXPECT_FALSE(is_right<Conditional>(one));
  EXPECT_FALSE(is_right<Grouped>(one));
  EXPECT_FALSE(is_right<Dated>(R"({"value":"2020-01-01T00:00:00.000Z"})"));
  EXPECT_FALSE(is_right<Listed>(R"({"value":[{"town":"Rome"}]})"));
  EXPECT_FALSE(is_right<Holder>(R"({"value":{"value":1}})"));
  EXPECT_FALSE(is_right<Tree>(R"({"value":1,"children":[]})"));
  EXPECT_FALSE(is_right<Empty>("{}"));
  EXPECT_FALSE(is_right<std::vector<Plain>>(R"([{"value":1}])"));
  EXPECT_FALSE(is_right<std::optional<Plain>>(one));
  EXPECT_FALSE(is_right<int>("1"));
  EXPECT_FALSE(is_right<Plain>("null"));
  EXPECT_FALSE(is_right<Plain>("[]"));
  ValidationOptions grouped;
  grouped.groups = {"a"};
  EXPECT_FALSE(is_right<Plain>(one, grouped));
}

}}  // namespace json_check_test
