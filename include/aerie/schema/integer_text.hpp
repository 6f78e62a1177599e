#pragma once

/// \file
/// Integers of 64 bits for JavaScript. Aerie writes and reads them exactly, but a JavaScript peer makes a
/// double of every number and so rounds beyond 2^53 (Number.MAX_SAFE_INTEGER, ECMA-262 §21.1.2.6). What may
/// be larger there, such as ids with a time in them, is sent as text.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_scalars.hpp>

#include <charconv>
#include <compare>
#include <limits>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// An integer that is sent as a string of decimal digits, "9007199254740993", and received so or as a number.
/// A plain value.
template <detail::NumericInteger T>
struct IntegerText {
  /// The integer.
  T value = 0;

  friend constexpr auto operator<=>(IntegerText const&, IntegerText const&) = default;
};

template <typename T>
struct Codec<IntegerText<T>> {
  static constexpr TypeShape shape{.kind = TypeKind::digits};

  static void encode(Encoder& encoder, IntegerText<T> value) { encoder.string(std::to_string(value.value)); }

  static bool decode(Decoder& decoder, IntegerText<T>& value) {
    if (decoder.peek() == ValueKind::number) return Codec<T>::decode(decoder, value.value);
    std::string_view text;
    if (!decoder.read_string(text)) return false;
    char const* const end = text.data() + text.size();
    auto const result = std::from_chars(text.data(), end, value.value);
    if (result.ec == std::errc() && result.ptr == end) return true;
    return decoder.fail(DecodeErrorCode::out_of_range,
                        "expected the digits of an integer from " +
                            std::to_string(std::numeric_limits<T>::min()) + " to " +
                            std::to_string(std::numeric_limits<T>::max()) + ", got another string");
  }
};

}}  // namespace aerie::v1
