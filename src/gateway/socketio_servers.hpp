#pragma once

/// \file
/// The Socket.IO servers of an application: one for each port and path that its gateways use.

#include "gateway/socketio_routes.hpp"

#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/server.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie::inline v1::gateway {

class SocketIoServers {
 public:
  using Configure = std::function<void(std::optional<std::uint16_t> port, ServerOptions& options)>;

  SocketIoServers(AdapterHost host, bool attach) : host_(std::move(host)), attach_(attach) {}

  void bind(std::deque<BoundGateway>& gateways, Configure const& configure);
  void listen(std::string const& host);
  std::string address(BoundGateway const& gateway) const;
  void close(std::function<void()> done);
  Server* main_server() const noexcept;
  http::Server* http_server(std::uint16_t port) noexcept;

 private:
  /// Handlers that are registered already, by event.
  using Events = std::map<std::string, EventRoutes*, std::less<>>;

  struct Entry {
    std::optional<std::uint16_t> port;
    std::string path;
    GatewayOptions options;
    std::string gateways;  // their names, for messages
    std::unique_ptr<Server> io;
    std::map<std::string, Events> of_namespace;
    std::map<std::string, Events> of_pattern;
    std::map<std::string, ParentNamespace*> parents;
  };

  Entry& entry_for(BoundGateway const& gateway);
  Entry const* find(BoundGateway const& gateway) const;
  void open(Entry& entry, Configure const& configure);
  void serve(Entry& entry, BoundGateway& gateway);

  AdapterHost host_;
  bool attach_;
  /// Of gateways with ports of their own, by port. Outlives the servers that are attached to them.
  std::map<std::uint16_t, http::Server> own_http_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace aerie::inline v1::gateway
