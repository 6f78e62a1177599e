#pragma once

/// \file
/// Memory of coroutine frames, recycled on the thread that frees it.

#include <aerie/core/api.hpp>

#include <cstddef>

namespace aerie::inline v1::core {

/// Frames come and go with every message a handler awaits for, in a handful of sizes.
class AERIE_API FramePool {
 public:
  static void* allocate(std::size_t size);
  static void free(void* frame, std::size_t size) noexcept;
};

}  // namespace aerie::inline v1::core
