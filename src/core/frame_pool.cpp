#include <aerie/core/frame_pool.hpp>

#include <new>

namespace aerie::inline v1::core {

void* FramePool::allocate(std::size_t size) {
  return ::operator new(size);
}

void FramePool::free(void* frame, std::size_t) noexcept {
  ::operator delete(frame);
}

}  // namespace aerie::inline v1::core
