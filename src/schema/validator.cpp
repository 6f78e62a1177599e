#include "schema/validator.hpp"

#include "schema/is_nothing.hpp"
#include "schema/type_rules.hpp"

#include <aerie/schema/variant.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace schema {
namespace {

Value const& undefined_value() {
  static Value const value;
  return value;
}

// Which elements fail is not said, only that one does.
bool holds(Rule const& rule, RuleContext const& context) {
  if (!rule.is_each || !context.value.is_array()) return rule.check(context.value, context);
  return std::ranges::all_of(context.value.as_array(),
                             [&](Value const& element) { return rule.check(element, context); });
}

}  // namespace

bool Validator::is_applied(Rule const& rule) const {
  if (options_.groups.empty()) return rule.groups.empty() || !options_.strict_groups;
  if (rule.groups.empty()) return options_.always;
  return std::ranges::any_of(rule.groups, [this](std::string const& group) {
    return std::ranges::find(options_.groups, group) != options_.groups.end();
  });
}

bool Validator::is_skipped(Value const& value) const {
  if (value.is_undefined()) return options_.skip_undefined_properties || options_.skip_missing_properties;
  return value.is_null() && (options_.skip_null_properties || options_.skip_missing_properties);
}

void Validator::check_object(StructSchema const& schema, Object& object, Errors& errors,
                             std::string_view tag) {
  if (schema.fields().empty() && options_.forbid_unknown_values) {
    ValidationError error;
    error.constraints.push_back(
        {.rule = "unknownValue", .text = "an unknown value was passed to the validate function"});
    errors.push_back(std::move(error));
    return;
  }
  if (options_.whitelist) check_unknown(schema, object, tag, errors);
  for (std::size_t i = 0; i < schema.fields().size(); ++i) {
    FieldInfo const& field = schema.fields()[i];
    FieldRules const& rules = schema.rules()[i];
    if (rules.rules.empty()) continue;
    check_member({field.name, field.type->shape, rules, object, schema.name()}, object.find(field.name),
                 errors);
  }
}

void Validator::check_described(TypeShape const& shape, Value& value, Errors& errors) {
  if (shape.kind == TypeKind::object) return check_object(shape.schema(), value.as_object(), errors);
  VariantTable const& table = shape.alternatives();
  if (VariantTable::Entry const* const entry = table.find(value)) {
    return check_object(entry->type->shape.schema(), value.as_object(), errors, table.tag());
  }
  ValidationError error;
  error.property = table.tag();
  std::string names;
  for (VariantTable::Entry const& entry : table.entries())
    names.append(names.empty() ? "" : ", ").append(entry.name);
  error.constraints.push_back(
      {.rule = "isIn", .text = table.tag() + " must be one of the following values: " + names});
  push(std::move(error), value[table.tag()], errors);
}

void Validator::check_unknown(StructSchema const& schema, Object& object, std::string_view tag,
                              Errors& errors) {
  auto const is_known = [&](std::string_view name, std::size_t expected) {
    return schema.find(name, std::min(expected, schema.fields().size())) != StructSchema::npos ||
           (!tag.empty() && name == tag);
  };
  std::size_t known = 0;
  for (Object::Member const& member : object) {
    if (is_known(member.key, known)) {
      ++known;
      continue;
    }
    if (!options_.forbid_non_whitelisted) continue;
    ValidationError error;
    error.property = member.key;
    error.constraints.push_back(
        {.rule = "whitelistValidation", .text = "property " + member.key + " should not exist"});
    error.has_children_list = false;
    push(std::move(error), member.value, errors);
  }
  if (options_.forbid_non_whitelisted || known == object.size()) return;
  Object kept;
  kept.reserve(known);
  for (Object::Member const& member : object) {
    if (is_known(member.key, kept.size())) kept.set(member.key, std::move(*object.find(member.key)));
  }
  object = std::move(kept);
}

void Validator::check_member(Member const& member, Value* found, Errors& errors) {
  Value const& value = found == nullptr ? undefined_value() : *found;
  if (member.rules.may_be_absent && is_nothing(value)) return;
  bool const is_validated = std::ranges::all_of(
      member.rules.conditions, [&member](RuleCondition const& holds) { return holds(member.object); });
  if (!is_validated) return;

  ValidationError error;
  check_rules(member, value, Rule::Role::presence, error);
  if (!is_skipped(value)) {
    check_rules(member, value, Rule::Role::check, error);
    TypeShape const* const part = described_part(member.shape);
    for (Rule const& rule : member.rules.rules) {
      bool const is_nested = rule.role == Rule::Role::nested && is_applied(rule);
      if (is_nested && found != nullptr && part != nullptr) check_nested(member, rule, *part, *found, error);
    }
  }
  if (error.constraints.empty() && error.children.empty()) return;
  error.property = member.name;
  push(std::move(error), value, errors);
}

void Validator::check_rules(Member const& member, Value const& value, Rule::Role role,
                            ValidationError& error) {
  RuleContext const context{member.name, value, member.object, member.target};
  std::vector<Rule> const& rules = member.rules.rules;
  for (auto at = rules.rbegin(); at != rules.rend(); ++at) {
    Rule const& rule = *at;
    if (rule.role != role || !is_applied(rule)) continue;
    if (is_enough(error)) return;
    if (!holds(rule, context)) fail(rule, context, error);
  }
}

void Validator::check_nested(Member const& member, Rule const& rule, TypeShape const& part, Value& value,
                             ValidationError& error) {
  if (value.is_undefined() || is_enough(error)) return;
  if (value.is_array()) {
    std::size_t index = 0;
    for (Value& element : value.as_array())
      check_nested_element(member, rule, part, std::to_string(index++), element, error.children);
    return;
  }
  if (value.is_object()) {
    if (member.shape.kind != TypeKind::map) return check_described(part, value, error.children);
    Object& entries = value.as_object();
    for (Object::Member const& entry : entries)
      check_nested_element(member, rule, part, entry.key, *entries.find(entry.key), error.children);
    return;
  }
  // A date is an object without rules to class-validator; it is refused when it is decoded.
  if (value.is_date()) return;
  fail(rule, {member.name, value, member.object, member.target}, error);
}

void Validator::check_nested_element(Member const& member, Rule const& rule, TypeShape const& part,
                                     std::string name, Value& value, Errors& errors) {
  if (is_skipped(value)) return;
  ValidationError error;
  // Of an element only what is nested in it counts: it has no shape of its own but that of a described
  // struct.
  check_nested({member.name, part, member.rules, member.object, member.target}, rule, part, value, error);
  if (error.constraints.empty() && error.children.empty()) return;
  error.property = std::move(name);
  push(std::move(error), value, errors);
}

void Validator::check_elements(TypeShape const& shape, Value& value, Errors& errors) {
  TypeShape const* const part = described_part(shape);
  if (part == nullptr || is_nothing(value)) return;
  static Rule const rule = nested_rule();
  static Object const no_object;
  static FieldRules const no_rules;
  ValidationError error;
  check_nested({options_.root_name, shape, no_rules, no_object, {}}, rule, *part, value, error);
  if (!error.constraints.empty()) {
    error.property = options_.root_name;
    push(std::move(error), value, errors);
    return;
  }
  for (ValidationError& child : error.children)
    errors.push_back(std::move(child));
}

void Validator::fail(Rule const& rule, RuleContext const& context, ValidationError& error) {
  std::string text = text_of(rule, context, !options_.dismiss_default_messages);
  for (Constraint& constraint : error.constraints) {
    if (constraint.rule != rule.name) continue;
    constraint.text = std::move(text);
    return;
  }
  error.constraints.push_back({.rule = rule.name, .text = std::move(text)});
}

void Validator::push(ValidationError error, Value const& value, Errors& errors) {
  bool const is_leaf = error.children.empty();
  bool const has_value =
      options_.error_values == ErrorValues::all || (options_.error_values == ErrorValues::leaves && is_leaf);
  if (has_value) error.value = value;
  errors.push_back(std::move(error));
}

}}}  // namespace aerie::v1::schema
