#include "gateway/ws_options.hpp"
#include "gateway/ws_servers.hpp"

#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/schema/codec.hpp>

namespace aerie { inline namespace v1 {

WsAdapter::WsAdapter() : WsAdapter(WsAdapterOptions{}) {}

WsAdapter::WsAdapter(WsAdapterOptions options) : options_(std::move(options)) {
  gateway::check(options_);
}

WsAdapter::~WsAdapter() = default;

void WsAdapter::attach(gateway::AdapterHost const& host) {
  servers_ = std::make_unique<gateway::WsServers>(host, options_);
}

gateway::TypeId WsAdapter::client_type() const noexcept {
  return gateway::type_id<WsClient>();
}

void WsAdapter::bind(std::deque<gateway::BoundGateway>& gateways) {
  servers_->bind(gateways);
}

void WsAdapter::listen(std::string const& host) {
  servers_->listen(host);
}

std::string WsAdapter::address(gateway::BoundGateway const& gateway) const {
  return servers_->address(gateway);
}

http::Server* WsAdapter::http_server(std::uint16_t port) const noexcept {
  return servers_ == nullptr ? nullptr : servers_->http_server(port);
}

void WsAdapter::drain(core::Milliseconds spread, std::function<void()> done) {
  // Closed before it was started.
  if (servers_ == nullptr) return done();
  servers_->drain(spread, std::move(done));
}

void WsAdapter::close(std::function<void()> done) {
  // Closed before it was started.
  if (servers_ == nullptr) return done();
  servers_->close(std::move(done));
}

bool WsAdapter::broadcast(std::string_view path, std::string_view event, EncodableRef data) const {
  if (servers_ == nullptr) return false;
  auto const message = Value::object({{"event", event}, {"data", to_value(data)}});
  return servers_->broadcast(path, json::stringify(message));
}

void WsAdapter::collect(core::MetricsPage& page) const {
  if (servers_ != nullptr) servers_->collect(page);
}

std::size_t WsAdapter::clients_count() const noexcept {
  return servers_ == nullptr ? 0 : servers_->clients_count();
}

}}  // namespace aerie::v1
