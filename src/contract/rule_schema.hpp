#pragma once

/// \file
/// Rules of members as keywords of JSON Schema.

#include <aerie/schema/rule.hpp>
#include <aerie/schema/value.hpp>

namespace aerie { inline namespace v1 { namespace contract {

/// Adds what a rule demands to the schema of what it looks at. Rules that JSON Schema has no words for, such
/// as the application's own, add nothing.
void add_rule(Object& schema, Rule const& rule);

}}}  // namespace aerie::v1::contract
