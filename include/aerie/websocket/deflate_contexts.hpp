#pragma once

/// \file
/// zlib's contexts that compressed connections of one thread have in common.

#include <aerie/core/account.hpp>
#include <aerie/core/api.hpp>
#include <aerie/websocket/deflate_options.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

/// Appends the compressed form of a message, which goes out in a frame with RSV1 set (RFC 7692 §7.2.1), and
/// leaves it in the context's window.
AERIE_API void append_compressed(z_stream_s& context, std::string_view message, std::string& out);

/// Puts a message that another context has compressed into this one's window, where the peer has it, too:
/// what comes next may refer to it. REQUIRES: fewer than 4 GiB.
AERIE_API void add_to_window(z_stream_s& context, std::string_view message);

/// Bytes that a context holds, as zlib's zconf.h states it.
AERIE_API std::size_t deflate_context_memory(int window_bits, DeflateOptions const& options);
AERIE_API std::size_t inflate_context_memory(int window_bits);

/// The contexts for connections that keep none between messages (`no_context_takeover`, RFC 7692 §7.1.1), and
/// for large messages that several are sent: one compressor for each size of window that was agreed with
/// anybody, and one decompressor, whose window is the largest and so fits what was compressed with any. Each
/// is made when it is first needed, charged to the account, and kept: a message costs no allocation of a
/// quarter of a megabyte.
///
/// What many connections are sent alike, one after the other, is compressed once for each size of window: the
/// last message is kept beside what came of it, if it has `largest_kept` bytes at most.
///
/// Belongs to the thread of the connections, and outlives their last message.
class AERIE_API DeflateContexts {
 public:
  /// `options` have passed `check`.
  DeflateContexts(DeflateOptions const& options, core::Account& account)
      : options_(options), charge_(account, 0) {}

  static constexpr std::size_t largest_kept = std::size_t{1} << 20U;

  /// The compressed form of a message that begins with an empty window (`append_compressed`), valid until the
  /// next call. REQUIRES: window_bits is 9 to 15. Throws std::bad_alloc.
  std::string_view compress(int window_bits, std::string_view message);
  /// The same for a message that was the last one, here or in `compress`, for this size of window, too;
  /// nothing for any other, which is the last one from here on.
  std::optional<std::string_view> compress_repeated(int window_bits, std::string_view message);
  /// A context at its beginning, for one message. Throws std::bad_alloc.
  z_stream_s& decompressor();

  /// How many messages were compressed so far: of those that were alike one after the other only the first.
  std::uint64_t compressions() const noexcept { return compressions_; }

  /// Bytes that all of them hold.
  std::size_t memory() const noexcept { return charge_.bytes(); }

 private:
  static constexpr int smallest_window = 9;
  static constexpr int largest_window = 15;

  struct Compressor {
    DeflateContext context;
    std::string message;     // the last one, or nothing
    std::string compressed;  // nothing if it was not compressed here
  };

  Compressor& compressor(int window_bits) {
    return compressors_[static_cast<std::size_t>(window_bits - smallest_window)];
  }
  static bool is_last(Compressor const& compressor, std::string_view message) {
    return !message.empty() && compressor.message == message;
  }
  /// Of what `compressor` holds, all but zlib's context.
  static std::size_t kept(Compressor const& compressor) {
    return compressor.message.capacity() + compressor.compressed.capacity();
  }
  /// Keeps a message instead of the last one, and nothing of what came of that.
  void keep(Compressor& compressor, std::string_view message);
  /// What comes of `message`, which is the last one, or too large to be kept.
  std::string_view compressed(Compressor& compressor, int window_bits, std::string_view message);

  DeflateOptions options_;
  std::array<Compressor, largest_window - smallest_window + 1> compressors_;
  InflateContext decompressor_;
  core::Charge charge_;
  std::uint64_t compressions_ = 0;
};

}}}  // namespace aerie::v1::websocket
