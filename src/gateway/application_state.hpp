#pragma once

/// \file
/// What an application consists of.

#include "gateway/container.hpp"
#include "gateway/controller_routes.hpp"
#include "gateway/health_endpoints.hpp"
#include "gateway/lazy_modules.hpp"
#include "gateway/metrics_endpoint.hpp"
#include "gateway/route_builder.hpp"
#include "gateway/shutdown.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/gateway/application.hpp>
#include <aerie/gateway/emitter.hpp>
#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/http/server.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class ApplicationState final : private NamespacesOfGateways {
 public:
  ApplicationState(ModuleReference const& root, ApplicationOptions options, Runtime* runtime,
                   Overrides overrides);
  ~ApplicationState() override;

  void init(std::function<void()> const& waiting = {});
  void listen(std::uint16_t port, std::string const& host);
  void run();
  Shutdown& shutdown() noexcept { return *shutdown_; }

  Runtime& runtime() noexcept { return runtime_; }
  http::Server& http() noexcept { return http_; }
  Container& container() noexcept { return container_; }
  /// Throws StartError if there is none.
  void* find_provider(TypeId type);
  WebSocketAdapter& adapter() noexcept { return *adapter_; }
  void set_adapter(std::unique_ptr<WebSocketAdapter> adapter);
  void set_cors(http::CorsOptions options);
  /// To be set up for `what` is called, which throws StartError once it has started.
  ControllerRoutes& controllers(std::string_view what) {
    require_not_started(what);
    return controllers_;
  }
  void use_health(HealthOptions options);
  void use_metrics(ApplicationMetricsOptions options);
  void use_admin_ui(AdminOptions options);
  void watch_contract(ContractWatchOptions options);
  HealthEndpoints& health() noexcept { return health_; }
  MetricsEndpoint& metrics() noexcept { return metrics_; }
  GlobalLayer& add_layer(LayerSpec spec);
  /// Of everything that was built, late or not, in that order.
  std::vector<Container::Hooked> hooks() const;
  /// Calls `visit` for every route and hook of gateways and controllers.
  void for_each_route(std::function<void(Route const&, ContextType)> const& visit) const;

 private:
  void require_not_started(std::string_view what) const;
  void collect(core::MetricsPage& page) const;
  ApplicationLayers global_layers(ContextType type);
  /// The part of a layer that is for gateways or controllers.
  Layer part_of(GlobalLayer const& layer, ContextType type) const;
  std::vector<Provider> built_in_providers();
  Namespace& namespace_of(TypeId gateway) override;
  Namespace& only_namespace();
  Server& main_server();
  void open_gateways();
  void bind_gateways();
  void check_clients_asked_for() const;
  void log_routes() const;
  Task<void> run_hooks(Hook LifecycleHooks::*hook);
  /// Runs a task to its end before the runtime runs.
  void finish(Task<void> task, std::function<void()> const& waiting);

  std::unique_ptr<Runtime> own_runtime_;
  Runtime& runtime_;
  http::Server http_;
  HealthEndpoints health_;
  MetricsEndpoint metrics_;
  Scheduler scheduler_;
  Container container_;
  LazyModulesOf lazy_;
  std::unique_ptr<WebSocketAdapter> adapter_;
  std::deque<GlobalLayer> of_modules_;
  std::vector<ModuleNode*> makers_;  // of these
  std::deque<GlobalLayer> global_;
  NestjsVersion nestjs_;
  std::optional<http::CorsOptions> cors_;
  ContractWatchOptions contract_;
  std::optional<AdminOptions> admin_;
  std::vector<std::shared_ptr<GatewayDescription const>> descriptions_;
  std::deque<BoundGateway> gateways_;
  std::vector<ModuleNode*> owners_;  // of the gateways
  ControllerRoutes controllers_;
  bool started_ = false;
  bool has_servers_ = false;
  std::optional<Shutdown> shutdown_;
};

}}}  // namespace aerie::v1::gateway
