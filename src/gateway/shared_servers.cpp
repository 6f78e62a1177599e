#include "gateway/shared_servers.hpp"

#include <aerie/gateway/exceptions.hpp>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

void append_name(std::string& names, std::string_view more) {
  names += core::concat(names.empty() ? "" : ", ", more);
}

}  // namespace

http::Server& GatewayPorts::at(std::optional<std::uint16_t> port, std::string_view gateways) {
  if (!port) return host_.http;
  auto& own = own_[*port];
  append_name(own.gateways, gateways);
  if (!own.http) own.http = std::make_unique<http::Server>(host_.runtime);
  return *own.http;
}

http::Server* GatewayPorts::find(std::uint16_t port) const noexcept {
  auto const found = own_.find(port);
  return found == own_.end() ? nullptr : found->second.http.get();
}

void GatewayPorts::listen(std::string const& host) {
  for (auto const& [port, own] : own_) {
    if (port == 0 || port != host_.http.port()) continue;
    throw StartError(core::concat("aerie: ", own.gateways, " asks for port ", std::to_string(port),
                                  ", where the application itself listens; leave the port out to share it"));
  }
  for (auto const& [port, own] : own_)
    own.http->listen(port, host);
}

void GatewayPorts::close() {
  for (auto const& [port, own] : own_)
    own.http->close();
}

void SharedServer::add(BoundGateway const& gateway) {
  auto const name = gateway.description->type->name;
  auto more = gateway.options;
  more.path = path;
  merge(options, more, name, gateways);
  append_name(gateways, name);
}

}}}  // namespace aerie::v1::gateway
