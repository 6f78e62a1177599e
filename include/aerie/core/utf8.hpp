#pragma once

/// \file
/// Checks of UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF). Functions without
/// state may be called from any thread; a Validator belongs to one thread at a time.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace utf8 {

/// Checks a text that arrives in pieces, such as a fragmented WebSocket message (RFC 6455 §8.1). It fails at
/// the first byte that no valid text can have there, so that a peer need not be read to the end of its
/// message.
class AERIE_API Validator {
 public:
  /// Takes the next piece. Returns false once the text can no longer become valid, and from then on always.
  [[nodiscard]] bool feed(std::string_view piece);

  /// True if the text could end here: everything was valid and no character is left half read.
  [[nodiscard]] bool is_complete() const { return pending_ == 0; }

  /// Begins a new text.
  void reset() { *this = Validator(); }

 private:
  bool begin_character(unsigned char lead);
  bool fail();

  static constexpr std::uint8_t failed = 255;

  std::uint8_t pending_ = 0;  // Bytes that the current character still needs, or `failed`.
  std::uint8_t lowest_ = 0;   // The range of the next one of them.
  std::uint8_t highest_ = 0;
};

/// True if `text` is valid UTF-8 from its first to its last byte.
[[nodiscard]] AERIE_API bool is_valid(std::string_view text);

/// Appends the UTF-8 form of a code point. REQUIRES: `code_point` <= 0x10FFFF. A surrogate is written as the
/// three bytes that the pattern of UTF-8 gives it (WTF-8), which `is_valid` refuses.
AERIE_API void append(std::string& out, char32_t code_point);

}}}  // namespace aerie::v1::utf8
