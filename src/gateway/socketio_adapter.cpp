#include "gateway/socketio_servers.hpp"

#include <aerie/gateway/socketio_adapter.hpp>

#include <utility>

namespace aerie { inline namespace v1 {

WebSocketAdapter::~WebSocketAdapter() = default;

SocketIoAdapter::SocketIoAdapter() : SocketIoAdapter(Options()) {}
SocketIoAdapter::SocketIoAdapter(Options options) : options_(std::move(options)) {}
SocketIoAdapter::~SocketIoAdapter() = default;

void SocketIoAdapter::attach(gateway::AdapterHost const& host) {
  servers_ = std::make_unique<gateway::SocketIoServers>(host, options_.attach);
}

gateway::TypeId SocketIoAdapter::client_type() const noexcept {
  return gateway::type_id<Socket>();
}

void SocketIoAdapter::open(std::deque<gateway::BoundGateway> const& gateways) {
  servers_->open(gateways, [this](GatewayServer const& server, ServerOptions& options) {
    options.adapter = options_.cluster;
    configure(server, options);
  });
}

void SocketIoAdapter::bind(std::deque<gateway::BoundGateway>& gateways) {
  servers_->bind(gateways);
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

std::vector<gateway::HealthPart> SocketIoAdapter::health() const {
  return servers_ == nullptr ? std::vector<gateway::HealthPart>() : servers_->health();
}

void SocketIoAdapter::collect(core::MetricsPage& page) const {
  if (servers_ != nullptr) servers_->collect(page);
}

void SocketIoAdapter::drain(core::Milliseconds spread, std::function<void()> done) {
  // Closed before it was started.
  if (servers_ == nullptr) return done();
  servers_->drain(spread, std::move(done));
}

void SocketIoAdapter::close(std::function<void()> done) {
  // Closed before it was started.
  if (servers_ == nullptr) return done();
  servers_->close(std::move(done));
}

Server* SocketIoAdapter::server() const noexcept {
  return servers_ == nullptr ? nullptr : servers_->main_server();
}

Namespace* SocketIoAdapter::find_namespace(gateway::BoundGateway const& gateway) const {
  return servers_ == nullptr ? nullptr : servers_->find_namespace(gateway);
}

void SocketIoAdapter::configure(GatewayServer const&, ServerOptions&) {}

}}  // namespace aerie::v1
