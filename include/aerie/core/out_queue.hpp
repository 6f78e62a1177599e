#pragma once

/// \file
/// What one connection still has to send: parts of chunks, in order. An empty queue owns no memory.
/// Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/chunk.hpp>
#include <aerie/core/owned.hpp>

#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

class Stream;

/// The last entry may be *open*: it then reaches to wherever its chunk ends, so that whoever appends to a
/// chunk shared by a thousand queues has appended to a thousand queues.
class AERIE_API OutQueue {
 public:
  bool empty() const noexcept { return !first_.chunk; }
  /// Bytes queued; an open entry counts once it is closed.
  std::size_t bytes() const noexcept { return bytes_; }
  /// The same with what an open entry reaches to at present.
  std::size_t bytes_with_open() const noexcept;
  /// Memory that a kept queue holds, all of it: chunks count whole, shared or not. REQUIRES: `keep` was
  /// called after the last write.
  std::size_t held() const noexcept;

  /// Copies `bytes` into the queue; small writes of one turn stand side by side, in one part.
  void append(std::string_view bytes, CommonChunk& common);
  /// Room for `size` bytes at the end of the queue, to be encoded in place and confirmed with `commit` before
  /// any queue of the shard is written to.
  char* prepare(std::size_t size, CommonChunk& common);
  void commit(std::size_t size) noexcept;
  /// Refers to a chunk that nobody will append to any more.
  void append(ChunkRef chunk);
  /// Refers to everything that is in `chunk` from `begin` on, and to what will be appended to it.
  void append_open(ChunkRef chunk, std::uint32_t begin);
  bool ends_open() const noexcept {
    if (rest_) return rest_->slices.back().end == open_end;
    return !empty() && first_.end == open_end;
  }
  /// Fixes the end of an open entry; its burst if that still goes on, null otherwise.
  Burst* close_open() noexcept;

  /// Fills `parts` with the head of the queue; returns how many were filled.
  std::size_t gather(std::span<iovec> parts) const noexcept;
  /// Drops `size` bytes from the head. REQUIRES: no open entry.
  void consume(std::size_t size) noexcept {
    if (size != bytes_ || rest_) return consume_some(size);
    first_.chunk = {};
    bytes_ = 0;
  }
  /// What is queued stays for longer than a turn: small parts of whatever chunks are copied together, and
  /// large ones go on referring to theirs if they are most of it. So no pattern of writes makes a queue hold
  /// much more memory than its bytes.
  void keep();
  void clear() noexcept;

 private:
  static constexpr std::uint32_t open_end = std::numeric_limits<std::uint32_t>::max();
  // With its head and the allocator's a whole page.
  static constexpr std::size_t allocation = sizeof(Chunk) + 16;
  static constexpr std::size_t usual_chunk = 4096 - allocation;

  // Not so much that others would have to wait for it.
  static constexpr std::size_t most_copied = 1024 * 1024;

  struct Slice {
    ChunkRef chunk;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    /// An open slice counts once it is closed.
    std::uint32_t size() const noexcept { return end == open_end ? 0 : end - begin; }
    std::string_view bytes() const noexcept { return {chunk->data() + begin, size()}; }
    bool can_grow_by(std::size_t size) const noexcept;
    /// True if it is better copied than kept.
    bool wasteful() const noexcept;
    std::size_t held() const noexcept { return allocation + chunk->capacity_; }
  };

  /// The entries behind the first one.
  struct Rest {
    std::vector<Slice> slices;  // ends with an entry that still waits
    std::uint32_t next = 0;     // entries that have become first_ already
    std::uint32_t kept = 0;     // entries that `keep` has seen
    std::size_t held = 0;       // what the entries from `next` to `kept` hold
    /// How many bytes that are better copied follow each other from an entry on, as far as one chunk goes.
    std::size_t copied_from(std::size_t i) const noexcept;
  };

  /// The same bytes in a chunk that nobody else refers to, of at least that capacity.
  static Slice own(Slice const& slice, std::size_t capacity);
  /// Appends copies of what `slice` has to `to`, or as much as there is room for; the rest is left in it.
  static void move_bytes(Slice& slice, Slice& to) noexcept;
  Slice& last() noexcept { return rest_ ? rest_->slices.back() : first_; }
  Slice const& last() const noexcept { return rest_ ? rest_->slices.back() : first_; }
  void push(Slice slice);
  void advance() noexcept;
  void consume_some(std::size_t size) noexcept;
  void drop_empty_tail() noexcept {
    // A part without bytes would look like a peer that takes none.
    if (last().size() == 0) drop_tail();
  }
  void drop_tail() noexcept;

  Slice first_;
  Owned<Rest> rest_;  // null unless there are several entries: most queues have one at most
  std::size_t bytes_ = 0;
};

}}}  // namespace aerie::v1::core
