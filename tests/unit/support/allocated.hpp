#pragma once

/// \file
/// What the program has on the heap, for tests that bound the memory of something. A program that asks
/// replaces `operator new` by linking allocated.cpp.

#include <cstddef>

namespace aerie::test {

/// Bytes that `operator new` was asked for and that have not been deleted, in every build: what an allocator
/// adds, or a sanitizer, is not in it.
std::size_t allocated() noexcept;

/// Lets one allocation of this thread throw std::bad_alloc: the one that comes after `others` more.
void fail_allocation_after(std::size_t others) noexcept;
/// True if that one has come; otherwise it will not fail any more.
bool allocation_has_failed() noexcept;

}  // namespace aerie::test
