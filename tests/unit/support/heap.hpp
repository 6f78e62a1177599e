#pragma once

/// \file
/// What the process holds on the heap at this moment, for tests that bound the memory of something.

#include <cstddef>

#ifdef __SANITIZE_ADDRESS__
/// Of the sanitizers' allocator_interface.h, which not every compiler's package has.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#else
#include <malloc.h>
#endif

namespace aerie::test {

inline std::size_t heap_in_use() {
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes();
#else
  auto const info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

}  // namespace aerie::test
