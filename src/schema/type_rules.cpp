#include "schema/type_rules.hpp"

#include "schema/js_text.hpp"

#include <aerie/schema/describe.hpp>
#include <aerie/schema/variant.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace aerie { inline namespace v1 { namespace schema {
namespace {

using Predicate = bool (*)(Value const&);

Rule type_rule(std::string name, std::string text, Predicate predicate) {
  return {.name = std::move(name),
          .arguments = {},
          .check = [predicate](Value const& value, RuleContext const&) { return predicate(value); },
          .text = "$property " + text,
          .says_type = true};
}

bool is_whole(Value const& value) {
  if (value.kind() == ValueKind::integer) return true;
  if (value.kind() != ValueKind::number) return false;
  double const number = value.as_double();
  return std::isfinite(number) && std::trunc(number) == number;
}

// Digits behind the point of the shortest decimal text, as JavaScript prints it; none in "1e-7".
std::size_t decimal_places(double number) {
  std::string const text = js_string(number);
  std::size_t const point = text.find('.');
  return point == std::string::npos ? 0 : text.size() - point - 1;
}

bool is_number_within(Value const& value, NumberOptions const& options) {
  if (!value.is_number()) return false;
  double const number = value.as_double();
  if (std::isnan(number)) return options.allow_nan;
  if (std::isinf(number)) return options.allow_infinity;
  return !options.max_decimal_places || std::trunc(number) == number ||
         decimal_places(number) <= *options.max_decimal_places;
}

// The rule of a type by itself, if there is one.
std::optional<Rule> rule_of(TypeShape const& shape) {
  switch (shape.kind) {
    case TypeKind::boolean:
      return boolean_rule();
    case TypeKind::integer:
      return integer_rule();
    case TypeKind::number:
      return number_rule({});
    case TypeKind::string:
      return string_rule();
    case TypeKind::bytes:
      return bytes_rule();
    case TypeKind::date:
      return date_rule();
    case TypeKind::enumeration:
      return enum_rule(names_of(shape.names()));
    case TypeKind::array:
    case TypeKind::tuple:
      return array_rule();
    case TypeKind::map:
      return object_rule();
    case TypeKind::object:
    case TypeKind::variant:
    case TypeKind::untagged:
    case TypeKind::any:
    case TypeKind::other:
    case TypeKind::digits:
    case TypeKind::duration:
      break;
  }
  return std::nullopt;
}

bool has_rule(FieldRules const& rules, bool (*is_wanted)(Rule const&)) {
  return std::ranges::any_of(rules.rules, is_wanted);
}

}  // namespace

std::vector<std::string> names_of(EnumTable const& table) {
  std::vector<std::string> names;
  for (EnumTable::Entry const& entry : table.entries())
    names.push_back(entry.name);
  return names;
}

Rule string_rule() {
  return type_rule("isString", "must be a string", [](Value const& value) { return value.is_string(); });
}

Rule integer_rule() {
  return type_rule("isInt", "must be an integer number", is_whole);
}

Rule number_rule(NumberOptions options) {
  Rule rule = type_rule("isNumber", "must be a number conforming to the specified constraints", nullptr);
  rule.check = [options](Value const& value, RuleContext const&) { return is_number_within(value, options); };
  return rule;
}

Rule boolean_rule() {
  return type_rule("isBoolean", "must be a boolean value",
                   [](Value const& value) { return value.is_bool(); });
}

Rule array_rule() {
  return type_rule("isArray", "must be an array", [](Value const& value) { return value.is_array(); });
}

Rule object_rule() {
  return type_rule("isObject", "must be an object", [](Value const& value) {
    return value.is_object() || value.is_date() || value.is_bytes();
  });
}

Rule date_rule() {
  return type_rule("isDate", "must be a Date instance",
                   [](Value const& value) { return value.is_date() && value.as_date().is_valid(); });
}

Rule bytes_rule() {
  Rule rule = type_rule("isInstance", "must be an instance of Buffer",
                        [](Value const& value) { return value.is_bytes(); });
  rule.arguments = {"Buffer"};
  return rule;
}

Rule enum_rule(std::vector<std::string> names) {
  Rule rule = type_rule("isEnum", "must be one of the following values: $constraint2", nullptr);
  Array values(names.begin(), names.end());
  rule.arguments = {Value::object(), Value(std::move(values))};
  rule.check = [names = std::move(names)](Value const& value, RuleContext const&) {
    return value.is_string() && std::ranges::find(names, value.as_string()) != names.end();
  };
  return rule;
}

Rule nested_rule() {
  return {.name = "nestedValidation",
          .arguments = {},
          .check = {},
          .text = "nested property $property must be either object or array",
          .role = Rule::Role::nested};
}

bool is_described(TypeShape const& shape) {
  return shape.kind == TypeKind::object || shape.kind == TypeKind::variant;
}

StructSchema const* schema_of_value(TypeShape const& shape, Value const& value) {
  if (shape.kind == TypeKind::object) return &shape.schema();
  VariantTable::Entry const* const entry = shape.alternatives().find(value);
  return entry == nullptr ? nullptr : &entry->type->shape.schema();
}

bool holds_described(TypeShape const& shape) {
  switch (shape.kind) {
    case TypeKind::object:
    case TypeKind::variant:
      return true;
    case TypeKind::array:
    case TypeKind::map:
      return shape.element != nullptr && holds_described(shape.element->shape);
    case TypeKind::tuple:
    case TypeKind::untagged:
      return std::ranges::any_of(shape.parts,
                                 [](TypePart const& part) { return holds_described(part.type->shape); });
    default:
      return false;
  }
}

TypeShape const* alternative_for(TypeShape const& shape, Value const& value) {
  for (TypePart const& part : shape.parts) {
    if (part.fits(value)) return &part.type->shape;
  }
  return nullptr;
}

void add_implied_rules(FieldRules& rules, TypeShape const& shape) {
  if (!rules.has_implied) return;
  bool const has_presence =
      has_rule(rules, [](Rule const& rule) { return rule.role == Rule::Role::presence; });
  if (shape.is_optional && !has_presence) rules.may_be_absent = true;

  std::vector<Rule> implied;
  if (!has_rule(rules, [](Rule const& rule) { return rule.says_type && !rule.is_each; })) {
    if (auto rule = rule_of(shape)) implied.push_back(std::move(*rule));
  }
  bool const has_nested = has_rule(rules, [](Rule const& rule) { return rule.role == Rule::Role::nested; });
  if (!has_nested && holds_described(shape)) {
    implied.push_back(nested_rule());
    implied.back().is_each = !is_described(shape) && shape.kind != TypeKind::untagged;
  }
  bool const has_elements = shape.kind == TypeKind::array && shape.element != nullptr;
  if (has_elements && !shape.element->shape.is_optional &&
      !has_rule(rules, [](Rule const& rule) { return rule.says_type && rule.is_each; })) {
    if (auto rule = rule_of(shape.element->shape)) {
      rule->is_each = true;
      implied.push_back(std::move(*rule));
    }
  }
  for (Rule& rule : implied)
    rule.looks_at_value_only = true;
  rules.rules.insert(rules.rules.begin(), std::make_move_iterator(implied.begin()),
                     std::make_move_iterator(implied.end()));
}

}}}  // namespace aerie::v1::schema
