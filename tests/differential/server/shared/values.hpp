#pragma once

#include <aerie/schema/value.hpp>

#include <string>

namespace reference {

/// JavaScript's `value ?? null`.
inline aerie::Value or_null(aerie::Value const& value) {
  return value.is_undefined() ? aerie::Value(nullptr) : value;
}

/// A text, or a number as JavaScript puts it into a text; of a user without an id "undefined".
std::string as_text(aerie::Value const& value);

}  // namespace reference
