#pragma once

#include <aerie/core/id.hpp>

#include <array>
#include <cstddef>

namespace aerie { inline namespace v1 { namespace core {

/// `Size` bytes that nobody can guess, from the system's random source. Asks it anew each time: for what is
/// made once. Throws std::system_error if there are none. Any thread.
template <std::size_t Size>
std::array<char, Size> random_bytes() {
  std::array<char, Size> bytes{};
  IdSource(0).random(bytes.data(), bytes.size());
  return bytes;
}

}}}  // namespace aerie::v1::core
