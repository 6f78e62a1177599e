#pragma once

/// \file
/// A hash that a peer can't aim at: it depends on a key drawn once per process. For whatever table has keys
/// that come from outside.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

/// SipHash-1-3 of `text` under this process' key. Callable from any thread.
AERIE_API std::uint64_t keyed_hash(std::string_view text) noexcept;

/// The same for containers.
struct KeyedHash {
  using is_transparent = void;
  using is_avalanching = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return static_cast<std::size_t>(keyed_hash(text));
  }
};

}}}  // namespace aerie::v1::core
