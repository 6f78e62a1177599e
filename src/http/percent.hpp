#pragma once

#include <aerie/core/api.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

/// What `+` stands for: a space in a query, itself in a path.
enum class PlusSign : bool { is_space, is_plus };

/// `text` with its percent escapes decoded (RFC 3986 §2.1); a broken escape stays as it is, and a text that
/// would not be UTF-8 is returned undecoded.
AERIE_API std::string percent_decode(std::string_view text, PlusSign plus);

/// As JavaScript's `decodeURIComponent`: nothing if an escape is broken or the text would not be UTF-8.
AERIE_API std::optional<std::string> percent_decode_strictly(std::string_view text);

/// Appends `text` as JavaScript's `encodeURIComponent` writes it.
AERIE_API void percent_encode(std::string& out, std::string_view text);

/// Whether decoding a text of a query could change it.
inline bool has_escape(std::string_view text) noexcept {
  // Two searches: one for either would call the C library for every character.
  return text.find('%') != text.npos || text.find('+') != text.npos;
}

}}}  // namespace aerie::v1::http
