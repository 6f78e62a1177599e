#pragma once

/// \file
/// Strings as JSON.stringify writes them.

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace json {

/// Appends `text` in quotes (ECMA-262 §25.5.2.3). What is appended is valid UTF-8: a surrogate in the three
/// bytes of WTF-8 is escaped, two of them that belong together become their character, any other byte that is
/// not UTF-8 becomes U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}}}  // namespace aerie::v1::json
