#include <aerie/schema/codec.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/schema/validate.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace variant_test { namespace {

namespace json = aerie::json;
using aerie::Value;

struct Circle {
  double radius = 0;

  static void describe(aerie::Schema<Circle>& s) { s.field<&Circle::radius>().is_positive(); }

  bool operator==(Circle const&) const = default;
};

struct Note {
  std::string kind = "note";
  std::optional<std::string> text;

  static void describe(aerie::Schema<Note>& s) {
    s.field<&Note::text>();
    s.field<&Note::kind>();
  }

  bool operator==(Note const&) const = default;
};

using Shape = std::variant<Circle, Note>;

void describe(aerie::VariantSchema<Shape>& v) {
  v.tag("kind").value<Note>("note").value<Circle>("circle");
}

struct Drawing {
  std::vector<Shape> shapes;

  static void describe(aerie::Schema<Drawing>& s) { s.field<&Drawing::shapes>().array_max_size(3); }

  bool operator==(Drawing const&) const = default;
};

using Untagged = std::variant<std::int64_t, std::string, Circle>;

Value parse(std::string_view text) {
  Value value;
  EXPECT_TRUE(json::parse(text, value).ok()) << text;
  return value;
}

template <typename T>
std::string error_of(std::string_view text) {
  T value{};
  auto const result = json::parse(text, value);
  EXPECT_FALSE(result.ok()) << text;
  return result ? "" : result.error().to_string();
}

std::string errors_of(std::string_view payload) {
  return json::stringify(aerie::validate<Drawing>(parse(payload), {.whitelist = true}).errors);
}

TEST(Variant, PutsTheTagInFrontUnlessItIsDescribed) {
  EXPECT_EQ(json::stringify(Shape(Circle{1.5})), R"({"kind":"circle","radius":1.5})");
  EXPECT_EQ(json::stringify(Shape(Note{.text = "a"})), R"({"text":"a","kind":"note"})");
}

TEST(Variant, ReadsTheAlternativeThatTheTagNames) {
  Drawing const drawing{{Circle{1.5}, Note{.text = "a"}, Note{}}};
  Drawing from_json;
  ASSERT_TRUE(json::parse(json::stringify(drawing), from_json).ok());
  EXPECT_EQ(from_json, drawing);
  Drawing from_msgpack;
  ASSERT_TRUE(aerie::msgpack::unpack(aerie::msgpack::pack(drawing), from_msgpack).ok());
  EXPECT_EQ(from_msgpack, drawing);
  Drawing from_tree;
  ASSERT_TRUE(aerie::from_value(aerie::to_value(drawing), from_tree).ok());
  EXPECT_EQ(from_tree, drawing);
}

TEST(Variant, SaysWhatIsWrong) {
  EXPECT_EQ(error_of<Shape>("[]"), "expected an object, got an array");
  EXPECT_EQ(error_of<Shape>("{}"), R"(kind: expected one of "note" "circle", got something else)");
  EXPECT_EQ(error_of<Shape>(R"({"kind":"line"})"),
            R"(kind: expected one of "note" "circle", got something else)");
  EXPECT_EQ(error_of<Drawing>(R"({"shapes":[{"kind":"circle","radius":"1"}]})"),
            "shapes.0.radius: expected a number, got a string");
}

TEST(Variant, IsValidatedAsTheAlternativeThatTheTagNames) {
  EXPECT_EQ(errors_of(R"({"shapes":[{"kind":"circle","radius":1},{"kind":"note"}]})"), "[]");
  EXPECT_EQ(
      errors_of(R"({"shapes":[{"kind":"circle","radius":-1,"x":1}]})"),
      R"([{"property":"shapes","children":[{"property":"0","children":[{"value":-1,"property":"radius","children":[],"constraints":{"isPositive":"radius must be a positive number"}}]}]}])");
  EXPECT_EQ(
      errors_of(R"({"shapes":[{"kind":"line"}]})"),
      R"([{"property":"shapes","children":[{"property":"0","children":[{"value":"line","property":"kind","children":[],"constraints":{"isIn":"kind must be one of the following values: note, circle"}}]}]}])");
  EXPECT_EQ(
      errors_of(R"({"shapes":[5]})"),
      R"([{"property":"shapes","children":[{"value":5,"property":"0","children":[],"constraints":{"nestedValidation":"each value in nested property shapes must be either object or array"}}]}])");
}

TEST(Variant, KeepsTheTagWhenUnknownMembersAreRemoved) {
  auto const result =
      aerie::validate<Shape>(parse(R"({"x":1,"kind":"circle","radius":1})"), {.whitelist = true});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(json::stringify(result.plain), R"({"kind":"circle","radius":1})");
}

TEST(Variant, AsAWholeMessageHasToNameAnAlternative) {
  for (std::string_view const payload : {"null", "5", "[]", "{}"}) {
    auto const result = aerie::validate<Shape>(parse(payload));
    ASSERT_EQ(result.errors.size(), 1u) << payload;
    EXPECT_EQ(result.errors[0].property, "kind") << payload;
  }
}

TEST(Variant, WithoutADescriptionIsTheFirstAlternativeThatFits) {
  Untagged value;
  ASSERT_TRUE(json::parse("5", value).ok());
  EXPECT_EQ(value, Untagged(std::int64_t{5}));
  ASSERT_TRUE(json::parse("\"5\"", value).ok());
  EXPECT_EQ(value, Untagged("5"));
  ASSERT_TRUE(json::parse(R"({"radius":1})", value).ok());
  EXPECT_EQ(value, Untagged(Circle{1}));
  EXPECT_EQ(error_of<Untagged>("[]"), "expected one of several types, none of which fits an array");
}

TEST(Variant, RefusesADescriptionThatIsIncomplete) {
  auto const describe_with = [](aerie::VariantTable::Describe describe) {
    return aerie::VariantTable(describe, 2);
  };
  EXPECT_THROW(describe_with([](aerie::VariantTable& table) {
                 aerie::VariantSchema<Shape>(table).value<Note>("note").value<Circle>("circle");
               }),
               std::logic_error);
  EXPECT_THROW(describe_with([](aerie::VariantTable& table) {
                 aerie::VariantSchema<Shape>(table).tag("kind").value<Note>("note");
               }),
               std::logic_error);
  EXPECT_THROW(describe_with([](aerie::VariantTable& table) {
                 aerie::VariantSchema<Shape>(table).tag("kind").value<Note>("a").value<Circle>("a");
               }),
               std::logic_error);
}

}}  // namespace variant_test
