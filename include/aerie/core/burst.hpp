#pragma once

/// \file
/// Frames of one loop turn that go to the same receivers, joined once and shared. Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/chunk.hpp>

#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

class Shard;
class Stream;

/// The first message of a burst is handed to each receiver (`Stream::join`); the following ones are only
/// appended: every receiver whose queue still ends with the burst has them already, and each of them later
/// costs one plain `send`. A receiver that was sent something else meanwhile has left and joins again at the
/// next append. The shard closes all bursts before it writes.
class AERIE_API Burst {
 public:
  /// Opens a burst with room for `capacity` bytes on the shard whose turn it is.
  Burst(Shard& shard, std::size_t capacity);
  ~Burst();
  Burst(Burst const&) = delete;
  Burst& operator=(Burst const&) = delete;

  bool open() const noexcept { return static_cast<bool>(chunk_); }
  bool has_room_for(std::size_t size) const noexcept { return chunk_ && chunk_->room() >= size; }

  /// REQUIRES: has_room_for(bytes.size()). Sends `bytes` to everybody who has joined.
  void append(std::string_view bytes);

  /// From now on nothing is appended; what was appended goes its way.
  void close() noexcept;

 private:
  friend class Stream;
  Shard* shard_;
  ChunkRef chunk_;
  std::vector<Stream*> left_;
};

}}}  // namespace aerie::v1::core
