#pragma once

/// \file
/// Strings and numbers as JavaScript measures and converts them, which is what validation texts and lengths
/// are made of.

#include <aerie/schema/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace schema {

/// `text.length`: UTF-16 code units.
std::size_t utf16_length(std::string_view text);

/// Code points, where a variation selector is part of the character before it: what validator.js counts.
std::size_t character_count(std::string_view text);

/// The next code point of UTF-8 or WTF-8, taken off the front of `text`. REQUIRES: !text.empty().
char32_t next_code_point(std::string_view& text);

/// What `\s` matches in a JavaScript pattern.
bool is_js_space(char32_t c);

/// `String(value)`.
std::string js_string(Value const& value);
std::string js_string(double value);

/// `values.join(separator)`.
std::string js_join(Array const& values, std::string_view separator);

/// `Number(text)`: the whole text is a literal with spaces around it, or NaN.
double js_number(std::string_view text);

/// `Boolean(value)`.
bool js_boolean(Value const& value);

/// `a === b`: arrays, objects, dates and bytes equal nothing, because those of a message are nobody else's.
bool js_equal(Value const& a, Value const& b);

/// `values.includes(value)` with `===`.
bool js_contains(Array const& values, Value const& value);

}}}  // namespace aerie::v1::schema
