#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace aerie { inline namespace v1 { namespace websocket {

/// Appends `part`, growing by doubling but never beyond `ceiling` bytes: std::vector alone would take up to
/// twice what is allowed, and a peer's declared length must not be reserved before the bytes are there.
/// REQUIRES: `out.size() + part.size() <= ceiling`.
inline void bounded_append(std::vector<char>& out, std::span<char const> part, std::size_t ceiling) {
  auto const needed = out.size() + part.size();
  if (needed > out.capacity()) out.reserve(std::clamp(2 * out.capacity(), needed, ceiling));
  out.insert(out.end(), part.begin(), part.end());
}

}}}  // namespace aerie::v1::websocket
