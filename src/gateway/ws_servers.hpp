#pragma once

/// \file
/// The plain WebSocket servers of an application: one for each port and path that its gateways use.

#include "gateway/shared_servers.hpp"
#include "gateway/ws_server.hpp"

#include <aerie/gateway/ws_adapter.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class WsServers {
 public:
  WsServers(AdapterHost host, WsAdapterOptions options)
      : ports_(std::move(host)), options_(std::move(options)) {}
  ~WsServers();

  void bind(std::deque<BoundGateway>& gateways);
  void listen(std::string const& host) { ports_.listen(host); }
  std::string address(BoundGateway const& gateway) const;
  void drain(core::Milliseconds spread, std::function<void()> done);
  void close(std::function<void()> done);
  bool broadcast(std::string_view path, std::string_view text) const;
  std::size_t clients_count() const noexcept;
  /// Any thread.
  void collect(core::MetricsPage& page) const;
  http::Server* http_server(std::uint16_t port) const noexcept { return ports_.find(port); }

 private:
  /// Calls `done` on the first shard when every part of every server has called this, and the caller once.
  std::function<void()> after_every_part(std::function<void()> done) const;

  struct Entry : SharedServer {
    http::Server* http = nullptr;
    std::unique_ptr<WsServer> server;
  };

  void open(Entry& entry);
  /// The adapter's, with what a gateway has of its own.
  WsAdapterOptions options_for(GatewayOptions const& own) const;

  GatewayPorts ports_;
  WsAdapterOptions options_;
  SharedServers<Entry> entries_{"/"};
};

}}}  // namespace aerie::v1::gateway
