#include "gateway/socketio_servers.hpp"

#include <aerie/gateway/socketio_adapter.hpp>

namespace aerie { inline namespace v1 {

WebSocketAdapter::~WebSocketAdapter() = default;

SocketIoAdapter::SocketIoAdapter() : SocketIoAdapter(Options()) {}
SocketIoAdapter::SocketIoAdapter(Options options) : options_(options) {}
SocketIoAdapter::~SocketIoAdapter() = default;

void SocketIoAdapter::attach(gateway::AdapterHost const& host) {
  servers_ = std::make_unique<gateway::SocketIoServers>(host, options_.attach);
}

gateway::TypeId SocketIoAdapter::client_type() const noexcept {
  return gateway::type_id<Socket>();
}

void SocketIoAdapter::bind(std::deque<gateway::BoundGateway>& gateways) {
  servers_->bind(gateways, [this](std::optional<std::uint16_t> port, ServerOptions& options) {
    configure(port, options);
  });
}

void SocketIoAdapter::listen(std::string const& host) {
  servers_->listen(host);
}

std::string SocketIoAdapter::address(gateway::BoundGateway const& gateway) const {
  return servers_->address(gateway);
}

http::Server* SocketIoAdapter::http_server(std::uint16_t port) const noexcept {
  return servers_ == nullptr ? nullptr : servers_->http_server(port);
}

void SocketIoAdapter::close(std::function<void()> done) {
  // Closed before it was started.
  if (servers_ == nullptr) return done();
  servers_->close(std::move(done));
}

Server* SocketIoAdapter::server() const noexcept {
  return servers_ == nullptr ? nullptr : servers_->main_server();
}

void SocketIoAdapter::configure(std::optional<std::uint16_t>, ServerOptions&) {}

}}  // namespace aerie::v1
