#pragma once

/// \file
/// The Socket.IO servers of an application: one for each port and path that its gateways use.

#include "gateway/contract_watch.hpp"
#include "gateway/shared_servers.hpp"
#include "gateway/socketio_routes.hpp"

#include <aerie/gateway/socketio_adapter.hpp>
#include <aerie/socketio/server.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class SocketIoServers {
 public:
  using Configure = std::function<void(GatewayServer const& server, ServerOptions& options)>;

  SocketIoServers(AdapterHost host, bool attach);

  void open(std::deque<BoundGateway> const& gateways, Configure const& configure);
  void bind(std::deque<BoundGateway>& gateways);
  void listen(std::string const& host) { ports_.listen(host); }
  std::string address(BoundGateway const& gateway) const;
  std::vector<HealthPart> health() const;
  void collect(core::MetricsPage& page) const;
  void drain(core::Milliseconds spread, std::function<void()> done);
  void close(std::function<void()> done);
  Server* main_server() const noexcept;
  Namespace* find_namespace(BoundGateway const& gateway) const;
  http::Server* http_server(std::uint16_t port) const noexcept { return ports_.find(port); }

 private:
  using Routes = std::shared_ptr<CatchAllRoutes>;

  struct Entry : SharedServer {
    http::Server* http = nullptr;
    std::unique_ptr<Server> io;
    std::map<std::string, Routes> of_namespace;
    std::map<std::string, Routes> of_pattern;
    std::map<std::string, ParentNamespace*> parents;
    /// By the namespace's name or the pattern.
    std::map<std::string, std::shared_ptr<DeclaredEvents>> declared;
  };

  void open(Entry& entry, Configure const& configure);
  void serve(Entry& entry, BoundGateway& gateway);
  void watch(Entry& entry, GatewayDescription const& gateway, socketio::HandlerSet& handlers);

  GatewayPorts ports_;                    // outlives the servers that are attached to them
  std::unique_ptr<ContractWatch> watch_;  // null if nobody asks for it
  bool attach_;
  SharedServers<Entry> entries_{"/socket.io"};
};

}}}  // namespace aerie::v1::gateway
