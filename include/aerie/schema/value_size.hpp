#pragma once

/// \file
/// How large a value is, for whoever repeats or keeps values that a client has sent.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>

#include <cstddef>

namespace aerie { inline namespace v1 {

/// About the bytes that the value's text would have as JSON, attachments included. Counts no further than
/// beyond `limit`: the result is then more than `limit`, and costs no more than that. Thread-safe.
[[nodiscard]] AERIE_API std::size_t value_size(Value const& value, std::size_t limit) noexcept;

}}  // namespace aerie::v1
