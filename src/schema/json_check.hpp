#pragma once

/// \file
/// Most messages are right. Whether one is shows while its text is read, without a tree of it; what is wrong
/// with another is found, and said, by `Validator`.

#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/rule.hpp>

namespace aerie { inline namespace v1 { namespace schema {

/// Whether a member can be checked in a text by these rules, those implied by its type included: it is a
/// scalar or an array of scalars with rules that look at nothing else, or a struct that its own description
/// alone speaks of.
bool can_be_checked_in_text(TypeShape const& shape, FieldRules const& rules);

}}}  // namespace aerie::v1::schema
