#pragma once

/// \file
/// Messages that many sessions of a shard are sent alike: prepared once, not once for each. How they are
/// prepared is the transports' business. Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/burst.hpp>
#include <aerie/core/chunk.hpp>
#include <aerie/core/stream.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// One message or several, in the form that transports share: WebSocket frames. Its memory can be used again
/// and again.
class AERIE_API SharedMessages {
 public:
  /// Begins anew.
  void clear();
  void add_text(std::string_view text);
  void add_binary(std::string_view bytes);

  /// Bytes of all of them, as they are sent.
  std::size_t size() const noexcept { return frames_.size(); }

 private:
  friend class SharedBurst;
  friend class SharedSink;

  /// What many connections may refer to.
  core::ChunkRef const& chunk() const;

  std::string frames_;
  core::ChunkRef mutable chunk_;
};

/// What one turn of the loop sends to the same sessions: those that have joined it (`SharedSink::join`) are
/// sent everything in it, and what is added later in the turn, in its place among all else that they are
/// sent.
class AERIE_API SharedBurst {
 public:
  /// Opens one with its first messages.
  SharedBurst(core::Shard& shard, SharedMessages const& first);

  /// Sends more to everybody who has joined. False if there is no room for it, or the turn has ended: then
  /// another burst has to be opened.
  bool add(SharedMessages const& messages);

 private:
  friend class SharedSink;
  core::Burst frames_;
};

/// Where a session takes what many are sent alike (`Session::shared_sink`). To be kept by whoever sends to
/// many: each of them costs no more than a look here.
class AERIE_API SharedSink {
 public:
  /// Of a session that takes nothing of the kind.
  SharedSink() noexcept = default;
  /// For transports: of one that takes WebSocket frames.
  explicit SharedSink(core::Stream& stream) noexcept : stream_(&stream) {}

  /// False if there is none: the session is sent each message by itself.
  explicit operator bool() const noexcept { return stream_ != nullptr; }
  /// REQUIRES: there is one.
  void send(SharedMessages const& messages) const { stream_->write(messages.chunk()); }
  /// Follows a burst from its begin to its end. REQUIRES: there is one.
  void join(SharedBurst& burst) const { stream_->join(burst.frames_, 0); }

 private:
  core::Stream* stream_ = nullptr;
};

}}}  // namespace aerie::v1::engineio
