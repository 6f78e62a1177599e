#include "schema/json_check.hpp"

#include "schema/seen_members.hpp"
#include "schema/validator.hpp"

#include <aerie/core/immortal.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/struct_schema.hpp>

#include <algorithm>
#include <limits>

namespace aerie { inline namespace v1 {
namespace {

bool is_scalar(TypeShape const& shape) {
  switch (shape.kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::number:
    case TypeKind::string:
    case TypeKind::enumeration:
      return true;
    default:
      return false;
  }
}

TypeShape const& scalar_of(TypeShape const& shape) {
  bool const has_elements = shape.kind == TypeKind::array && shape.element != nullptr;
  return has_elements ? shape.element->shape : shape;
}

// Whether a value is read alike from a text and from a tree, which has the nearest double of an integer
// beyond those of 64 bits.
bool is_read_alike(TypeShape const& scalar, Value const& value) {
  if (value.is_array()) {
    return std::ranges::all_of(value.as_array(),
                               [&](Value const& element) { return is_read_alike(scalar, element); });
  }
  return !value.is_object() && (value.kind() != ValueKind::number || scalar.kind == TypeKind::number);
}

// By rules that have nothing nested to look at.
bool is_right(FieldInfo const& field, FieldRules const& rules, Value const& value) {
  static core::Immortal<Object> const no_object;
  if (rules.may_be_absent && (value.is_undefined() || value.is_null())) return true;
  RuleContext const context{field.name, value, *no_object, {}};
  return std::ranges::all_of(rules.rules, [&](Rule const& rule) {
    return rule.role == Rule::Role::nested || schema::holds(rule, context);
  });
}

class JsonCheck {
 public:
  JsonCheck(std::string_view json, ValidationOptions const& options)
      : reader_(json, std::numeric_limits<std::size_t>::max()),
        is_unknown_refused_(options.whitelist && options.forbid_non_whitelisted) {}

  bool is_right_object(StructSchema const& schema) {
    std::vector<FieldInfo> const& fields = schema.fields();
    if (!schema.can_be_checked_in_text() || reader_.peek() != ValueKind::object) return false;
    schema::SeenMembers seen(fields.size());
    std::string_view key;
    std::size_t expected = 0;
    std::size_t absent = fields.size();
    for (reader_.begin_object(); reader_.next_member(key);) {
      std::size_t const index = schema.find(key, expected);
      if (index == StructSchema::npos) {
        if (is_unknown_refused_ || !reader_.skip()) return false;
        continue;
      }
      // Of two equal members only the last one counts.
      if (seen[index] || !is_right_member(fields[index], schema.rules()[index])) return false;
      seen.add(index);
      expected = index + 1;
      --absent;
    }
    if (!reader_.ok()) return false;
    for (std::size_t i = 0; absent > 0; ++i) {
      if (seen[i]) continue;
      if (!is_right(fields[i], schema.rules()[i], Value::undefined())) return false;
      --absent;
    }
    return true;
  }

 private:
  bool is_right_member(FieldInfo const& field, FieldRules const& rules) {
    TypeShape const& shape = field.type->shape;
    if (shape.kind == TypeKind::object) return is_right_object(shape.schema());
    Value value;
    return reader_.read_value(value) && is_read_alike(scalar_of(shape), value) &&
           is_right(field, rules, value);
  }

  json::Reader reader_;
  bool is_unknown_refused_;
};

}  // namespace

bool schema::can_be_checked_in_text(TypeShape const& shape, FieldRules const& rules) {
  if (!rules.conditions.empty()) return false;
  bool const has_other_rules = std::ranges::any_of(
      rules.rules, [](Rule const& rule) { return !rule.looks_at_value_only || !rule.groups.empty(); });
  if (has_other_rules) return false;
  if (shape.kind != TypeKind::object) return is_scalar(scalar_of(shape));
  return rules.rules.size() == 1 && rules.rules.front().role == Rule::Role::nested;
}

bool is_right_beyond_doubt(TypeOps const& type, std::string_view json, ValidationOptions const& options) {
  bool const has_more_to_do = options.enable_implicit_conversion || !options.groups.empty() ||
                              options.skip_undefined_properties || options.skip_null_properties ||
                              options.skip_missing_properties || options.strict_groups;
  TypeShape const& shape = type.shape;
  if (has_more_to_do || shape.kind != TypeKind::object || shape.is_optional) return false;
  return JsonCheck(json, options).is_right_object(shape.schema());
}

}}  // namespace aerie::v1
