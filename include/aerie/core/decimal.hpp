#pragma once

/// \file
/// Numbers in decimal text. Functions without state: callable from any thread.

#include <aerie/core/api.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace aerie { inline namespace v1 { namespace core {

/// What std::from_chars does for a double, by std::strtod, whatever the locale is. Call `double_from_chars`.
AERIE_API std::from_chars_result double_by_strtod(char const* begin, char const* end, double& value,
                                                  std::chars_format format) noexcept;

/// Reads the double that a text begins with: std::from_chars, where the standard library has it for doubles,
/// which libc++ 19 has not. Of the formats all but hex.
inline std::from_chars_result double_from_chars(
    char const* begin, char const* end, double& value,
    std::chars_format format = std::chars_format::general) noexcept {
#if defined(__cpp_lib_to_chars) && __cpp_lib_to_chars >= 201611L
  return std::from_chars(begin, end, value, format);
#else
  return double_by_strtod(begin, end, value, format);
#endif
}

/// The number that the whole of a text is, as std::from_chars reads it; nothing if it is none, or does not
/// fit. Of the floating-point types double alone.
template <class Number>
std::optional<Number> decimal(std::string_view text) noexcept {
  Number result{};
  auto const* const end = text.data() + text.size();
  std::from_chars_result read{};
  if constexpr (std::is_same_v<Number, double>) {
    read = double_from_chars(text.data(), end, result);
  } else {
    read = std::from_chars(text.data(), end, result);
  }
  if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return result;
}

/// Appends a whole number.
template <class Number>
void append_decimal(std::string& out, Number number) {
  std::array<char, std::numeric_limits<Number>::digits10 + 2> text;
  auto const end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  // Not as two iterators, for which libstdc++ takes a longer way.
  out.append(text.data(), static_cast<std::size_t>(end - text.data()));
}

}}}  // namespace aerie::v1::core
