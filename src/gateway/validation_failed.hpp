#pragma once

/// \file
/// What a gateway's client is told about a message that is not what its handler takes, whether a rule or
/// decoding has refused it.

#include <aerie/schema/value.hpp>

#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

inline Value list_of(std::vector<std::string> const& texts) {
  return Array(texts.begin(), texts.end());
}

/// `{status: "error", code: "VALIDATION_FAILED", message: texts}`; without texts the message is one.
inline Value validation_failed(Value texts) {
  auto error = Value::object({{"status", "error"}, {"code", "VALIDATION_FAILED"}});
  auto const has_none = texts.is_undefined() || texts.size() == 0;
  error.as_object().set("message", has_none ? Value("Validation failed") : std::move(texts));
  return error;
}

}}}  // namespace aerie::v1::gateway
