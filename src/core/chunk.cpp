#include <aerie/core/chunk.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

namespace aerie { inline namespace v1 { namespace core {

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

ChunkRef CommonChunk::with_room_for(std::size_t size) {
  if (size > most_in_common) return ChunkRef::make(size);
  for (std::size_t tried = 0; tried < chunks_.size(); ++tried) {
    auto& chunk = chunks_[current_];
    // Nobody refers to what was written: it has been sent.
    if (!chunk->shared()) chunk->size_ = 0;
    if (chunk->room() >= size) return chunk;
    current_ = (current_ + 1) % chunks_.size();
  }
  if (chunks_.size() == most_chunks) return ChunkRef::make(std::max(size, least_chunk));
  current_ = chunks_.size();
  auto& chunk = chunks_.emplace_back(ChunkRef::make(capacity));
  chunk->common_ = true;
  return chunk;
}

}}}  // namespace aerie::v1::core
