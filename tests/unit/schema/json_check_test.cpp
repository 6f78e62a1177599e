#include <aerie/schema/validate.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
