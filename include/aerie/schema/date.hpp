#pragma once

/// \file
/// A moment in time as JavaScript's Date has it.

#include <aerie/core/api.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// Whole milliseconds since 1970-01-01T00:00:00Z, at most 8.64e15 of them in either direction, or the invalid
/// date (ECMA-262 §21.4.1.1). A plain value.
class AERIE_API Date {
 public:
  /// The invalid date, which is sent as null.
  constexpr Date() = default;

  /// Cut down to whole milliseconds; invalid if it is out of range.
  explicit constexpr Date(std::chrono::system_clock::time_point time)
      : Date(from_milliseconds(
            std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count())) {}

  /// Since the epoch; invalid if it is out of the range that a JavaScript Date has.
  static constexpr Date from_milliseconds(std::int64_t milliseconds) {
    Date date;
    if (milliseconds >= -limit && milliseconds <= limit) date.milliseconds_ = milliseconds;
    return date;
  }

  /// The date that `Date.parse` makes of an ISO string with a date (`2024-02-29`, a UTC midnight) or a date
  /// and a time with `Z` or an offset (`2024-02-29T12:30:00.125Z`, `...T12:30+02:00`): ECMA-262 §21.4.1.32.
  /// A time without `Z` or an offset is refused, because it means another moment on every machine.
  static std::optional<Date> from_iso_string(std::string_view text);

  /// Whether it is a moment at all.
  [[nodiscard]] constexpr bool is_valid() const { return milliseconds_ != invalid; }

  /// Milliseconds since the epoch. REQUIRES: is_valid().
  [[nodiscard]] constexpr std::int64_t milliseconds() const { return milliseconds_; }

  /// REQUIRES: is_valid(), and that the clock's type reaches so far (years 1678 to 2261 with nanoseconds).
  [[nodiscard]] constexpr std::chrono::system_clock::time_point time_point() const {
    return std::chrono::system_clock::time_point(
        std::chrono::duration_cast<std::chrono::system_clock::duration>(
            std::chrono::milliseconds(milliseconds_)));
  }

  /// What `toISOString` returns: `2024-02-29T12:30:00.125Z`, with a sign and six digits for years outside 0
  /// to 9999; empty if the date is invalid.
  [[nodiscard]] std::string to_iso_string() const;

  friend constexpr bool operator==(Date, Date) = default;

 private:
  static constexpr std::int64_t limit = 8'640'000'000'000'000;
  static constexpr std::int64_t invalid = std::numeric_limits<std::int64_t>::min();

  std::int64_t milliseconds_ = invalid;
};

}}  // namespace aerie::v1
