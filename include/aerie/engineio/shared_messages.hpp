#pragma once

/// \file
/// Messages that many sessions of a shard are sent alike: prepared once, not once for each. How they are
/// prepared is the transports' business. Belongs to one shard.

#include <aerie/core/api.hpp>
#include <aerie/core/burst.hpp>
#include <aerie/core/chunk.hpp>

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
  friend class WebSocketTransport;

  /// What many connections may refer to.
  core::ChunkRef const& chunk() const;

  std::string frames_;
  core::ChunkRef mutable chunk_;
};

/// What one turn of the loop sends to the same sessions: those that have joined it (`Session::join`) are sent
/// everything in it, and what is added later in the turn, in its place among all else that they are sent.
class AERIE_API SharedBurst {
 public:
  /// Opens one with its first messages.
  SharedBurst(core::Shard& shard, SharedMessages const& first);

  /// Sends more to everybody who has joined. False if there is no room for it, or the turn has ended: then
  /// another burst has to be opened.
  bool add(SharedMessages const& messages);

 private:
  friend class WebSocketTransport;
  core::Burst frames_;
};

}}}  // namespace aerie::v1::engineio
