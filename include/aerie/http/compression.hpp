#pragma once

/// \file
/// Compression of response bodies (RFC 9110 §8.4): which coding a client is sent, and the coding itself, on
/// zlib and brotli.

#include <aerie/core/api.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct z_stream_s;

namespace aerie { inline namespace v1 { namespace http {

/// How a body is packed (RFC 9110 §8.4.1).
enum class ContentCoding : std::uint8_t { identity, gzip, deflate, brotli };

/// `gzip` and so on, as in Content-Encoding; empty for identity. Any thread.
AERIE_API std::string_view to_string(ContentCoding coding) noexcept;

/// Whether an Accept-Encoding header takes `coding`, with its weights (RFC 9110 §12.5.3). Any thread.
AERIE_API bool accepts(std::string_view accept_encoding, ContentCoding coding) noexcept;

/// What is offered for an answer that is made for one client: what is cheap to make comes first.
inline constexpr std::array codings_for_answers{ContentCoding::gzip, ContentCoding::deflate,
                                                ContentCoding::brotli};
/// What is offered for files: what is smallest comes first.
inline constexpr std::array codings_for_files{ContentCoding::brotli, ContentCoding::gzip,
                                              ContentCoding::deflate};

/// Who decides among codings of the same weight.
enum class AmongEquals : std::uint8_t {
  /// A coding that is named comes before one that only `*` stands for, then the header's order counts, as
  /// npm's
  /// negotiator decides for the official server: `gzip, deflate, br` is gzip.
  header,
  /// The order of the offer: for files the smallest.
  offer
};

/// The coding of the highest weight in an Accept-Encoding among those `offered`; `identity` if it takes none
/// of them. Any thread.
AERIE_API ContentCoding choose_coding(std::string_view accept_encoding,
                                      std::span<ContentCoding const> offered = codings_for_answers,
                                      AmongEquals among_equals = AmongEquals::header) noexcept;

/// Bodies smaller than this many bytes are rarely worth it.
inline constexpr std::size_t default_compression_threshold = 1024;

/// Compresses whole bodies, one after the other. As a coding begins anew with every response, nothing has to
/// be kept for a client between two of them: one object serves all clients of a thread, and its memory is
/// made once, with the first body. Belongs to one thread.
class AERIE_API Compressor {
 public:
  /// `level` is zlib's, 1 to 9. Brotli's quality is chosen to cost about the same time.
  explicit Compressor(int level = 6) noexcept : level_(level) {}

  /// Appends `body` in gzip (RFC 1952), deflate (zlib's format, RFC 1950) or brotli (RFC 7932) form. Throws
  /// std::bad_alloc. REQUIRES: `coding` is one of them.
  void compress(ContentCoding coding, std::string_view body, std::string& out);

  /// Bytes that it holds between two bodies: none before the first one in gzip or deflate form, 256 KiB and a
  /// little from then on. Brotli's encoder is made for each body, with a window that fits it, and goes with
  /// it.
  std::size_t memory() const noexcept;

 private:
  struct AERIE_API End {
    void operator()(z_stream_s* stream) const noexcept;
  };

  void deflate_whole(std::string_view body, std::string& out);

  std::unique_ptr<z_stream_s, End> deflater_;
  int level_;
};

}}}  // namespace aerie::v1::http
