#pragma once

/// \file
/// Everything needed to send and receive C++ types: the codecs that are built in, described types, and
/// conversions to and from Value and JSON text.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_containers.hpp>
#include <aerie/schema/codec_scalars.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/describe.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>

#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace detail {
AERIE_API DecodeResult from_value(Value const& source, TypeOps const& ops, void* value);
AERIE_API DecodeResult from_json(std::string_view text, TypeOps const& ops, void* value);
}  // namespace detail

/// Any encodable value as a tree.
AERIE_API Value to_value(EncodableRef value);

/// Reads `value` from a tree. On failure `value` is valid but unspecified.
template <typename T>
[[nodiscard]] DecodeResult from_value(Value const& source, T& value) {
  if constexpr (detail::require_decodable<T>()) return detail::from_value(source, type_ops<T>, &value);
}

namespace json {

/// Any encodable value as JSON text; bytes as Node's Buffer writes itself.
AERIE_API std::string stringify(EncodableRef value);

/// Reads `value` from a JSON text with nothing but whitespace around it. REQUIRES: the text is valid UTF-8.
/// On failure `value` is valid but unspecified.
template <typename T>
[[nodiscard]] DecodeResult parse(std::string_view text, T& value) {
  if constexpr (detail::require_decodable<T>()) return detail::from_json(text, type_ops<T>, &value);
}

}  // namespace json
}}  // namespace aerie::v1
