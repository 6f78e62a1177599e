#pragma once

/// \file
/// Numbers in decimal text. Functions without state: callable from any thread.

#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace aerie { inline namespace v1 { namespace core {

/// The number that the whole of a text is, as std::from_chars reads it; nothing if it is none, or does not
/// fit.
template <class Number>
std::optional<Number> decimal(std::string_view text) noexcept {
  Number result{};
  auto const* const end = text.data() + text.size();
  auto const [stopped, error] = std::from_chars(text.data(), end, result);
  if (text.empty() || error != std::errc() || stopped != end) return std::nullopt;
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
