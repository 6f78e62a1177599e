#pragma once

/// \file
/// Durations: written as a number of their own unit (std::chrono::seconds as 90), read from such a number or
/// from a text with a unit: "500ms", "90s", "15m", "12h", "7d", "2w". What does not fit the type, as "500ms"
/// does not fit std::chrono::seconds, is refused.

#include <aerie/core/api.hpp>
#include <aerie/schema/codec_scalars.hpp>
#include <aerie/schema/codec_trait.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>

namespace aerie { inline namespace v1 {

namespace detail {
using RealSeconds = std::chrono::duration<double>;

/// Reads a duration that is between `lowest` and `highest`, and a multiple of `step` unless that is zero.
AERIE_API bool decode_duration(Decoder& decoder, RealSeconds unit, RealSeconds step, RealSeconds lowest,
                               RealSeconds highest, RealSeconds& value);
}  // namespace detail

template <class Rep, class Period>
struct Codec<std::chrono::duration<Rep, Period>> {
  using Duration = std::chrono::duration<Rep, Period>;
  static constexpr TypeShape shape{.kind = TypeKind::duration};
  static constexpr bool is_whole = std::integral<Rep>;

  static void encode(Encoder& encoder, Duration value) {
    if constexpr (is_whole) {
      encoder.integer(static_cast<std::int64_t>(value.count()));
    } else {
      Codec<Rep>::encode(encoder, value.count());
    }
  }

  static bool decode(Decoder& decoder, Duration& value) {
    using detail::RealSeconds;
    constexpr RealSeconds unit = std::chrono::duration<double, Period>(1);
    RealSeconds real{};
    if (!detail::decode_duration(decoder, unit, is_whole ? unit : RealSeconds(0), Duration::min(),
                                 Duration::max(), real)) {
      return false;
    }
    if constexpr (is_whole) {
      value = std::chrono::round<Duration>(real);
    } else {
      value = std::chrono::duration_cast<Duration>(real);
    }
    return true;
  }
};

}}  // namespace aerie::v1
