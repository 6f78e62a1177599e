#pragma once

#include <aerie/schema/value.hpp>

namespace aerie::inline v1::schema {

/// Whether JavaScript's `value == null` holds. Thread-safe.
inline bool is_nothing(Value const& value) {
  return value.is_undefined() || value.is_null();
}

}  // namespace aerie::inline v1::schema
