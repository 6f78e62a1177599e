#pragma once

/// \file
/// Compression of response bodies (RFC 9110 §8.4), on zlib. Functions without shared state: callable from any
/// thread.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

enum class ContentCoding : std::uint8_t { identity, gzip, deflate, brotli };

/// `gzip` and so on, as in Content-Encoding; empty for identity.
AERIE_API std::string_view to_string(ContentCoding coding) noexcept;

/// Whether an Accept-Encoding header takes `coding`, with its weights (RFC 9110 §12.5.3).
AERIE_API bool accepts(std::string_view accept_encoding, ContentCoding coding) noexcept;

/// gzip or deflate, whichever the header prefers (gzip if it does not care); identity if it takes neither.
AERIE_API ContentCoding choose_coding(std::string_view accept_encoding) noexcept;

/// Bodies smaller than this many bytes are rarely worth it.
inline constexpr std::size_t default_compression_threshold = 1024;

/// Appends `body` in gzip (RFC 1952) or deflate (zlib, RFC 1950) form. `level` is zlib's, 1 to 9.
/// REQUIRES: `coding` is one of the two.
AERIE_API void compress(ContentCoding coding, std::string_view body, std::string& out, int level = 6);

}}}  // namespace aerie::v1::http
