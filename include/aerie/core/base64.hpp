#pragma once

/// \file
/// Base64 in its two alphabets (RFC 4648 §4 and §5). Functions without state: callable from any thread.
///
/// Decoding is strict, so that one sequence of bytes has exactly one spelling: no whitespace, no foreign
/// characters, and the unused bits of the last character are zero (RFC 4648 §3.5). That is for tokens and
/// keys. What clients of many makes have encoded is read by `append_decoded_leniently`.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace base64 {

/// Characters that `encode` makes of `size` bytes.
constexpr std::size_t encoded_size(std::size_t size) {
  return (size + 2) / 3 * 4;
}

/// Appends `bytes` in the standard alphabet with padding.
AERIE_API void append_encoded(std::string& out, std::string_view bytes);

/// Appends the bytes that `text` stands for: standard alphabet, padded to a multiple of four characters.
/// Returns false, and leaves `out` as it was, if `text` is anything else.
AERIE_API bool append_decoded(std::string& out, std::string_view text);

/// Appends the bytes that `text` stands for as Node.js reads it (`Buffer.from(text, "base64")`), which never
/// refuses: both alphabets, mixed at will; line breaks and other characters that are in neither are skipped
/// (RFC 2045 §6.8), padding may be missing, the first `=` is the end, and a single character that is left
/// over is dropped. https://nodejs.org/api/buffer.html#buffers-and-character-encodings
AERIE_API void append_decoded_leniently(std::string& out, std::string_view text);

/// `bytes` in the standard alphabet with padding.
AERIE_API std::string encode(std::string_view bytes);

/// The bytes of a text in the standard alphabet with padding, nothing if it is not one.
AERIE_API std::optional<std::string> decode(std::string_view text);

/// `bytes` in the URL-safe alphabet without padding, as JSON Web Tokens have it (RFC 7515 §2).
AERIE_API std::string encode_url(std::string_view bytes);

/// The bytes of a text in the URL-safe alphabet without padding, nothing if it is not one.
AERIE_API std::optional<std::string> decode_url(std::string_view text);

}}}  // namespace aerie::v1::base64
