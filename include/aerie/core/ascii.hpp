#pragma once

/// \file
/// Classes of ASCII characters, whatever the locale is. Any thread.

namespace aerie { inline namespace v1 { namespace core {

/// Whether a character is one of the ten decimal digits.
constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Whether a character is one of the letters a to z, small or large.
constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Whether a character is one of these letters or digits.
constexpr bool is_alphanumeric(char c) noexcept {
  return is_letter(c) || is_digit(c);
}

/// Whether a character is a hexadecimal digit with a small letter, if it is one.
constexpr bool is_small_hex_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

}}}  // namespace aerie::v1::core
