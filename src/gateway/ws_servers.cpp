#include "gateway/ws_servers.hpp"

#include "gateway/ws_options.hpp"

#include <aerie/core/after_calls.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// Throws if a gateway wants what plain WebSockets do not have.
void check(BoundGateway const& gateway) {
  auto const& description = *gateway.description;
  auto const name = description.type->name;
  if (description.nsp != "/" || !description.pattern.empty()) {
    throw StartError(core::concat(
        "aerie: ", name, " is at ", description.pattern.empty() ? description.nsp : description.pattern,
        ", but plain WebSockets have no namespaces: give it a path of its own instead "
        "(GatewayOptions::path)"));
  }
  if (description.after_init) {
    throw StartError(
        core::concat("aerie: ", name,
                     " has an after_init, which is given a Socket.IO server, but the application's "
                     "adapter is aerie::WsAdapter: use the lifecycle hook on_module_init"));
  }
  auto const& transports = gateway.options.transports;
  if (transports && std::ranges::find(*transports, engineio::TransportKind::websocket) == transports->end()) {
    throw StartError(
        core::concat("aerie: ", name,
                     " has transports without WebSocket, but the application's adapter is "
                     "aerie::WsAdapter, which has no other; leave GatewayOptions::transports out"));
  }
  if (gateway.options.parser) {
    throw StartError(
        core::concat("aerie: ", name,
                     " has a parser of Socket.IO packets, but the application's adapter is "
                     "aerie::WsAdapter, which speaks none; use WsAdapterOptions::message_parser"));
  }
}

}  // namespace

WsServers::~WsServers() {
  for (auto const& entry : entries_) {
    if (entry->http != nullptr) entry->http->unmount(*entry->server);
    entry->server.reset();
  }
}

void WsServers::bind(std::deque<BoundGateway>& gateways) {
  for (auto const& gateway : gateways) {
    check(gateway);
    check(options_for(gateway.options));
  }
  entries_.add(gateways);
  for (auto const& entry : entries_)
    open(*entry);
  for (auto const& gateway : gateways)
    entries_.find(gateway)->server->add(gateway);
}

WsAdapterOptions WsServers::options_for(GatewayOptions const& own) const {
  auto options = options_;
  options.ping_interval = own.ping_interval.value_or(options.ping_interval);
  options.ping_timeout = own.ping_timeout.value_or(options.ping_timeout);
  options.max_message_size = own.max_http_buffer_size.value_or(options.max_message_size);
  return options;
}

void WsServers::open(Entry& entry) {
  auto const& host = ports_.host();
  auto const& own = entry.options;
  WsSettings settings{options_for(own), entry.path, own.cors ? own.cors : host.cors};
  entry.server = std::make_unique<WsServer>(host.runtime, std::move(settings));
  entry.http = &ports_.at(entry.port, entry.gateways);
  entry.http->mount(entry.path, *entry.server);
}

std::string WsServers::address(BoundGateway const& gateway) const {
  auto const* const entry = entries_.find(gateway);
  if (entry == nullptr) return "nowhere";
  return core::concat("port ", std::to_string(entry->http->port()), ", path ", entry->path);
}

std::function<void()> WsServers::after_every_part(std::function<void()> done) const {
  auto& runtime = ports_.host().runtime;
  auto const parts = entries_.size() * runtime.shard_count();
  return core::after_calls(parts + 1, [&first = runtime.shard(0), done = std::move(done)] {
    if (done) first.post(done);
  });
}

void WsServers::drain(core::Milliseconds spread, std::function<void()> done) {
  auto const one_less = after_every_part(std::move(done));
  for (auto const& entry : entries_)
    entry->server->drain(spread, one_less);
  one_less();
}

void WsServers::close(std::function<void()> done) {
  auto const one_less = after_every_part(std::move(done));
  // The rest is for the hooks of those that leave.
  auto const patience = ports_.host().shutdown_timeout * 3 / 4;
  for (auto const& entry : entries_)
    entry->server->close(patience, one_less);
  ports_.close();
  one_less();
}

bool WsServers::broadcast(std::string_view path, std::string_view text) const {
  auto const clean = clean_path(std::string(path));
  bool everywhere = true;
  for (auto const& entry : entries_) {
    if (entry->path == clean) everywhere = entry->server->broadcast(text) && everywhere;
  }
  return everywhere;
}

void WsServers::collect(core::MetricsPage& page) const {
  for (auto const& entry : entries_) {
    if (entries_.size() > 1) {
      auto const port = entry->port ? core::concat(":", std::to_string(*entry->port)) : std::string();
      page.set_common_labels({{"server", port + entry->path}});
    }
    if (entry->server) entry->server->collect(page);
  }
}

std::size_t WsServers::clients_count() const noexcept {
  std::size_t count = 0;
  for (auto const& entry : entries_)
    count += entry->server->clients_count();
  return count;
}

}}}  // namespace aerie::v1::gateway
