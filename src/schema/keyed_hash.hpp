#pragma once

/// \file
/// A hash that a peer can't aim at: it depends on a key drawn once per process.

#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace schema {

/// SipHash-1-3 of `text` under this process' key. Callable from any thread.
std::uint64_t keyed_hash(std::string_view text) noexcept;

}}}  // namespace aerie::v1::schema
