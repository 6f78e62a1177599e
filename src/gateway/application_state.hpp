#pragma once

/// \file
/// What an application consists of.

#include "gateway/container.hpp"
#include "gateway/controller_routes.hpp"
#include "gateway/route_builder.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/gateway/application.hpp>
#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/http/server.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class ApplicationState {
 public:
  ApplicationState(ModuleReference const& root, ApplicationOptions options, Runtime* runtime,
                   Overrides overrides);
  ~ApplicationState();

  void init();
  void listen(std::uint16_t port, std::string const& host);
  void run();
  void close(std::string signal, std::function<void()> done);
  void close_on(std::initializer_list<int> signals);

  Runtime& runtime() noexcept { return runtime_; }
  http::Server& http() noexcept { return http_; }
  Container& container() noexcept { return container_; }
  WebSocketAdapter& adapter() noexcept { return *adapter_; }
  void set_adapter(std::unique_ptr<WebSocketAdapter> adapter);
  void set_cors(http::CorsOptions options);
  GlobalLayer& add_layer(LayerSpec spec);

 private:
  void require_not_started(std::string_view what) const;
  std::vector<MadeLayer> global_layers(ContextType type);
  void bind_gateways();
  void check_clients(BoundGateway const& gateway) const;
  void log_routes() const;
  Task<void> run_hooks(Hook LifecycleHooks::*hook, std::string signal);
  Task<void> run_closing_hooks(Hook LifecycleHooks::*hook, std::string signal);
  Task<void> closing(std::string signal);
  /// Runs a task to its end before the runtime runs.
  void finish(Task<void> task);

  std::unique_ptr<Runtime> own_runtime_;
  Runtime& runtime_;
  http::Server http_;
  Container container_;
  std::unique_ptr<WebSocketAdapter> adapter_;
  std::deque<GlobalLayer> global_;
  std::optional<http::CorsOptions> cors_;
  std::vector<std::shared_ptr<GatewayDescription const>> descriptions_;
  std::deque<BoundGateway> gateways_;
  ControllerRoutes controllers_;
  std::atomic<bool> closing_{false};
  bool started_ = false;
};

}}}  // namespace aerie::v1::gateway
