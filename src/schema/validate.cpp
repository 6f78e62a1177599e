#include "schema/conversion.hpp"
#include "schema/is_nothing.hpp"
#include "schema/type_rules.hpp"
#include "schema/validator.hpp"

#include <aerie/schema/validate.hpp>

#include <utility>

namespace aerie { inline namespace v1 {
namespace {

using schema::is_nothing;

ValidationError refuse_root(ValidationOptions const& options) {
  ValidationError error;
  error.property = options.root_name;
  error.constraints.push_back({.rule = "isObject", .text = "Validation failed (object is expected)"});
  return error;
}

}  // namespace

ValidationResult validate(StructSchema const& schema, Value payload, ValidationOptions const& options) {
  ValidationResult result{.errors = {}, .plain = std::move(payload)};
  schema::Validator validator(options);
  if (result.plain.is_object()) {
    Object& object = result.plain.as_object();
    schema::convert_members(schema, object, options.enable_implicit_conversion);
    validator.check_object(schema, object, result.errors);
  } else {
    Object nothing;
    validator.check_object(schema, nothing, result.errors);
    bool const is_refused = result.errors.empty() && !is_nothing(result.plain) && !schema.fields().empty();
    if (is_refused) result.errors.push_back(refuse_root(options));
  }
  result.is_complete = !validator.is_cut();
  return result;
}

bool has_rules(TypeOps const& type) noexcept {
  return schema::holds_described(type.shape);
}

ValidationResult validate(TypeOps const& type, Value payload, ValidationOptions const& options) {
  TypeShape const& shape = type.shape;
  bool const is_absent = shape.is_optional && is_nothing(payload);
  if (is_absent || !has_rules(type)) return {.errors = {}, .plain = std::move(payload)};
  if (shape.kind == TypeKind::object) return validate(shape.schema(), std::move(payload), options);

  ValidationResult result{.errors = {}, .plain = std::move(payload)};
  schema::convert(shape, result.plain, options.enable_implicit_conversion);
  schema::Validator validator(options);
  if (shape.kind != TypeKind::variant) {
    validator.check_parts(shape, result.plain, result.errors);
  } else if (result.plain.is_object()) {
    validator.check_described(shape, result.plain, result.errors);
  } else {
    // It names no alternative.
    Value nothing = Value::object();
    validator.check_described(shape, nothing, result.errors);
  }
  result.is_complete = !validator.is_cut();
  return result;
}

std::optional<ValidationError> detail::decode_validated(Value const& plain, TypeOps const& type,
                                                        void* value) {
  bool const is_empty_object =
      type.shape.kind == TypeKind::object && !type.shape.is_optional && is_nothing(plain);
  DecodeResult const result =
      is_empty_object ? from_value(Value::object(), type, value) : from_value(plain, type, value);
  if (result.ok()) return std::nullopt;
  return to_validation_error(result.error());
}

}}  // namespace aerie::v1
