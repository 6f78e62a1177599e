#pragma once

/// \file
/// Reference-counted bytes on their way out. A chunk belongs to one shard: its count is not atomic, so
/// sharing one between a thousand receivers costs a thousand plain increments. What crosses shards is copied
/// once.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

class Burst;

/// A block of bytes that only grows at its end, up to a capacity fixed at birth: what has been written stays
/// where it is and never changes, so any number of queues may refer to parts of it.
class AERIE_API Chunk {
 public:
  Chunk(Chunk const&) = delete;
  Chunk& operator=(Chunk const&) = delete;

  std::uint32_t size() const noexcept { return size_; }
  std::uint32_t room() const noexcept { return capacity_ - size_; }
  char const* data() const noexcept { return reinterpret_cast<char const*>(this + 1); }
  bool shared() const noexcept { return references_ > 1; }

  /// REQUIRES: bytes.size() <= room().
  void append(std::string_view bytes) noexcept;
  /// Where the next bytes go, for a writer that encodes in place and then calls `grow`.
  char* end() noexcept { return reinterpret_cast<char*>(this + 1) + size_; }
  void grow(std::uint32_t by) noexcept { size_ += by; }

 private:
  friend class ChunkRef;
  friend class Burst;
  friend class CommonChunk;
  friend class OutQueue;
  explicit Chunk(std::uint32_t capacity) noexcept : capacity_(capacity) {}
  static Chunk* allocate(std::size_t capacity);
  static void free(Chunk* chunk) noexcept;

  Burst* burst_ = nullptr;
  std::uint32_t references_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_;
  bool common_ = false;
};

/// A counted reference to a chunk. Stays on the chunk's shard.
class AERIE_API ChunkRef {
 public:
  ChunkRef() noexcept = default;
  ChunkRef(ChunkRef const& other) noexcept : chunk_(other.chunk_) {
    if (chunk_ != nullptr) ++chunk_->references_;
  }
  ChunkRef(ChunkRef&& other) noexcept : chunk_(std::exchange(other.chunk_, nullptr)) {}
  ChunkRef& operator=(ChunkRef other) noexcept {
    std::swap(chunk_, other.chunk_);
    return *this;
  }
  ~ChunkRef() {
    if (chunk_ != nullptr && --chunk_->references_ == 0) Chunk::free(chunk_);
  }

  /// An empty chunk with room for at least `capacity` bytes (at most 4 GiB).
  static ChunkRef make(std::size_t capacity);
  /// A chunk that holds a copy of `bytes`.
  static ChunkRef copy(std::string_view bytes);

  explicit operator bool() const noexcept { return chunk_ != nullptr; }
  Chunk& operator*() const noexcept { return *chunk_; }
  Chunk* operator->() const noexcept { return chunk_; }
  Chunk* get() const noexcept { return chunk_; }

 private:
  explicit ChunkRef(Chunk* chunk) noexcept : chunk_(chunk) { ++chunk->references_; }
  Chunk* chunk_ = nullptr;
};

/// Memory for what all connections of a shard are sent in one turn, one behind the other: an acknowledgement
/// costs no allocation, and its bytes are in the processor's cache when they are sent. What a peer does not
/// take in the turn is copied away (`OutQueue::keep`), so the next turn has the memory again.
class AERIE_API CommonChunk {
 public:
  /// A chunk with room for `size` bytes, to be appended to at once. One of its own for many bytes.
  ChunkRef with_room_for(std::size_t size);

 private:
  static constexpr std::size_t capacity = 64 * 1024;
  static constexpr std::size_t most_in_common = 16 * 1024;
  // A turn that writes more than half a megabyte has to allocate.
  static constexpr std::size_t most_chunks = 8;
  static constexpr std::size_t least_chunk = 256;

  std::vector<ChunkRef> chunks_;
  std::size_t current_ = 0;
};

}}}  // namespace aerie::v1::core
