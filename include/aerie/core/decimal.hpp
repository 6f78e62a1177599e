#pragma once

/// \file
/// Numbers in decimal text. Functions without state: callable from any thread.

#include <charconv>
#include <optional>
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

}}}  // namespace aerie::v1::core
