#include "schema/conversion.hpp"

#include "schema/js_text.hpp"
#include "schema/type_rules.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace aerie { inline namespace v1 { namespace schema {
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

// Whether values of this type may have to be changed at all, so that the rest is not even looked at. Elements
// are not converted implicitly, as in class-transformer, which does not know their type.
bool can_change(TypeShape const& shape, bool is_implicit) {
  switch (shape.kind) {
    case TypeKind::date:
    case TypeKind::object:
    case TypeKind::variant:
      return true;
    case TypeKind::array:
    case TypeKind::map:
      return shape.element != nullptr && can_change(shape.element->shape, false);
    case TypeKind::tuple:
    case TypeKind::untagged:
      return std::ranges::any_of(shape.parts,
                                 [](TypePart const& part) { return can_change(part.type->shape, false); });
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

// Names that mean something else to JavaScript: as NestJS does, they are dropped silently, unless described.
void drop_special_names(StructSchema const& schema, Object& object) {
  for (std::string_view const name : {"__proto__", "constructor", "prototype"}) {
    if (object.contains(name) && schema.find(name) == StructSchema::npos) object.erase(name);
  }
}

// An array where something else is expected is converted element by element, too.
void convert_elements(TypeShape const& shape, Array& elements, bool is_implicit) {
  bool const has_elements = shape.kind == TypeKind::array || shape.kind == TypeKind::map;
  TypeShape const& shared = has_elements ? shape.element->shape : shape;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (shape.kind != TypeKind::tuple) {
      convert(shared, elements[i], is_implicit);
    } else if (i < shape.parts.size()) {
      convert(shape.parts[i].type->shape, elements[i], is_implicit);
    }
  }
}

}  // namespace

void convert(TypeShape const& shape, Value& value, bool is_implicit) {
  if (!can_change(shape, is_implicit)) return;
  if (shape.kind == TypeKind::untagged) {
    // One that fits has nothing left to be converted to its type but dates.
    TypeShape const* const alternative = alternative_for(shape, value);
    if (alternative != nullptr) convert(*alternative, value, false);
  } else if (value.is_array()) {
    convert_elements(shape, value.as_array(), is_implicit);
  } else if (shape.kind == TypeKind::map) {
    if (!value.is_object()) return;
    Object& entries = value.as_object();
    for (Object::Member const& entry : entries)
      convert(shape.element->shape, *entries.find(entry.key), is_implicit);
  } else if (shape.kind == TypeKind::array) {
    convert(shape.element->shape, value, is_implicit);
  } else if (!is_described(shape)) {
    convert_scalar(shape.kind, value, is_implicit);
  } else if (value.is_object()) {
    if (StructSchema const* const schema = schema_of_value(shape, value)) {
      convert_members(*schema, value.as_object(), is_implicit);
    }
  }
}

void convert_members(StructSchema const& schema, Object& object, bool is_implicit) {
  drop_special_names(schema, object);
  for (FieldInfo const& field : schema.fields()) {
    TypeShape const& shape = field.type->shape;
    if (!can_change(shape, is_implicit)) continue;
    if (Value* const value = object.find(field.name)) convert(shape, *value, is_implicit);
  }
}

}}}  // namespace aerie::v1::schema
