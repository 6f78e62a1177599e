#pragma once

/// \file
/// Numbers as JavaScript prints them.

#include <string>

namespace aerie { inline namespace v1 { namespace json {

/// The shortest digits that give `value` back, in the notation of Number::toString (ECMA-262 §6.1.6.1.20);
/// null for NaN and the infinities, 0 for -0.
void append_number(std::string& out, double value);

}}}  // namespace aerie::v1::json
