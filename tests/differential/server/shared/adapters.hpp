#pragma once

#include <aerie/gateway/gateways.hpp>

#include <utility>

namespace reference {

/// Socket.IO with the official server's defaults: WebSocket connections are not restricted by origin.
class OfficialAdapter : public aerie::SocketIoAdapter {
 public:
  using aerie::SocketIoAdapter::SocketIoAdapter;
  /// One of several servers of a cluster.
  explicit OfficialAdapter(aerie::AdapterFactory cluster) : cluster_(std::move(cluster)) {}

 protected:
  void configure(aerie::GatewayServer const& server, aerie::ServerOptions& options) override;

 private:
  aerie::AdapterFactory cluster_;
};

/// The same for the pages of one origin, with credentials, whatever the gateways say.
class ClientUrlAdapter : public OfficialAdapter {
 public:
  using OfficialAdapter::OfficialAdapter;

 protected:
  void configure(aerie::GatewayServer const& server, aerie::ServerOptions& options) override;
};

/// The origin of the web page: CLIENT_URL, or http://localhost:3000.
aerie::http::CorsOptions client_url_cors();

}  // namespace reference
