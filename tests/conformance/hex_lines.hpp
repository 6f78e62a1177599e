#pragma once

/// \file
/// The C++ half of a comparison with JavaScript: a program that answers lines.

#include <iostream>
#include <string>
#include <string_view>

namespace hex_lines {

inline constexpr std::string_view digits = "0123456789abcdef";

inline std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digits.find(hex[i]) << 4U | digits.find(hex[i + 1])));
  }
  return bytes;
}

inline std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (char const c : bytes) {
    auto const byte = static_cast<unsigned char>(c);
    hex.push_back(digits[byte >> 4U]);
    hex.push_back(digits[byte & 15U]);
  }
  return hex;
}

/// Each line of standard input is bytes in hexadecimal digits; writes what `answer` says of them, line by
/// line.
template <typename Answer>
void answer_each(Answer const& answer) {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);)
    std::cout << answer(from_hex(line)) << '\n';
}

}  // namespace hex_lines
