#pragma once

#include <aerie/schema/value.hpp>

namespace aerie { inline namespace v1 { namespace schema {

/// JavaScript's idea of true (ECMA-262, ToBoolean). Callable from any thread.
inline bool is_truthy(Value const& value) noexcept {
  switch (value.kind()) {
    case ValueKind::undefined:
    case ValueKind::null:
      return false;
    case ValueKind::boolean:
      return value.as_bool();
    case ValueKind::integer:
    case ValueKind::number: {
      auto const number = value.as_double();
      return number < 0 || number > 0;  // NaN is not.
    }
    case ValueKind::string:
      return !value.as_string().empty();
    default:
      return true;
  }
}

}}}  // namespace aerie::v1::schema
