#include <aerie/schema/validate.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace json = aerie::json;
using aerie::ValidationOptions;
using aerie::ValidationResult;
using aerie::Value;

namespace validate_test { namespace {

struct User {
  std::string name;
  int age = 0;
  std::optional<bool> admin;
  std::optional<std::string> tag;
  std::optional<std::string> kind;

  static void describe(aerie::Schema<User>& s) {
    s.field<&User::name>().length(2, 8);
    s.field<&User::age>().minimum(0).maximum(150);
    s.field<&User::admin>();
    s.field<&User::tag>().matches("^[a-z]+$");
    s.field<&User::kind>().one_of({"a", "b"});
  }
};

enum class Color { red, green };

void describe(aerie::EnumSchema<Color>& e) {
  e.value<Color::red>().value<Color::green>();
}

struct Item {
  std::string name;
  int qty = 0;

  static void describe(aerie::Schema<Item>& s) {
    s.field<&Item::name>();
    s.field<&Item::qty>().minimum(1);
  }
};

struct Order {
  std::string email;
  std::vector<Item> items;
  std::optional<Color> color;

  static void describe(aerie::Schema<Order>& s) {
    s.field<&Order::email>().is_email();
    s.field<&Order::items>().array_max_size(2);
    s.field<&Order::color>();
  }
};

struct NewMessage {
  std::string content;

  static void describe(aerie::Schema<NewMessage>& s) {
    s.field<&NewMessage::content>().not_empty().max_length(20);
  }
};

Value parse(std::string_view text) {
  Value value;
  EXPECT_TRUE(text.empty() || json::parse(text, value).ok()) << text;
  return value;
}

constexpr std::string_view good = R"({"name":"Kim","age":20})";

struct Case {
  std::string_view what;
  std::string_view payload;  // Empty: there is none.
  std::string_view expected;
  ValidationOptions options = {};
};

// The errors, or the message that may be decoded, as JSON text.
template <typename T>
std::string outcome(Case const& test) {
  auto const result = aerie::validate<T>(parse(test.payload), test.options);
  return result ? json::stringify(result.plain) : json::stringify(result.errors);
}

constexpr std::string_view nothing_at_all =
    R"([{"property":"name","children":[],"constraints":{"isLength":"name must be longer than or equal to 2 characters","isString":"name must be a string"}},)"
    R"({"property":"age","children":[],"constraints":{"max":"age must not be greater than 150","min":"age must not be less than 0","isInt":"age must be an integer number"}}])";

TEST(Validate, ReportsAUserAsTheReferenceApplicationDoes) {
  ValidationOptions const whitelist{.whitelist = true};
  ValidationOptions const forbid{.whitelist = true, .forbid_non_whitelisted = true};
  ValidationOptions const implicit{.enable_implicit_conversion = true};
  ValidationOptions const first{.stop_at_first_error = true};
  std::vector<Case> const cases = {
      {"valid", good, good},
      {"extra property", R"({"name":"Kim","age":20,"extra":1,"__proto":2})",
       R"({"name":"Kim","age":20,"extra":1,"__proto":2})"},
      {"wrong types", R"({"name":5,"age":"20"})",
       R"([{"value":5,"property":"name","children":[],"constraints":{"isLength":"name must be longer than or equal to 2 and shorter than or equal to 8 characters","isString":"name must be a string"}},{"value":"20","property":"age","children":[],"constraints":{"max":"age must not be greater than 150","min":"age must not be less than 0","isInt":"age must be an integer number"}}])"},
      {"no payload", "", nothing_at_all},
      {"null", "null", nothing_at_all},
      {"string", "\"x\"", nothing_at_all},
      {"number", "5", nothing_at_all},
      {"array", R"([{"name":"Kim","age":20}])", nothing_at_all},
      {"empty object", "{}", nothing_at_all, whitelist},
      {"out of range", R"({"name":"x","age":151})",
       R"([{"value":"x","property":"name","children":[],"constraints":{"isLength":"name must be longer than or equal to 2 characters"}},{"value":151,"property":"age","children":[],"constraints":{"max":"age must not be greater than 150"}}])"},
      {"fraction", R"({"name":"Kim","age":1.5})",
       R"([{"value":1.5,"property":"age","children":[],"constraints":{"isInt":"age must be an integer number"}}])"},
      {"bad tag and kind", R"({"name":"Kim","age":20,"tag":"A1","kind":"c"})",
       R"([{"value":"A1","property":"tag","children":[],"constraints":{"matches":"tag must match /^[a-z]+$/ regular expression"}},{"value":"c","property":"kind","children":[],"constraints":{"isIn":"kind must be one of the following values: a, b"}}])"},
      {"null optional", R"({"name":"Kim","age":20,"admin":null})", R"({"name":"Kim","age":20,"admin":null})"},
      {"negative", R"({"name":"toolongname","age":-1})",
       R"([{"value":"toolongname","property":"name","children":[],"constraints":{"isLength":"name must be shorter than or equal to 8 characters"}},{"value":-1,"property":"age","children":[],"constraints":{"min":"age must not be less than 0"}}])"},
      {"whitelist", R"({"x":1,"name":"Kim","y":2,"age":20})", good, whitelist},
      {"forbid, two extras and an error", R"({"name":1,"age":2,"x":1,"y":2})",
       R"([{"value":1,"property":"x","constraints":{"whitelistValidation":"property x should not exist"}},{"value":2,"property":"y","constraints":{"whitelistValidation":"property y should not exist"}},{"value":1,"property":"name","children":[],"constraints":{"isLength":"name must be longer than or equal to 2 and shorter than or equal to 8 characters","isString":"name must be a string"}}])",
       forbid},
      {"implicit, valid", good, good, implicit},
      {"implicit, wrong types", R"({"name":5,"age":"20"})",
       R"([{"value":"5","property":"name","children":[],"constraints":{"isLength":"name must be longer than or equal to 2 characters"}}])",
       implicit},
      {"implicit, bad number", R"({"name":"Kim","age":"x"})",
       R"([{"value":null,"property":"age","children":[],"constraints":{"max":"age must not be greater than 150","min":"age must not be less than 0","isInt":"age must be an integer number"}}])",
       implicit},
      {"first, many errors", R"({"name":1,"age":"x"})",
       R"([{"value":1,"property":"name","children":[],"constraints":{"isLength":"name must be longer than or equal to 2 and shorter than or equal to 8 characters"}},{"value":"x","property":"age","children":[],"constraints":{"max":"age must not be greater than 150"}}])",
       first},
  };
  for (Case const& test : cases)
    EXPECT_EQ(outcome<User>(test), test.expected) << test.what;
}

TEST(Validate, ReportsAnOrderAsTheReferenceApplicationDoes) {
  std::vector<Case> const cases = {
      {"valid", R"({"email":"a@b.co","items":[{"name":"x","qty":1}]})",
       R"({"email":"a@b.co","items":[{"name":"x","qty":1}]})"},
      {"nested error", R"({"email":"a@b.co","items":[{"name":1,"qty":0}]})",
       R"([{"property":"items","children":[{"property":"0","children":[{"value":1,"property":"name","children":[],"constraints":{"isString":"name must be a string"}},{"value":0,"property":"qty","children":[],"constraints":{"min":"qty must not be less than 1"}}]}]}])"},
      {"second item", R"({"email":"a@b.co","items":[{"name":"x","qty":1},{"name":"y"}]})",
       R"([{"property":"items","children":[{"property":"1","children":[{"property":"qty","children":[],"constraints":{"min":"qty must not be less than 1","isInt":"qty must be an integer number"}}]}]}])"},
      {"nested extra stripped", R"({"email":"a@b.co","items":[{"name":"x","qty":1,"z":1}],"z":1})",
       R"({"email":"a@b.co","items":[{"name":"x","qty":1}]})"},
      {"items not an array", R"({"email":"a@b.co","items":"x"})",
       R"([{"value":"x","property":"items","children":[],"constraints":{"arrayMaxSize":"items must contain no more than 2 elements","isArray":"items must be an array","nestedValidation":"each value in nested property items must be either object or array"}}])"},
      {"too many",
       R"({"email":"a@b.co","items":[{"name":"x","qty":1},{"name":"x","qty":1},{"name":"x","qty":1,"z":1}]})",
       R"([{"value":[{"name":"x","qty":1},{"name":"x","qty":1},{"name":"x","qty":1}],"property":"items","children":[],"constraints":{"arrayMaxSize":"items must contain no more than 2 elements"}}])"},
      {"item not an object", R"({"email":"a@b.co","items":["x"]})",
       R"([{"property":"items","children":[{"value":"x","property":"0","children":[],"constraints":{"nestedValidation":"each value in nested property items must be either object or array"}}]}])"},
      {"bad mail and colour", R"({"email":"nope","items":[],"color":"blue"})",
       R"([{"value":"nope","property":"email","children":[],"constraints":{"isEmail":"email must be an email"}},{"value":"blue","property":"color","children":[],"constraints":{"isEnum":"color must be one of the following values: red, green"}}])"},
      {"enum ok", R"({"email":"a@b.co","items":[],"color":"red"})",
       R"({"email":"a@b.co","items":[],"color":"red"})"},
  };
  for (Case test : cases) {
    test.options.whitelist = true;
    EXPECT_EQ(outcome<Order>(test), test.expected) << test.what;
  }
}

TEST(Validate, FlattensTextsAsTheReferenceApplicationDoes) {
  using Texts = std::vector<std::string>;
  struct {
    std::string_view payload;
    Texts expected;
  } const cases[] = {
      {R"({"content":""})", {"content should not be empty"}},
      {R"({})",
       {"content must be shorter than or equal to 20 characters", "content should not be empty",
        "content must be a string"}},
      {R"({"content":"xxxxxxxxxxxxxxxxxxxxx"})", {"content must be shorter than or equal to 20 characters"}},
      {R"({"content":5})",
       {"content must be shorter than or equal to 20 characters", "content must be a string"}},
      {R"({"content":"x","evil":1})", {"property evil should not exist"}},
      {R"({"content":1,"evil":1})",
       {"property evil should not exist", "content must be shorter than or equal to 20 characters",
        "content must be a string"}},
  };
  for (auto const& [payload, expected] : cases) {
    auto const result =
        aerie::validate<NewMessage>(parse(payload), {.whitelist = true, .forbid_non_whitelisted = true});
    EXPECT_EQ(aerie::flatten_messages(result.errors), expected) << payload;
  }
  auto const nested =
      aerie::validate<Order>(parse(R"({"email":"x","items":[{"name":1,"qty":0}],"color":"blue"})"));
  EXPECT_EQ(
      aerie::flatten_messages(nested.errors),
      (Texts{"email must be an email", "items.0.name must be a string", "items.0.qty must not be less than 1",
             "color must be one of the following values: red, green"}));
}

using Texts = std::vector<std::string>;

TEST(FlattenMessages, PutsTheTextsOfParentsFirstOrLast) {
  auto const wrong = aerie::validate<Order>(
      parse(R"({"email":"a@b.co","items":[{"name":"x","qty":1},{"name":"y","qty":0},{"name":3,"qty":2}]})"));
  EXPECT_EQ(aerie::flatten_messages(wrong.errors),
            (Texts{"items.1.qty must not be less than 1", "items.2.name must be a string"}))
      << "those of an outermost one that has wrong members are left out";
  auto const most = aerie::default_max_messages_length;
  EXPECT_EQ(aerie::flatten_messages(wrong.errors, most, true, aerie::ParentTexts::first),
            (Texts{"items must contain no more than 2 elements", "items.1.qty must not be less than 1",
                   "items.2.name must be a string"}));
}

TEST(GroupMessages, SaysTextsByPath) {
  auto const wrong = aerie::validate<Order>(
      parse(R"({"email":"x","items":[{"name":"y","qty":0},{"name":3,"qty":2},{"name":"z","qty":1}]})"));
  EXPECT_EQ(json::stringify(aerie::group_messages(wrong.errors)),
            R"({"email":["email must be an email"],"items":["items must contain no more than 2 elements"],)"
            R"("items.0.qty":["qty must not be less than 1"],"items.1.name":["name must be a string"]})");
  EXPECT_EQ(json::stringify(aerie::group_messages(wrong.errors, 10)),
            R"({"email":["email must be an email"],"...":["Further validation errors were omitted"]})");
  EXPECT_EQ(json::stringify(aerie::group_messages({}, 10, false)),
            R"({"...":["Further validation errors were omitted"]})");
}

}}  // namespace validate_test
