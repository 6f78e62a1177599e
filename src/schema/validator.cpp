#include "schema/validator.hpp"

#include "schema/is_nothing.hpp"
#include "schema/type_rules.hpp"

#include <aerie/core/immortal.hpp>
#include <aerie/schema/value_size.hpp>
#include <aerie/schema/variant.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace schema {

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
    add({.rule = "unknownValue", .text = "an unknown value was passed to the validate function"}, error);
    errors.push_back(std::move(error));
    return;
  }
  if (options_.whitelist) check_unknown(schema, object, tag, errors);
  // Most members are right, and a blank error is enough for all of them.
  ValidationError error;
  for (std::size_t i = 0; i < schema.fields().size() && !is_cut_; ++i) {
    FieldInfo const& field = schema.fields()[i];
    FieldRules const& rules = schema.rules()[i];
    if (rules.rules.empty()) continue;
    Member const member{field.name, rules, object, schema.name()};
    Value* const found = object.find(field.name);
    if (!is_wrong_member(member, field.type->shape, found, error)) continue;
    error.property = field.name;
    push(std::exchange(error, {}), found == nullptr ? Value::undefined() : *found, errors);
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
  add({.rule = "isIn", .text = table.tag() + " must be one of the following values: " + names}, error);
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
    if (!has_room()) return;
    ValidationError error;
    error.property = member.key;
    add({.rule = "whitelistValidation", .text = "property " + member.key + " should not exist"}, error);
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

bool Validator::is_wrong_member(Member const& member, TypeShape const& shape, Value* found,
                                ValidationError& error) {
  Value const& value = found == nullptr ? Value::undefined() : *found;
  if (member.rules.may_be_absent && is_nothing(value)) return false;
  bool const is_validated = std::ranges::all_of(
      member.rules.conditions, [&member](RuleCondition const& holds) { return holds(member.object); });
  if (!is_validated) return false;

  check_rules(member, value, Rule::Role::presence, error);
  if (!is_skipped(value)) {
    check_rules(member, value, Rule::Role::check, error);
    for (Rule const& rule : member.rules.rules) {
      bool const is_nested = rule.role == Rule::Role::nested && is_applied(rule);
      if (is_nested && found != nullptr) check_nested(member, rule, shape, *found, error);
    }
  }
  return !error.constraints.empty() || !error.children.empty();
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

void Validator::check_nested(Member const& member, Rule const& rule, TypeShape const& shape, Value& value,
                             ValidationError& error) {
  if (value.is_undefined() || is_enough(error) || !holds_described(shape)) return;
  if (shape.kind == TypeKind::untagged) return check_untagged(member, rule, shape, value, error);
  if (value.is_array()) return check_elements(member, rule, shape, value.as_array(), error.children);
  if (value.is_object()) {
    if (is_described(shape)) return check_described(shape, value, error.children);
    if (shape.kind == TypeKind::map)
      return check_entries(member, rule, shape, value.as_object(), error.children);
    // An object where an array is expected is checked as an element of it; then the type's own rule, or
    // decoding, refuses it.
    if (shape.kind == TypeKind::array) check_nested(member, rule, shape.element->shape, value, error);
    return;
  }
  // A date is an object without rules to class-validator; it is refused when it is decoded.
  if (value.is_date()) return;
  fail(rule, {member.name, value, member.object, member.target}, error);
}

void Validator::check_untagged(Member const& member, Rule const& rule, TypeShape const& shape, Value& value,
                               ValidationError& error) {
  // Without what is not described in its alternative the value may be another, earlier one, and will be read
  // as that.
  TypeShape const* checked = nullptr;
  for (std::size_t i = 0; i <= shape.parts.size(); ++i) {
    TypeShape const* const alternative = alternative_for(shape, value);
    // What is no alternative at all is refused when it is decoded.
    if (alternative == nullptr || alternative == checked) return;
    check_nested(member, rule, *alternative, value, error);
    bool const is_settled = !options_.whitelist || !error.constraints.empty() || !error.children.empty();
    if (is_settled) return;
    checked = alternative;
  }
}

void Validator::check_elements(Member const& member, Rule const& rule, TypeShape const& shape,
                               Array& elements, Errors& errors) {
  bool const is_tuple = shape.kind == TypeKind::tuple;
  bool const has_elements = shape.kind == TypeKind::array || shape.kind == TypeKind::map;
  // An array where one object is expected is checked element by element, and refused when it is decoded.
  TypeShape const& shared = has_elements ? shape.element->shape : shape;
  for (std::size_t i = 0; i < elements.size() && !is_cut_; ++i) {
    // So is a tuple with too many elements.
    if (is_tuple && i == shape.parts.size()) return;
    ValidationError error;
    TypeShape const& own = is_tuple ? shape.parts[i].type->shape : shared;
    if (!is_wrong(member, rule, own, elements[i], error)) continue;
    error.property = std::to_string(i);
    push(std::move(error), elements[i], errors);
  }
}

void Validator::check_entries(Member const& member, Rule const& rule, TypeShape const& shape, Object& entries,
                              Errors& errors) {
  for (Object::Member const& entry : entries) {
    if (is_cut_) return;
    ValidationError error;
    Value& value = *entries.find(entry.key);
    if (!is_wrong(member, rule, shape.element->shape, value, error)) continue;
    error.property = entry.key;
    push(std::move(error), value, errors);
  }
}

// Of an element only what is nested in it counts.
bool Validator::is_wrong(Member const& member, Rule const& rule, TypeShape const& shape, Value& value,
                         ValidationError& error) {
  if (is_skipped(value) || (shape.is_optional && is_nothing(value))) return false;
  check_nested(member, rule, shape, value, error);
  return !error.constraints.empty() || !error.children.empty();
}

void Validator::check_parts(TypeShape const& shape, Value& value, Errors& errors) {
  if (is_nothing(value)) return;
  static core::Immortal<Rule> const rule(nested_rule());
  static core::Immortal<Object> const no_object;
  static core::Immortal<FieldRules> const no_rules;
  ValidationError error;
  check_nested({options_.root_name, *no_rules, *no_object, {}}, *rule, shape, value, error);
  if (!error.constraints.empty()) {
    error.property = options_.root_name;
    push(std::move(error), value, errors);
    return;
  }
  for (ValidationError& child : error.children)
    errors.push_back(std::move(child));
}

bool Validator::has_room() {
  is_cut_ = is_cut_ || texts_left_ == 0;
  return !is_cut_;
}

void Validator::fail(Rule const& rule, RuleContext const& context, ValidationError& error) {
  if (has_room()) {
    add({.rule = rule.name, .text = text_of(rule, context, !options_.dismiss_default_messages)}, error);
  }
}

void Validator::add(Constraint constraint, ValidationError& error) {
  if (!has_room()) return;
  texts_left_ -= std::min(texts_left_, constraint.text.size());
  for (Constraint& known : error.constraints) {
    if (known.rule != constraint.rule) continue;
    known.text = std::move(constraint.text);
    return;
  }
  error.constraints.push_back(std::move(constraint));
}

void Validator::push(ValidationError error, Value const& value, Errors& errors) {
  bool const is_leaf = error.children.empty();
  bool const has_value =
      options_.error_values == ErrorValues::all || (options_.error_values == ErrorValues::leaves && is_leaf);
  if (has_value) {
    // A value that is too large to be repeated is left out.
    if (std::size_t const size = value_size(value, values_left_); size <= values_left_) {
      values_left_ -= size;
      error.value = value;
    }
  }
  errors.push_back(std::move(error));
}

}}}  // namespace aerie::v1::schema
