#pragma once

/// \file
/// What one connection still has to send: parts of chunks, in order. An empty queue owns no memory.
/// Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/chunk.hpp>

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace aerie::inline v1::core {

class Stream;

/// The last entry may be *open*: it then reaches to wherever its chunk ends, so that whoever appends to a
/// chunk shared by a thousand queues has appended to a thousand queues.
class AERIE_API OutQueue {
 public:
  bool empty() const noexcept { return !first_.chunk; }
  /// Bytes queued; an open entry counts once it is closed.
  std::size_t bytes() const noexcept { return bytes_; }
  /// Bytes queued behind the entry that is being sent: what a slow peer is judged by, so that a single packet
  /// of any size may pass.
  std::size_t backlog() const noexcept { return bytes_ - first_.size(); }

  /// Copies `bytes` into the queue; small writes of one turn share a chunk.
  void append(std::string_view bytes);
  /// Room for `size` bytes at the end of the queue, to be encoded in place and confirmed with `commit`.
  char* prepare(std::size_t size);
  void commit(std::size_t size) noexcept;
  /// Refers to a chunk that nobody will append to any more.
  void append(ChunkRef chunk);
  /// Refers to everything that is in `chunk` from `begin` on, and to what will be appended to it.
  void append_open(ChunkRef chunk, std::uint32_t begin);
  /// Fixes the end of an open entry; its burst if that still goes on, null otherwise.
  Burst* close_open() noexcept;

  /// Fills `parts` with the head of the queue; returns how many were filled.
  std::size_t gather(std::span<iovec> parts) const noexcept;
  /// Drops `size` bytes from the head. REQUIRES: no open entry.
  void consume(std::size_t size) noexcept;
  void clear() noexcept;

 private:
  static constexpr std::uint32_t open_end = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t small_chunk = 1024 - sizeof(Chunk);

  struct Slice {
    ChunkRef chunk;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    /// An open slice counts once it is closed.
    std::uint32_t size() const noexcept { return end == open_end ? 0 : end - begin; }
  };

  Slice& last() noexcept { return rest_.empty() ? first_ : rest_.back(); }
  void push(Slice slice);
  void advance() noexcept;
  void forget_sent() noexcept;
  void drop_empty_tail() noexcept;

  Slice first_;
  std::vector<Slice> rest_;  // ends with an entry that still waits, or is empty
  std::uint32_t next_ = 0;   // entries of rest_ that have become first_ already
  std::size_t bytes_ = 0;
};

}  // namespace aerie::inline v1::core
