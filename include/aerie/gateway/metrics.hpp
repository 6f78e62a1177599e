#pragma once

/// \file
/// What an application does, for Prometheus:
///
///     app.use_metrics({.port = 9100});          // GET /metrics, /live and /ready on a port of their own
///
/// See docs/metrics.md.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace aerie { inline namespace v1 {

/// Where the metrics of an application are, and for whom.
struct ApplicationMetricsOptions {
  /// Where the page is.
  std::string path = "/metrics";
  /// Who reads the page has to show it: `Authorization: Bearer TOKEN`. Empty: nobody is asked.
  std::string token{};
  /// A port of their own, which should be open to those who watch the application only; nothing: the
  /// application's.
  std::optional<std::uint16_t> port = std::nullopt;
  /// Where the own port listens; empty: where the application does.
  std::string host{};
  /// Answer `/live` and `/ready` on the own port as well: see aerie/gateway/health.hpp.
  bool health = true;
  /// Whether the program is in production: then the application's own port has no page without a token, for
  /// it is open to everybody. Nothing: it is if the environment has NODE_ENV=production.
  std::optional<bool> production = std::nullopt;
};

}}  // namespace aerie::v1
