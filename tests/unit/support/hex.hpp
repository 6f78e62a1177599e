#pragma once

#include <aerie/core/hex.hpp>

#include <string>
#include <string_view>

namespace aerie::test {

/// The bytes that hexadecimal digits stand for.
inline std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (; digits.size() > 1; digits.remove_prefix(2))
    bytes.push_back(static_cast<char>(core::hex_digit(digits[0]) * 16 + core::hex_digit(digits[1])));
  return bytes;
}

}  // namespace aerie::test
