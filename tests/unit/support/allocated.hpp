#pragma once

/// \file
/// What the program has on the heap, for tests that bound the memory of something. A program that asks
/// replaces `operator new` by linking allocated.cpp.

#include <cstddef>

namespace aerie::test {

/// Bytes that `operator new` was asked for and that have not been deleted, in every build: what an allocator
/// adds, or a sanitizer, is not in it.
std::size_t allocated() noexcept;

}  // namespace aerie::test
