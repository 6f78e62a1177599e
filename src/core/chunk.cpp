#include <aerie/core/chunk.hpp>

#include <cstring>
#include <limits>
#include <new>

namespace aerie::inline v1::core {

Chunk* Chunk::allocate(std::size_t capacity) {
  if (capacity > std::numeric_limits<std::uint32_t>::max() - sizeof(Chunk)) throw std::bad_alloc();
  auto* const memory = ::operator new(sizeof(Chunk) + capacity);
  return ::new (memory) Chunk(static_cast<std::uint32_t>(capacity));
}

void Chunk::free(Chunk* chunk) noexcept {
  chunk->~Chunk();
  ::operator delete(chunk);
}

void Chunk::append(std::string_view bytes) noexcept {
  std::memcpy(end(), bytes.data(), bytes.size());
  grow(static_cast<std::uint32_t>(bytes.size()));
}

ChunkRef ChunkRef::make(std::size_t capacity) {
  return ChunkRef(Chunk::allocate(capacity));
}

ChunkRef ChunkRef::copy(std::string_view bytes) {
  auto chunk = make(bytes.size());
  chunk->append(bytes);
  return chunk;
}

}  // namespace aerie::inline v1::core
