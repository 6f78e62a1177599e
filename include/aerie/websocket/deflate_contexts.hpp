#pragma once

/// \file
/// zlib's contexts that compressed connections of one thread have in common.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/websocket/deflate_options.hpp>

#include <array>
#include <cstddef>
#include <memory>

struct z_stream_s;

namespace aerie { inline namespace v1 { namespace websocket {

struct AERIE_API EndDeflate {
  void operator()(z_stream_s* stream) const;
};
struct AERIE_API EndInflate {
  void operator()(z_stream_s* stream) const;
};
using DeflateContext = std::unique_ptr<z_stream_s, EndDeflate>;
using InflateContext = std::unique_ptr<z_stream_s, EndInflate>;

/// Makes a context without zlib's own header around what it writes or reads. Throws std::bad_alloc.
AERIE_API DeflateContext make_deflate_context(int window_bits, DeflateOptions const& options);
AERIE_API InflateContext make_inflate_context(int window_bits);

/// Bytes that a context holds, as zlib's zconf.h states it.
AERIE_API std::size_t deflate_context_memory(int window_bits, DeflateOptions const& options);
AERIE_API std::size_t inflate_context_memory(int window_bits);

/// The contexts for connections that keep none between messages (`no_context_takeover`, RFC 7692 §7.1.1): one
/// compressor for each size of window that was agreed with anybody, and one decompressor, whose window is the
/// largest and so fits what was compressed with any. Each is made when it is first needed, charged to the
/// account, and kept: a message costs no allocation of a quarter of a megabyte.
///
/// Belongs to the thread of the connections, and outlives their last message.
class AERIE_API DeflateContexts {
 public:
  /// `options` have passed `check`.
  DeflateContexts(DeflateOptions const& options, core::Account& account)
      : options_(options), charge_(account, 0) {}

  /// A context at its beginning, for one message. REQUIRES: window_bits is 9 to 15. Throws std::bad_alloc.
  z_stream_s& compressor(int window_bits);
  z_stream_s& decompressor();

  /// Bytes that all of them hold.
  std::size_t memory() const noexcept { return charge_.bytes(); }

 private:
  static constexpr int smallest_window = 9;
  static constexpr int largest_window = 15;

  DeflateOptions options_;
  std::array<DeflateContext, largest_window - smallest_window + 1> compressors_;
  InflateContext decompressor_;
  core::Charge charge_;
};

}}}  // namespace aerie::v1::websocket
