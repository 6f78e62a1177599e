#pragma once

/// \file
/// Gateways on Socket.IO.

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/socketio/adapter.hpp>
#include <aerie/socketio/options.hpp>
#include <aerie/socketio/server.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

namespace gateway {
class SocketIoServers;
}

/// One of an adapter's servers: that of a port and a path.
struct GatewayServer {
  /// Empty: the application's.
  std::optional<std::uint16_t> port;
  /// Without the slash at its end: "/socket.io".
  std::string_view path;
  /// The gateways that share it: "ChatGateway, NewsGateway".
  std::string_view gateways;
};

/// The adapter of every application that does not ask for another. It is attached to the application's HTTP
/// server, so that clients find it where the application is; gateways with a port or a path of their own get
/// a server for these. Derive from it to change the servers' options:
///
///     class MyAdapter : public aerie::SocketIoAdapter {
///       void configure(aerie::GatewayServer const& server, aerie::ServerOptions& options) override {
///         if (server.path == "/admin") options.engine.ping_interval = 10s;
///       }
///     };
///
/// Thread contract: as WebSocketAdapter.
class AERIE_API SocketIoAdapter : public WebSocketAdapter {
 public:
  /// How its servers are reached, and how they are connected to others.
  struct Options {
    /// Attach to the application's HTTP server. Without it a gateway of the application's port cannot be
    /// reached: clients get a 404, and the log says why.
    bool attach = true;
    /// What connects each of its servers to a cluster, see ServerOptions::adapter. Shorter:
    /// `app.use_websocket_adapter<aerie::RedisAdapter>({.url = ...})`.
    AdapterFactory cluster{};
  };

  SocketIoAdapter();
  /// For `Application::use_websocket_adapter`.
  explicit SocketIoAdapter(Options options);
  ~SocketIoAdapter() override;

  void attach(gateway::AdapterHost const& host) override;
  gateway::TypeId client_type() const noexcept override;
  void open(std::deque<gateway::BoundGateway> const& gateways) override;
  void bind(std::deque<gateway::BoundGateway>& gateways) override;
  void listen(std::string const& host) override;
  std::string address(gateway::BoundGateway const& gateway) const override;
  http::Server* http_server(std::uint16_t port) const noexcept override;
  std::vector<gateway::HealthPart> health() const override;
  void collect(core::MetricsPage& page) const override;
  void drain(core::Milliseconds spread, std::function<void()> done) override;
  void close(std::function<void()> done) override;

  /// The server of the application's port and the default path; null if no gateway uses it.
  Server* server() const noexcept override;
  Namespace* find_namespace(gateway::BoundGateway const& gateway) const override;

 protected:
  /// Called for each server before it is made, with what its gateways and the application have set. What it
  /// throws stops the start.
  virtual void configure(GatewayServer const& server, ServerOptions& options);

 private:
  Options options_;
  core::Owned<gateway::SocketIoServers> servers_;
};

}}  // namespace aerie::v1
