#pragma once

/// \file
/// Where something stands in a log that the servers of a cluster share. A plain value; any thread.

#include <aerie/core/api.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// The id of an entry of a Redis stream, `1700000000000-3`: positions grow from entry to entry, so that of
/// two of them it is known which one is later, also when neither entry is there any more.
/// https://redis.io/docs/latest/develop/data-types/streams/#entry-ids
struct LogPosition {
  std::uint64_t time = 0;  ///< Milliseconds of Redis' clock, unless that was set back.
  std::uint64_t number = 0;

  auto operator<=>(LogPosition const&) const noexcept = default;
  /// Before all entries there may ever be.
  bool is_begin() const noexcept { return time == 0 && number == 0; }
  AERIE_API std::string text() const;
  /// Nothing if it is no position, or not as Redis spells it.
  AERIE_API static std::optional<LogPosition> parse(std::string_view text) noexcept;
};

}}}  // namespace aerie::v1::socketio
