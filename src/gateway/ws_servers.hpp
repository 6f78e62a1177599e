#pragma once

/// \file
/// The plain WebSocket servers of an application: one for each port and path that its gateways use.

#include "gateway/ws_server.hpp"

#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/http/server.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::inline v1::gateway {

class WsServers {
 public:
  WsServers(AdapterHost host, WsAdapterOptions options)
      : host_(std::move(host)), options_(std::move(options)) {}
  ~WsServers();

  void bind(std::deque<BoundGateway>& gateways);
  void listen(std::string const& host);
  std::string address(BoundGateway const& gateway) const;
  void close(std::function<void()> done);
  void broadcast(std::string_view path, std::string_view text) const;
  std::size_t clients_count() const noexcept;
  http::Server* http_server(std::uint16_t port) const noexcept;

 private:
  struct Entry {
    std::optional<std::uint16_t> port;
    std::string path;
    GatewayOptions options;
    std::string gateways;  // their names, for messages
    http::Server* http = nullptr;
    std::unique_ptr<http::Server> own_http;  // of the first path of a port
    std::unique_ptr<WsServer> server;
  };

  Entry* find(std::optional<std::uint16_t> port, std::string_view path) const noexcept;
  Entry& entry_for(BoundGateway const& gateway);
  void open(Entry& entry);

  AdapterHost host_;
  WsAdapterOptions options_;
  std::vector<std::unique_ptr<Entry>> entries_;
};

}  // namespace aerie::inline v1::gateway
