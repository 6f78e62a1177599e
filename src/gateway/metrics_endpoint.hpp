#pragma once

/// \file
/// What `GET /metrics` says.

#include "gateway/health_endpoints.hpp"

#include <aerie/core/metrics_page.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/gateway/metrics.hpp>
#include <aerie/http/server.hpp>

#include <functional>
#include <memory>
#include <string>

namespace aerie { inline namespace v1 { namespace gateway {

/// Thread contract: set up on the thread that starts the application; requests are answered on the shard of
/// their connection.
class MetricsEndpoint {
 public:
  using Collect = std::function<void(core::MetricsPage&)>;

  /// `collect`: what there is to say, on any shard.
  MetricsEndpoint(Runtime& runtime, http::Server& application, Collect collect)
      : runtime_(runtime), application_(application), collect_(std::move(collect)) {}

  /// Measures from now on, and serves the page: on `application`, or on a port of its own once that listens.
  /// Throws StartError for a path that cannot be.
  void serve(ApplicationMetricsOptions options, HealthEndpoints& health);
  void listen(std::string const& host);
  void close();
  /// That of the own port; null if there is none.
  http::Server* own_server() const noexcept { return own_.get(); }

 private:
  Runtime& runtime_;
  http::Server& application_;
  Collect collect_;
  ApplicationMetricsOptions options_;
  std::unique_ptr<http::Server> own_;
};

}}}  // namespace aerie::v1::gateway
