#pragma once

#include <aerie/schema/value.hpp>

namespace aerie { inline namespace v1 { namespace schema {

/// Whether JavaScript's `value == null` holds. Thread-safe.
inline bool is_nothing(Value const& value) {
  return value.is_undefined() || value.is_null();
}

}}}  // namespace aerie::v1::schema
