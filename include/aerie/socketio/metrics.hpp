#pragma once

/// \file
/// A page of metrics for Prometheus, of programs without an application of gateways:
///
///     aerie::Server io;
///     aerie::http::Server operations(io.runtime());
///     aerie::serve_metrics(operations, {&io});
///     operations.listen(9100);
///
/// See docs/metrics.md.

#include <aerie/core/api.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/http/server.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

class Server;

/// Where the page of the metrics is, and for whom.
struct MetricsOptions {
  /// Where the page is.
  std::string path = "/metrics";
  /// Who reads the page has to show it: `Authorization: Bearer TOKEN`. Empty: nobody is asked.
  std::string token{};
};

/// Measures these servers from now on, and answers `GET /metrics`. Before `http` listens and the servers
/// serve, which must all be of one runtime and outlive `http`. Several servers are told apart by the label
/// `server`, their path. Throws std::invalid_argument for a path that is taken already.
AERIE_API void serve_metrics(http::Server& http, std::vector<Server*> const& servers,
                             MetricsOptions options = {});

namespace socketio {

/// The same for whatever `collect` says, which is called on any shard.
AERIE_API void serve_metrics(http::Server& http, std::function<void(core::MetricsPage&)> collect,
                             MetricsOptions const& options);

}  // namespace socketio
}}  // namespace aerie::v1
