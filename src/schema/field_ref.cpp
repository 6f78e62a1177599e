#include "schema/type_rules.hpp"

#include <aerie/schema/describe.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 {

FieldRef& FieldRef::add(Rule rule) {
  rule.looks_at_value_only = true;
  return this->rule(std::move(rule));
}

FieldRef& FieldRef::rule(Rule rule) {
  schema_->rules(index_).rules.push_back(std::move(rule));
  return *this;
}

FieldRef& FieldRef::add_custom(std::string_view name, std::string_view text, Rule::Check check) {
  return rule(
      {.name = std::string(name), .arguments = {}, .check = std::move(check), .text = std::string(text)});
}

Rule& FieldRef::last_rule(std::string_view asked_by) {
  std::vector<Rule>& rules = schema_->rules(index_).rules;
  if (rules.empty()) {
    throw std::logic_error("aerie: " + std::string(asked_by) + " of the field \"" +
                           schema_->field(index_).name +
                           "\" follows no rule; write it behind the rule that it is about, such as "
                           "is_string()." +
                           std::string(asked_by));
  }
  return rules.back();
}

FieldRef& FieldRef::optional() {
  schema_->rules(index_).may_be_absent = true;
  schema_->field(index_).is_required = false;
  return *this;
}

FieldRef& FieldRef::description(std::string text) {
  schema_->field(index_).description = std::move(text);
  return *this;
}

FieldRef& FieldRef::validate_if(RuleCondition condition) {
  schema_->rules(index_).conditions.push_back(std::move(condition));
  return *this;
}

FieldRef& FieldRef::without_implied_rules() {
  schema_->rules(index_).has_implied = false;
  return *this;
}

FieldRef& FieldRef::message(std::string text) {
  last_rule("message(...)").message = [text = std::move(text)](RuleContext const&) { return text; };
  return *this;
}

FieldRef& FieldRef::message(Rule::Text text) {
  last_rule("message(...)").message = std::move(text);
  return *this;
}

FieldRef& FieldRef::each() {
  last_rule("each()").is_each = true;
  return *this;
}

FieldRef& FieldRef::groups(std::vector<std::string> names) {
  last_rule("groups(...)").groups = std::move(names);
  return *this;
}

FieldRef& FieldRef::is_string() {
  return add(schema::string_rule());
}

FieldRef& FieldRef::is_int() {
  return add(schema::integer_rule());
}

FieldRef& FieldRef::is_number(NumberOptions options) {
  return add(schema::number_rule(options));
}

FieldRef& FieldRef::is_bool() {
  return add(schema::boolean_rule());
}

FieldRef& FieldRef::is_array() {
  return add(schema::array_rule());
}

FieldRef& FieldRef::is_object() {
  return add(schema::object_rule());
}

FieldRef& FieldRef::is_date() {
  return add(schema::date_rule());
}

FieldRef& FieldRef::is_bytes() {
  return add(schema::bytes_rule());
}

FieldRef& FieldRef::is_enum(std::vector<std::string> names) {
  return add(schema::enum_rule(std::move(names)));
}

FieldRef& FieldRef::is_enum() {
  FieldInfo const& field = schema_->field(index_);
  TypeShape const* shape = &field.type->shape;
  if (shape->kind == TypeKind::array && shape->element != nullptr) shape = &shape->element->shape;
  if (shape->kind != TypeKind::enumeration) {
    throw std::logic_error("aerie: is_enum() of the field \"" + field.name +
                           "\" does not know the names, because its type is no described enumeration; give "
                           "them: is_enum({\"a\", \"b\"})");
  }
  return add(schema::enum_rule(schema::names_of(shape->names())));
}

FieldRef& FieldRef::nested() {
  Rule rule = schema::nested_rule();
  rule.is_each = !schema::is_described(schema_->field(index_).type->shape);
  return add(std::move(rule));
}

}}  // namespace aerie::v1
