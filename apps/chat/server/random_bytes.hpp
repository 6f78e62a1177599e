#pragma once

/// \file
/// Random bytes from the system's source, for secrets. Thread-safe.

#include <cstddef>
#include <string>

namespace chat {

/// `size` bytes, at most 256. Throws std::system_error if the system has none to give.
std::string random_bytes(std::size_t size);

}  // namespace chat
