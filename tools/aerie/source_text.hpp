#pragma once

/// \file
/// Just enough of C++'s grammar to edit a file without a compiler. Functions without state.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aerie::cli {

/// The text with every comment and everything in quotes blanked, so that what is found in it is code. As long
/// as the original: positions in one are positions in the other.
std::string blank_comments_and_quotes(std::string_view text);

/// The position of the bracket that closes the one at `open`, in blanked code.
std::optional<std::size_t> closing_bracket(std::string_view code, std::size_t open);

/// The position of `word` as a whole identifier in blanked code, from `from` on; npos if there is none.
std::size_t find_word(std::string_view code, std::string_view word, std::size_t from = 0);

}  // namespace aerie::cli
