#pragma once

/// \file
/// What is done with an answer of a collector, and when it is tried again
/// (https://opentelemetry.io/docs/specs/otlp/#failures-1). Plain values; no I/O and no clock.

#include <aerie/core/clock.hpp>
#include <aerie/http/fetch.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 { namespace tracing {

/// What has come of a request.
enum class Verdict : std::uint8_t {
  taken,
  again,    ///< The collector, or the way to it, is in trouble: later.
  refused,  ///< It will never take it.
};
Verdict verdict_of(http::FetchResult const& result) noexcept;

/// What `Retry-After` asks for (RFC 9110 §10.2.3): seconds, or a date, which is compared with `now`. Nothing
/// if it is neither.
std::optional<core::Milliseconds> retry_after(std::string_view header, core::WallTime now) noexcept;

/// How long is waited between the attempts for one batch.
class RetryPause {
 public:
  static constexpr core::Milliseconds shortest{500};
  static constexpr core::Milliseconds longest{15'000};

  /// Doubles each time, and is spread by a half in both directions so that not all programs come back at
  /// once. `random`: any number. What the collector has asked for counts instead, if it is longer.
  core::Milliseconds next(std::uint64_t random, std::optional<core::Milliseconds> asked_for) noexcept;
  void reset() noexcept { pause_ = shortest; }

 private:
  core::Milliseconds pause_ = shortest;
};

}}}  // namespace aerie::v1::tracing
