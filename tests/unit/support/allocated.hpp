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

/// What an allocator may have added to `bytes` in `allocated`: heads, pages, classes of sizes.
/// AddressSanitizer's count is of what was asked for, to the byte.
constexpr std::size_t allocators_share([[maybe_unused]] std::size_t bytes) {
#ifdef __SANITIZE_ADDRESS__
  return 0;
#else
  return bytes / 16;
#endif
}

}  // namespace aerie::test
