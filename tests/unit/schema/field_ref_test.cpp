#include <aerie/schema/validate.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace field_ref_test { namespace {

namespace json = aerie::json;
using aerie::FieldRef;
using aerie::StructSchema;
using aerie::Value;

enum class Color { red, green };

void describe(aerie::EnumSchema<Color>& e) {
  e.value<Color::red>().value<Color::green>();
}

struct Point {
  int x = 0;

  static void describe(aerie::Schema<Point>& s) { s.field<&Point::x>(); }
};

using Texts = std::vector<std::string>;

// A description of one member "m" of type T with the rules that `declare` adds. A description takes no
// arguments, so the rules are left for it in a place that lasts as long as this call.
template <typename T>
StructSchema schema_with(std::function<void(FieldRef&)> declare = [](FieldRef&) {}) {
  static std::function<void(FieldRef&)> const* declared = nullptr;
  declared = &declare;
  return StructSchema([](StructSchema& schema) {
    schema.set_name("Dto");
    schema.add("m", 0, aerie::type_ops<T>);
    FieldRef field(schema, 0);
    (*declared)(field);
  });
}

Texts texts_of(StructSchema const& schema, std::string_view payload,
               aerie::ValidationOptions const& options = {}) {
  Value value;
  EXPECT_TRUE(json::parse(payload, value).ok()) << payload;
  return aerie::flatten_messages(aerie::validate(schema, std::move(value), options).errors);
}

Texts rules_of(StructSchema const& schema) {
  Texts names;
  for (aerie::Rule const& rule : schema.rules()[0].rules)
    names.push_back(rule.name + (rule.is_each ? " each" : ""));
  return names;
}

TEST(FieldRef, ImpliesRulesByTheMembersType) {
  EXPECT_EQ(rules_of(schema_with<std::string>()), Texts{"isString"});
  EXPECT_EQ(rules_of(schema_with<std::uint16_t>()), Texts{"isInt"});
  EXPECT_EQ(rules_of(schema_with<float>()), Texts{"isNumber"});
  EXPECT_EQ(rules_of(schema_with<bool>()), Texts{"isBoolean"});
  EXPECT_EQ(rules_of(schema_with<aerie::Date>()), Texts{"isDate"});
  EXPECT_EQ(rules_of(schema_with<aerie::Bytes>()), Texts{"isInstance"});
  EXPECT_EQ(rules_of(schema_with<Color>()), Texts{"isEnum"});
  EXPECT_EQ(rules_of(schema_with<Value>()), Texts{});
  EXPECT_EQ(rules_of(schema_with<aerie::Object>()), Texts{"isObject"});
  EXPECT_EQ(rules_of(schema_with<Point>()), Texts{"nestedValidation"});
  EXPECT_EQ(rules_of(schema_with<std::vector<Point>>()), (Texts{"isArray", "nestedValidation each"}));
  EXPECT_EQ(rules_of(schema_with<std::vector<Color>>()), (Texts{"isArray", "isEnum each"}));
  EXPECT_EQ(rules_of(schema_with<std::vector<std::optional<int>>>()), Texts{"isArray"});
  EXPECT_EQ(rules_of(schema_with<std::map<std::string, Point>>()),
            (Texts{"isObject", "nestedValidation each"}));
  EXPECT_EQ(rules_of(schema_with<std::pair<int, int>>()), Texts{"isArray"});
  EXPECT_EQ(rules_of(schema_with<std::optional<std::string>>()), Texts{"isString"});
  EXPECT_TRUE(schema_with<std::optional<std::string>>().rules()[0].may_be_absent);
}

TEST(FieldRef, PutsImpliedRulesFirstAndExplicitOnesWhereTheyAreWritten) {
  EXPECT_EQ(rules_of(schema_with<std::string>([](FieldRef& f) { f.not_empty().max_length(3); })),
            (Texts{"isString", "isNotEmpty", "maxLength"}));
  EXPECT_EQ(rules_of(schema_with<std::string>([](FieldRef& f) { f.max_length(3).is_string(); })),
            (Texts{"maxLength", "isString"}));
  EXPECT_EQ(rules_of(schema_with<std::string>([](FieldRef& f) { f.is_email(); })), Texts{"isEmail"});
  EXPECT_EQ(rules_of(schema_with<std::vector<std::string>>([](FieldRef& f) { f.max_length(3).each(); })),
            (Texts{"isArray", "isString each", "maxLength each"}));
  EXPECT_EQ(rules_of(schema_with<std::vector<Point>>([](FieldRef& f) { f.nested().is_array(); })),
            (Texts{"nestedValidation each", "isArray"}));
  EXPECT_EQ(rules_of(schema_with<int>([](FieldRef& f) { f.without_implied_rules().minimum(1); })),
            Texts{"min"});
}

TEST(FieldRef, ReportsFromTheLastRuleToTheFirst) {
  auto const schema = schema_with<std::string>([](FieldRef& f) { f.not_empty().min_length(2); });
  EXPECT_EQ(texts_of(schema, R"({"m":""})"),
            (Texts{"m must be longer than or equal to 2 characters", "m should not be empty"}));
  EXPECT_EQ(texts_of(schema, R"({"m":""})", {.stop_at_first_error = true}),
            Texts{"m must be longer than or equal to 2 characters"});
}

TEST(FieldRef, LeavesAbsentOptionalMembersAlone) {
  auto const by_type = schema_with<std::optional<int>>([](FieldRef& f) { f.minimum(1); });
  auto const by_rule = schema_with<int>([](FieldRef& f) { f.optional().minimum(1); });
  for (StructSchema const* schema : {&by_type, &by_rule}) {
    EXPECT_EQ(texts_of(*schema, "{}"), Texts{});
    EXPECT_EQ(texts_of(*schema, R"({"m":null})"), Texts{});
    EXPECT_EQ(texts_of(*schema, R"({"m":0})"), Texts{"m must not be less than 1"});
  }
  auto const required = schema_with<std::optional<int>>([](FieldRef& f) { f.is_defined(); });
  EXPECT_EQ(texts_of(required, R"({"m":null})"),
            (Texts{"m should not be null or undefined", "m must be an integer number"}));
  EXPECT_EQ(texts_of(required, R"({"m":null})", {.skip_missing_properties = true}),
            Texts{"m should not be null or undefined"});
}

TEST(FieldRef, ChecksOnlyWhereItsConditionHolds) {
  auto const schema = schema_with<std::string>([](FieldRef& f) {
    f.validate_if([](aerie::Object const& object) { return object["wants"] == Value(true); });
  });
  EXPECT_EQ(texts_of(schema, R"({"m":1})"), Texts{});
  EXPECT_EQ(texts_of(schema, R"({"m":1,"wants":true})"), Texts{"m must be a string"});
}

TEST(FieldRef, TakesTextsOfTheApplication) {
  auto const schema = schema_with<int>([](FieldRef& f) {
    f.minimum(3)
        .message("$property of $target is $value, below $constraint1")
        .maximum(1)
        .message([](aerie::RuleContext const& context) {
          return "$property has " + std::to_string(context.object.size()) + " siblings";
        });
  });
  EXPECT_EQ(texts_of(schema, R"({"m":2,"n":1})"), (Texts{"m has 2 siblings", "m of Dto is 2, below 3"}));
}

TEST(FieldRef, DismissesItsOwnTextsWhenAsked) {
  auto const schema = schema_with<int>([](FieldRef& f) { f.minimum(3).maximum(1).message("too large"); });
  EXPECT_EQ(texts_of(schema, R"({"m":2})", {.dismiss_default_messages = true}), (Texts{"too large", ""}));
}

TEST(FieldRef, HasRulesOfTheApplication) {
  auto const schema = schema_with<std::string>([](FieldRef& f) {
    f.rule("isEven", "$property has $value", [](Value const& value) {
       return value.size() % 2 == 0 && value.is_array();
     }).rule("repeats", "$property must repeat n", [](Value const& value, aerie::RuleContext const& context) {
      return value == context.object["n"];
    });
  });
  EXPECT_EQ(texts_of(schema, R"({"m":"a","n":"b"})"), (Texts{"m must repeat n", "m has a"}));
  EXPECT_EQ(texts_of(schema, R"({"m":"a","n":"a"})"), Texts{"m has a"});
}

TEST(FieldRef, ChoosesRulesByTheirGroups) {
  auto const schema =
      schema_with<std::string>([](FieldRef& f) { f.min_length(2).groups({"create"}).max_length(0); });
  std::string_view const payload = R"({"m":"a"})";
  std::string const too_short = "m must be longer than or equal to 2 characters";
  std::string const too_long = "m must be shorter than or equal to 0 characters";
  EXPECT_EQ(texts_of(schema, payload), (Texts{too_long, too_short}));
  EXPECT_EQ(texts_of(schema, payload, {.strict_groups = true}), Texts{too_long});
  EXPECT_EQ(texts_of(schema, payload, {.groups = {"create"}}), Texts{too_short});
  EXPECT_EQ(texts_of(schema, payload, {.groups = {"create"}, .always = true}), (Texts{too_long, too_short}));
  EXPECT_EQ(texts_of(schema, payload, {.groups = {"update"}}), Texts{});
}

TEST(FieldRef, ComparesLargeIntegersExactly) {
  auto const schema = schema_with<std::int64_t>([](FieldRef& f) { f.maximum(9007199254740992); });
  EXPECT_EQ(texts_of(schema, R"({"m":9007199254740993})"),
            Texts{"m must not be greater than 9007199254740992"});
}

TEST(FieldRef, CountsCharactersAsReadersDo) {
  auto const schema = schema_with<std::string>([](FieldRef& f) { f.max_length(1); });
  for (std::string_view const text : {"a", "é", "👋", "❤️", "한"})
    EXPECT_EQ(texts_of(schema, R"({"m":")" + std::string(text) + "\"}"), Texts{}) << text;
  EXPECT_EQ(texts_of(schema, R"({"m":"👋👋"})").size(), 1u);
}

TEST(FieldRef, SaysWhatIsWrongWithADescription) {
  auto const reason = [](std::function<void(FieldRef&)> declare) -> std::string {
    try {
      (void)schema_with<std::string>(std::move(declare));
    } catch (std::logic_error const& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(reason([](FieldRef& f) { f.message("x"); }),
            "aerie: message(...) of the field \"m\" follows no rule; write it behind the rule that it is "
            "about, such as "
            "is_string().message(...)");
  EXPECT_EQ(reason([](FieldRef& f) { f.is_enum(); }),
            "aerie: is_enum() of the field \"m\" does not know the names, because its type is no described "
            "enumeration; give them: is_enum({\"a\", \"b\"})");
  EXPECT_EQ(reason([](FieldRef& f) { f.matches("(?=x)"); }),
            "aerie: matches(\"(?=x)\"): invalid perl operator: (?=; patterns are those of RE2, which has no "
            "look-around "
            "and no back references");
  EXPECT_EQ(reason([](FieldRef& f) { f.minimum("1"); }),
            "aerie: minimum() and maximum() take a number, not a string");
}

}}  // namespace field_ref_test
