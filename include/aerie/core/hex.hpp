#pragma once

/// \file
/// Hexadecimal text. Functions without state: callable from any thread.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

/// The value of a hexadecimal digit in either case, -1 for other characters.
constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  auto const lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// All sixteen digits of a number, in small letters: "00000000000000ff".
AERIE_API std::string hex(std::uint64_t number);
/// Two digits for each byte.
AERIE_API std::string hex(std::string_view bytes);

}}}  // namespace aerie::v1::core
