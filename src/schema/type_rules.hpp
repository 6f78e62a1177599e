#pragma once

/// \file
/// Rules that say of which type a value is: those that a member may have explicitly, and those that its C++
/// type implies.

#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/field_ref.hpp>
#include <aerie/schema/rule.hpp>

namespace aerie { inline namespace v1 { namespace schema {

Rule string_rule();
Rule integer_rule();
Rule number_rule(NumberOptions options);
Rule boolean_rule();
Rule array_rule();
Rule object_rule();
Rule date_rule();
Rule bytes_rule();
Rule enum_rule(std::vector<std::string> names);
Rule nested_rule();

/// The names of an enumeration, in the order of their description.
std::vector<std::string> names_of(EnumTable const& table);

/// Whether values of this type have a description of their own: structs and variants.
bool is_described(TypeShape const& shape);

/// The description of a value of such a type; null if the value names no alternative of the variant.
StructSchema const* schema_of_value(TypeShape const& shape, Value const& value);

/// Whether values of this type may hold described ones, so that there is anything to check in them.
bool holds_described(TypeShape const& shape);

/// The alternative of an `untagged` type that the value is read as: the first that fits. Null if none does.
TypeShape const* alternative_for(TypeShape const& shape, Value const& value);

/// Adds in front what the member's C++ type implies and no explicit rule says.
void add_implied_rules(FieldRules& rules, TypeShape const& shape);

}}}  // namespace aerie::v1::schema
