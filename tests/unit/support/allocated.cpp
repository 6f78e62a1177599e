#include "unit/support/allocated.hpp"

#include <malloc.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

/// Of the sanitizers' allocator_interface.h; null where none is linked.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace {

std::atomic<std::size_t> bytes_in_use{0};

/// How many allocations are left to this thread, and the one that fails; 0 if none is to fail.
thread_local std::size_t until_failure = 0;

bool has_sanitizer() noexcept {
  return __sanitizer_get_current_allocated_bytes != nullptr;
}

// A sanitizer's allocator knows what it was asked for, to the byte, and finds writes before the first. With
// another one the size stands in front, as far from the memory as its alignment asks for.
std::size_t room_in_front(std::size_t alignment) noexcept {
  return has_sanitizer() ? 0 : alignment;
}

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  auto const room = room_in_front(alignment);
  void* memory = nullptr;
  if (size > SIZE_MAX - room || posix_memalign(&memory, alignment, room + size) != 0) return nullptr;
  auto* const begin = static_cast<char*>(memory) + room;
  if (room != 0) std::memcpy(begin - sizeof size, &size, sizeof size);
  bytes_in_use.fetch_add(room != 0 ? size : malloc_usable_size(memory), std::memory_order_relaxed);
  return begin;
}

void release(void* memory, std::size_t alignment) noexcept {
  if (memory == nullptr) return;
  auto* const begin = static_cast<char*>(memory);
  std::size_t size = 0;
  if (has_sanitizer()) {
    size = malloc_usable_size(memory);
  } else {
    std::memcpy(&size, begin - sizeof size, sizeof size);
  }
  bytes_in_use.fetch_sub(size, std::memory_order_relaxed);
  std::free(begin - room_in_front(alignment));
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  if (until_failure != 0 && --until_failure == 0) throw std::bad_alloc();
  auto* const memory = allocate(size, alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

constexpr std::size_t usual = __STDCPP_DEFAULT_NEW_ALIGNMENT__;

std::size_t number(std::align_val_t alignment) noexcept {
  return static_cast<std::size_t>(alignment);
}

}  // namespace

// clang-format off
void* operator new(std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new[](std::size_t size) { return allocate_or_throw(size, usual); }
void* operator new(std::size_t size, std::nothrow_t const&) noexcept { return allocate(size, usual); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return allocate(size, usual); }
void* operator new(std::size_t size, std::align_val_t at) { return allocate_or_throw(size, number(at)); }
void* operator new[](std::size_t size, std::align_val_t at) { return allocate_or_throw(size, number(at)); }
void* operator new(std::size_t size, std::align_val_t at, std::nothrow_t const&) noexcept { return allocate(size, number(at)); }
void* operator new[](std::size_t size, std::align_val_t at, std::nothrow_t const&) noexcept { return allocate(size, number(at)); }
void operator delete(void* memory) noexcept { release(memory, usual); }
void operator delete[](void* memory) noexcept { release(memory, usual); }
void operator delete(void* memory, std::size_t) noexcept { release(memory, usual); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory, usual); }
void operator delete(void* memory, std::nothrow_t const&) noexcept { release(memory, usual); }
void operator delete[](void* memory, std::nothrow_t const&) noexcept { release(memory, usual); }
void operator delete(void* memory, std::align_val_t at) noexcept { release(memory, number(at)); }
void operator delete[](void* memory, std::align_val_t at) noexcept { release(memory, number(at)); }
void operator delete(void* memory, std::size_t, std::align_val_t at) noexcept { release(memory, number(at)); }
void operator delete[](void* memory, std::size_t, std::align_val_t at) noexcept { release(memory, number(at)); }
void operator delete(void* memory, std::align_val_t at, std::nothrow_t const&) noexcept { release(memory, number(at)); }
void operator delete[](void* memory, std::align_val_t at, std::nothrow_t const&) noexcept { release(memory, number(at)); }
// clang-format on

namespace aerie::test {

std::size_t allocated() noexcept {
  return bytes_in_use.load(std::memory_order_relaxed);
}

void fail_allocation_after(std::size_t others) noexcept {
  until_failure = others + 1;
}

bool allocation_has_failed() noexcept {
  return std::exchange(until_failure, 0) == 0;
}

}  // namespace aerie::test
