#pragma once

/// \file
/// What counts as a text for people. Functions without state: callable from any thread.

#include <cstddef>
#include <string_view>

namespace chat::text {

/// Without white space at both ends, as JavaScript's `trim` has it (ECMA-262 §22.1.3.32).
std::string_view trimmed(std::string_view text);

/// Unicode characters (code points); half a surrogate pair counts as one.
std::size_t length(std::string_view text);

/// True for a text of 1 to `longest` characters, whole ones, without control characters.
bool is_name(std::string_view text, std::size_t longest);

}  // namespace chat::text
