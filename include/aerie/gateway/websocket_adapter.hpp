#pragma once

/// \file
/// WebSocket adapters: what stands between gateways and the wire. An application has one, by default
/// Socket.IO's (aerie/gateway/socketio_adapter.hpp); `Application::use_websocket_adapter` replaces it.
/// https://docs.nestjs.com/websockets/adapter

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/gateway/contract_watch.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/gateway/health.hpp>
#include <aerie/gateway/route.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

class Runtime;

namespace core {
class MetricsPage;
}

namespace http {
class Server;
}

namespace gateway {

/// A gateway that was built, as an adapter gets it. Lives as long as the application.
struct BoundGateway {
  GatewayDescription const* description = nullptr;
  void* object = nullptr;
  GatewayOptions options;
  /// One for each subscription, in their order.
  std::deque<Route> routes;
  /// Those of every message, and of messages that nobody else handles.
  std::deque<Route> any;
  std::deque<Route> unknown;
  std::deque<Route> connected;
  std::deque<Route> disconnecting;
  std::deque<Route> disconnected;
  /// The guards of connections.
  Route connection;

  /// Calls `visit` with each route that has a handler.
  template <class F>
  void each_route(F&& visit) const {
    for (auto const* const list : {&routes, &any, &unknown, &connected, &disconnecting, &disconnected}) {
      for (auto const& route : *list)
        visit(route);
    }
  }
};

/// What an application offers its adapter.
struct AdapterHost {
  Runtime& runtime;
  http::Server& http;
  /// The CORS settings of the application, which gateways without settings of their own inherit.
  std::optional<http::CorsOptions> cors;
  /// How long `close` is waited for: what has not ended by then is to be cancelled and named.
  core::Milliseconds shutdown_timeout = std::chrono::seconds{10};
  /// What is compared with the contract; of adapters that know no `auth` nothing.
  ContractWatchOptions contract{};
};

}  // namespace gateway

/// Thread contract: called on the thread that starts and closes the application; what it passes to routes is
/// on the shard of the client.
class AERIE_API WebSocketAdapter {
 public:
  virtual ~WebSocketAdapter();

  /// Called once, before anything else.
  virtual void attach(gateway::AdapterHost const& host) = 0;
  /// The type of client that its gateways' handlers may ask for.
  virtual gateway::TypeId client_type() const noexcept = 0;
  /// Makes the servers of these gateways, all that the application has. They have their options, but are not
  /// built yet: services may ask for the servers in their constructors. Throws gateway::StartError for
  /// options that it cannot fulfil.
  virtual void open(std::deque<gateway::BoundGateway> const&) {}
  /// Serves these gateways, the same as those of `open`; their `after_init` is called. Throws
  /// gateway::StartError for options that it cannot fulfil.
  virtual void bind(std::deque<gateway::BoundGateway>& gateways) = 0;
  /// Gateways with ports of their own listen from now on.
  virtual void listen(std::string const& host) = 0;
  /// Where a gateway is to be found, for the log: ":3000/socket.io/ /chat".
  virtual std::string address(gateway::BoundGateway const& gateway) const = 0;
  /// The HTTP server of gateways with that port of their own; null if there is none. For tests.
  virtual http::Server* http_server(std::uint16_t) const noexcept { return nullptr; }
  /// The Socket.IO server of the application's port and the default path; null if there is none.
  virtual Server* server() const noexcept { return nullptr; }
  /// The namespace of a gateway, once `open` was called; null if it has none, or many.
  virtual Namespace* find_namespace(gateway::BoundGateway const&) const { return nullptr; }
  /// How those parts stand that readiness depends on; none by default. Called on the first shard.
  virtual std::vector<gateway::HealthPart> health() const { return {}; }
  /// Says what its servers do, on any shard; nothing by default.
  virtual void collect(core::MetricsPage&) const {}
  /// Takes no more clients and disconnects those that there are evenly within `spread`, in a way that they
  /// come back; then calls `done`, in a turn of any shard. By default nobody is told: `close`, which follows,
  /// disconnects them.
  virtual void drain(core::Milliseconds /*spread*/, std::function<void()> done) { done(); }
  /// Disconnects every client; `done` is called on the first shard.
  virtual void close(std::function<void()> done) = 0;
};

}}  // namespace aerie::v1
