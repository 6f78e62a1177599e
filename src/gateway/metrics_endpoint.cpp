#include "gateway/metrics_endpoint.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/production.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/socketio/metrics.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

void MetricsEndpoint::serve(ApplicationMetricsOptions options, HealthEndpoints& health) {
  options_ = std::move(options);
  auto const production = options_.production.value_or(core::is_production());
  if (!options_.port && options_.token.empty() && production) {
    runtime_.log().warning(
        "gateway",
        core::concat(
            "the metrics are not served: in production everybody could read them at the application's "
            "port; set ApplicationMetricsOptions::port to one of their own, or token"));
    return;
  }
  runtime_.measure();
  if (options_.port) own_ = std::make_unique<http::Server>(runtime_);
  auto& server = own_ ? *own_ : application_;
  try {
    socketio::serve_metrics(server, collect_, {.path = options_.path, .token = options_.token});
    if (own_ && options_.health) health.serve_also_on(server);
  } catch (std::invalid_argument const& error) {
    throw StartError(core::concat("aerie: the metrics cannot be served: ", error.what()));
  }
}

void MetricsEndpoint::listen(std::string const& host) {
  if (own_) own_->listen(*options_.port, options_.host.empty() ? host : options_.host);
}

void MetricsEndpoint::close() {
  if (own_) own_->close();
}

}}}  // namespace aerie::v1::gateway
