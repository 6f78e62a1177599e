#pragma once

/// \file
/// Compression of messages on one connection: permessage-deflate (RFC 7692), on zlib.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/websocket/deflate_contexts.hpp>
#include <aerie/websocket/deflate_options.hpp>
#include <aerie/websocket/error.hpp>
#include <aerie/websocket/frame.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace websocket {

/// The two contexts of a connection. One whose direction has context takeover is the connection's own: it is
/// allocated with the first message that needs it, charged to the account, and kept; `deflate_memory` tells
/// what both hold. Of a direction without it nothing is kept: the contexts that connections share are used.
///
/// Belongs to one thread at a time.
class AERIE_API Deflate {
 public:
  /// `options` have passed `check`, `agreed` comes from the handshake. `shared` outlives the last message;
  /// without it a direction that keeps nothing makes its context anew for each.
  Deflate(Role role, DeflateParameters const& agreed, DeflateOptions const& options,
          DeflateContexts* shared = nullptr);
  /// Charges what it holds to `account`, which outlives it.
  Deflate(Role role, DeflateParameters const& agreed, DeflateOptions const& options, DeflateContexts& shared,
          core::Account& account);

  /// True if a message of `size` bytes is worth compressing.
  bool is_worthwhile(std::size_t size) const { return size >= options_.threshold; }

  /// Appends the compressed form of a message, which then goes out in a frame with RSV1 set (§7.2.1). With
  /// context takeover the frames have to be sent in the order of the calls, to this peer only. Throws
  /// std::bad_alloc.
  void compress(std::string_view message, std::string& out);

  /// Puts the message that a compressed payload stands for into `out` (§7.2.2). Inflating stops as soon as
  /// the message exceeds `max_size` bytes: Error::message_too_big, however small the payload was. Memory
  /// stays below twice `max_size`. Anything that is no deflate data is Error::invalid_compressed_data. After
  /// an error the connection is to be closed. Throws std::bad_alloc.
  ///
  /// A peer may end a block as the final one (§7.2.3.4); the window does not survive that.
  Error decompress(std::span<char const> payload, std::size_t max_size, std::vector<char>& out);

 private:
  z_stream_s& compressor();
  z_stream_s& decompressor();
  void hold(std::size_t bytes) noexcept;

  DeflateContexts* shared_;
  DeflateContext compressor_;
  InflateContext decompressor_;
  std::optional<core::Charge> charge_;
  DeflateOptions options_;
  int out_window_bits_;
  int in_window_bits_;
  bool keep_out_context_;
  bool keep_in_context_;
};

}}}  // namespace aerie::v1::websocket
