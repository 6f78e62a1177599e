#pragma once

/// \file
/// Comparison with a text that is known when the program is compiled. Function without state: callable from
/// any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace core {

/// The same as `text == literal`, in a few instructions instead of a call: for names that are looked for in
/// every request.
template <std::size_t Size>
bool equals(std::string_view text, char const (&literal)[Size]) noexcept {
  return text.size() == Size - 1 && std::char_traits<char>::compare(text.data(), literal, Size - 1) == 0;
}

}}}  // namespace aerie::v1::core
