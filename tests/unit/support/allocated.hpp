#pragma once

#include <malloc.h>

#include <cstddef>

extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace aerie::test {

/// Bytes of the heap that are in use, also where a sanitizer has an allocator of its own.
inline std::size_t allocated() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
  return ::mallinfo2().uordblks + ::mallinfo2().hblkhd;
}

}  // namespace aerie::test
