#pragma once

/// \file
/// Codecs of single values: booleans, numbers, strings, dates, bytes, Value and RawJson.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_trait.hpp>
#include <aerie/schema/raw_json.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace detail {

/// An integer that is a number, not a character or a truth value.
template <typename T>
concept NumericInteger =
    std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

template <typename T>
concept Text = std::convertible_to<T const&, std::string_view>;

/// Reads a number that is whole and within the range. A double such as 3.0 or 1e3 is whole.
AERIE_API bool decode_integer(Decoder& decoder, std::int64_t lowest, std::int64_t highest,
                              std::int64_t& value);
AERIE_API bool decode_unsigned(Decoder& decoder, std::uint64_t highest, std::uint64_t& value);
AERIE_API bool decode_double(Decoder& decoder, double& value);
/// Reads a number that is within the range of a float, rounded to the nearest.
AERIE_API bool decode_float(Decoder& decoder, float& value);
/// The double of the fewest digits that reads as this float again: 0.1 of 0.1f, not 0.10000000149011612.
AERIE_API double shortest_double(float value) noexcept;
AERIE_API bool decode_string(Decoder& decoder, std::string& value);
AERIE_API bool decode_null(Decoder& decoder);

}  // namespace detail

template <>
struct Codec<bool> {
  static constexpr TypeShape shape{.kind = TypeKind::boolean};

  static void encode(Encoder& encoder, bool value) { encoder.boolean(value); }
  static bool decode(Decoder& decoder, bool& value) { return decoder.read_boolean(value); }
};

template <detail::NumericInteger T>
struct Codec<T> {
  static constexpr TypeShape shape{
      .kind = TypeKind::integer, .bits = 8 * sizeof(T), .is_unsigned = std::unsigned_integral<T>};

  static void encode(Encoder& encoder, T value) {
    if constexpr (std::signed_integral<T>) {
      encoder.integer(value);
    } else {
      encoder.unsigned_integer(value);
    }
  }

  static bool decode(Decoder& decoder, T& value) {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::signed_integral<T>) {
      std::int64_t wide = 0;
      if (!detail::decode_integer(decoder, Limits::min(), Limits::max(), wide)) return false;
      value = static_cast<T>(wide);
    } else {
      std::uint64_t wide = 0;
      if (!detail::decode_unsigned(decoder, Limits::max(), wide)) return false;
      value = static_cast<T>(wide);
    }
    return true;
  }
};

template <std::floating_point T>
struct Codec<T> {
  static constexpr TypeShape shape{.kind = TypeKind::number};

  static void encode(Encoder& encoder, T value) {
    if constexpr (std::same_as<T, float>) {
      encoder.number(detail::shortest_double(value));
    } else {
      encoder.number(static_cast<double>(value));
    }
  }
  static bool decode(Decoder& decoder, T& value) {
    if constexpr (std::same_as<T, float>) {
      return detail::decode_float(decoder, value);
    } else {
      double number = 0;
      if (!detail::decode_double(decoder, number)) return false;
      value = number;
      return true;
    }
  }
};

/// Strings of any kind can be sent, std::string received as well.
template <detail::Text T>
struct Codec<T> {
  static constexpr TypeShape shape{.kind = TypeKind::string};

  static void encode(Encoder& encoder, std::string_view value) { encoder.string(value); }
  static bool decode(Decoder& decoder, T& value) requires std::same_as<T, std::string> {
    return detail::decode_string(decoder, value);
  }
};

template <>
struct Codec<std::nullptr_t> {
  static void encode(Encoder& encoder, std::nullptr_t) { encoder.null(); }
  static bool decode(Decoder& decoder, std::nullptr_t&) { return detail::decode_null(decoder); }
};

template <>
struct AERIE_API Codec<Value> {
  static constexpr TypeShape shape{.kind = TypeKind::any};

  static void encode(Encoder& encoder, Value const& value);
  static bool decode(Decoder& decoder, Value& value) { return decoder.read_value(value); }
  static bool is_undefined(Value const& value) { return value.is_undefined(); }
  static void make_absent(Value& value) { value = Value(); }
};

template <>
struct AERIE_API Codec<Object> {
  static constexpr TypeShape shape{.kind = TypeKind::map};

  static void encode(Encoder& encoder, Object const& value);
  static bool decode(Decoder& decoder, Object& value);
};

template <>
struct Codec<Bytes> {
  static constexpr TypeShape shape{.kind = TypeKind::bytes};

  static void encode(Encoder& encoder, Bytes const& value) { encoder.bytes(value); }
  static bool decode(Decoder& decoder, Bytes& value) { return decoder.read_bytes(value); }
};

template <>
struct AERIE_API Codec<RawJson> {
  static constexpr TypeShape shape{.kind = TypeKind::any};

  static void encode(Encoder& encoder, RawJson const& value) { encoder.raw_json(value.text()); }
  static bool decode(Decoder& decoder, RawJson& value);
};

template <>
struct Codec<Date> {
  static constexpr TypeShape shape{.kind = TypeKind::date};

  static void encode(Encoder& encoder, Date value) { encoder.date(value); }
  static bool decode(Decoder& decoder, Date& value) { return decoder.read_date(value); }
};

/// As a Date.
template <typename Duration>
struct Codec<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  static constexpr TypeShape shape{.kind = TypeKind::date};

  using TimePoint = std::chrono::time_point<std::chrono::system_clock, Duration>;

  static void encode(Encoder& encoder, TimePoint value) {
    encoder.date(Date::from_milliseconds(
        std::chrono::floor<std::chrono::milliseconds>(value.time_since_epoch()).count()));
  }

  static bool decode(Decoder& decoder, TimePoint& value) {
    Date date;
    if (!decoder.read_date(date)) return false;
    std::chrono::milliseconds const time(date.milliseconds());
    bool const fits = date.is_valid() &&
                      time >= std::chrono::ceil<std::chrono::milliseconds>(Duration::min()) &&
                      time <= std::chrono::floor<std::chrono::milliseconds>(Duration::max());
    if (!fits) return decoder.fail(DecodeErrorCode::out_of_range, "the date is out of range");
    value = TimePoint(std::chrono::duration_cast<Duration>(time));
    return true;
  }
};

}}  // namespace aerie::v1
