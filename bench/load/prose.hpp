#pragma once

#include <cstddef>
#include <string_view>

namespace load {

/// A text that compresses about as well as what people write (to somewhat less than half): so many bytes, for
/// each `number` others. At most 64 KiB.
std::string_view prose(std::size_t size, std::size_t number);

}  // namespace load
