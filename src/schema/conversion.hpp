#pragma once

/// \file
/// Changes a message before it is validated: strings become dates where the member's type is a date, and with
/// implicit conversion scalars become what the member's type is. Members with the names that NestJS removes
/// for their meaning to JavaScript are removed.

#include <aerie/schema/struct_schema.hpp>
#include <aerie/schema/value.hpp>

namespace aerie { inline namespace v1 { namespace schema {

/// Converts the members of `object` and of the described objects within it.
void convert_members(StructSchema const& schema, Object& object, bool is_implicit);

/// Converts a value of any type.
void convert(TypeShape const& shape, Value& value, bool is_implicit);

}}}  // namespace aerie::v1::schema
