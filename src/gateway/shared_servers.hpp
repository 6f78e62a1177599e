#pragma once

/// \file
/// The servers of an application's gateways: those of one port and path share one.

#include "gateway/clean_path.hpp"
#include "gateway/gateway_options.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/websocket_adapter.hpp>
#include <aerie/http/server.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

/// The HTTP servers of an application: its own, and those of the ports that gateways have for themselves.
class GatewayPorts {
 public:
  explicit GatewayPorts(AdapterHost host) : host_(std::move(host)) {}

  AdapterHost const& host() const noexcept { return host_; }
  /// The server of `port`, made when it is asked for first; without a port the application's. `gateways` have
  /// asked for it.
  http::Server& at(std::optional<std::uint16_t> port, std::string_view gateways);
  /// The server of a port that gateways have for themselves; null if none has.
  http::Server* find(std::uint16_t port) const noexcept;
  /// Throws StartError if the application listens where gateways want to.
  void listen(std::string const& host);
  void close();

 private:
  struct Own {
    std::string gateways;
    std::unique_ptr<http::Server> http;
  };

  AdapterHost host_;
  std::map<std::uint16_t, Own> own_;
};

/// What every server that gateways share is known by.
struct SharedServer {
  std::optional<std::uint16_t> port;  // none: the application's
  std::string path;
  GatewayOptions options;
  std::string gateways;  // their names, for messages

  void add(BoundGateway const& gateway);
};

/// One server for each port and path of gateways. A `Kind` is a SharedServer.
template <class Kind>
class SharedServers {
 public:
  explicit SharedServers(std::string_view default_path) : default_path_(default_path) {}

  /// Each gateway has a server from now on. Throws StartError if two of one server set an option differently.
  void add(std::deque<BoundGateway> const& gateways) {
    for (auto const& gateway : gateways)
      find_or_make(gateway).add(gateway);
  }
  /// Null if there is none for this gateway.
  Kind* find(BoundGateway const& gateway) const { return find(gateway.options.port, path_of(gateway)); }
  Kind* find(std::optional<std::uint16_t> port, std::string_view path) const {
    auto const is_it = [&](auto const& server) { return server->port == port && server->path == path; };
    auto const found = std::ranges::find_if(servers_, is_it);
    return found == servers_.end() ? nullptr : found->get();
  }

  auto begin() const noexcept { return servers_.begin(); }
  auto end() const noexcept { return servers_.end(); }
  std::size_t size() const noexcept { return servers_.size(); }

 private:
  std::string path_of(BoundGateway const& gateway) const {
    return clean_path(gateway.options.path.value_or(default_path_));
  }
  Kind& find_or_make(BoundGateway const& gateway) {
    if (auto* const found = find(gateway)) return *found;
    auto& made = *servers_.emplace_back(std::make_unique<Kind>());
    made.port = gateway.options.port;
    made.path = path_of(gateway);
    return made;
  }

  std::string default_path_;
  std::vector<std::unique_ptr<Kind>> servers_;
};

}}}  // namespace aerie::v1::gateway
