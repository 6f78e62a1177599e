#include "schema/conversion.hpp"

#include "schema/js_text.hpp"

#include <cmath>
#include <limits>

namespace aerie::inline v1::schema {
namespace {

// A number as a Value: an integer where it is one, so that it is read as one.
Value number_value(double number) {
  constexpr double exact_integers = 9007199254740992.0;
  bool const is_integer = std::trunc(number) == number && std::abs(number) <= exact_integers;
  return is_integer ? Value(static_cast<std::int64_t>(number)) : Value(number);
}

void convert_to_number(Value& value) {
  if (value.is_number()) return;
  if (value.is_string()) {
    value = number_value(js_number(value.as_string()));
  } else if (value.is_bool()) {
    value = value.as_bool() ? 1 : 0;
  } else if (value.is_date() && value.as_date().is_valid()) {
    value = value.as_date().milliseconds();
  } else {
    value = std::numeric_limits<double>::quiet_NaN();
  }
}

// As `new Date(x)` of a string or number; what is no date becomes the invalid one.
Date date_of(Value const& value) {
  if (value.is_date()) return value.as_date();
  if (value.is_string()) return Date::from_iso_string(value.as_string()).value_or(Date());
  if (!value.is_number()) return {};
  double const milliseconds = std::trunc(value.as_double());
  constexpr double limit = 9e15;  // Beyond every date, within every std::int64_t.
  if (!(std::abs(milliseconds) < limit)) return {};
  return Date::from_milliseconds(static_cast<std::int64_t>(milliseconds));
}

void convert_scalar(TypeKind kind, Value& value, bool is_implicit) {
  if (value.is_null() || value.is_undefined()) return;
  if (kind == TypeKind::date) {
    value = date_of(value);
    return;
  }
  if (!is_implicit) return;
  if (kind == TypeKind::integer || kind == TypeKind::number) {
    convert_to_number(value);
  } else if (kind == TypeKind::boolean) {
    value = js_boolean(value);
  } else if ((kind == TypeKind::string || kind == TypeKind::enumeration) && !value.is_string()) {
    value = js_string(value);
  }
}

bool is_container(TypeShape const& shape) {
  return (shape.kind == TypeKind::array || shape.kind == TypeKind::map) && shape.element != nullptr;
}

// Whether values of this type may have to be changed at all, so that the rest is not even looked at.
bool can_change(TypeShape const& shape, bool is_implicit) {
  switch (shape.kind) {
    case TypeKind::date:
    case TypeKind::object:
      return true;
    case TypeKind::array:
    case TypeKind::map:
      return shape.element != nullptr && can_change(shape.element->shape, is_implicit);
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::number:
    case TypeKind::string:
    case TypeKind::enumeration:
      return is_implicit;
    default:
      return false;
  }
}

}  // namespace

void convert(TypeShape const& shape, Value& value, bool is_implicit) {
  if (value.is_array()) {
    // The elements of an array are converted wherever it stands.
    TypeShape const& element =
        shape.kind == TypeKind::array && shape.element != nullptr ? shape.element->shape : shape;
    if (shape.kind == TypeKind::map || !can_change(element, is_implicit)) return;
    for (Value& item : value.as_array())
      convert(element, item, is_implicit);
    return;
  }
  if (shape.kind == TypeKind::object || (shape.kind == TypeKind::array && is_container(shape))) {
    // A described struct that stands alone where an array is expected is converted too.
    if (!value.is_object()) return;
    TypeShape const& part = shape.kind == TypeKind::object ? shape : shape.element->shape;
    if (part.kind == TypeKind::object) convert_members(part.schema(), value.as_object(), is_implicit);
    return;
  }
  if (is_container(shape)) {
    if (!value.is_object() || !can_change(shape.element->shape, is_implicit)) return;
    Object& object = value.as_object();
    for (Object::Member const& member : object)
      convert(shape.element->shape, *object.find(member.key), is_implicit);
    return;
  }
  convert_scalar(shape.kind, value, is_implicit);
}

void convert_members(StructSchema const& schema, Object& object, bool is_implicit) {
  for (FieldInfo const& field : schema.fields()) {
    if (!can_change(field.type->shape, is_implicit)) continue;
    if (Value* const value = object.find(field.name)) convert(field.type->shape, *value, is_implicit);
  }
}

}  // namespace aerie::inline v1::schema
