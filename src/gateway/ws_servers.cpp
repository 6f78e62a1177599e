#include "gateway/ws_servers.hpp"

#include "gateway/clean_path.hpp"
#include "gateway/gateway_options.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace aerie::inline v1::gateway {

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
}

}  // namespace

WsServers::~WsServers() {
  for (auto const& entry : entries_) {
    if (entry->http != nullptr) entry->http->unmount(*entry->server);
    entry->server.reset();
  }
}

WsServers::Entry* WsServers::find(std::optional<std::uint16_t> port, std::string_view path) const noexcept {
  auto const is_it = [&](auto const& entry) { return entry->port == port && entry->path == path; };
  auto const found = std::ranges::find_if(entries_, is_it);
  return found == entries_.end() ? nullptr : found->get();
}

WsServers::Entry& WsServers::entry_for(BoundGateway const& gateway) {
  auto path = clean_path(gateway.options.path.value_or("/"));
  if (auto* const found = find(gateway.options.port, path)) return *found;
  entries_.push_back(std::make_unique<Entry>());
  auto& entry = *entries_.back();
  entry.port = gateway.options.port;
  entry.path = std::move(path);
  return entry;
}

void WsServers::bind(std::deque<BoundGateway>& gateways) {
  for (auto const& gateway : gateways) {
    check(gateway);
    auto& entry = entry_for(gateway);
    auto const name = gateway.description->type->name;
    auto options = gateway.options;
    options.path = entry.path;
    merge(entry.options, options, name, entry.gateways);
    entry.gateways += core::concat(entry.gateways.empty() ? "" : ", ", name);
  }
  for (auto const& entry : entries_)
    open(*entry);
  for (auto const& gateway : gateways)
    entry_for(gateway).server->add(gateway);
}

void WsServers::open(Entry& entry) {
  auto const& own = entry.options;
  WsSettings settings{options_, entry.path, own.cors ? own.cors : host_.cors};
  settings.adapter.ping_interval = own.ping_interval.value_or(options_.ping_interval);
  settings.adapter.ping_timeout = own.ping_timeout.value_or(options_.ping_timeout);
  settings.adapter.max_message_size = own.max_http_buffer_size.value_or(options_.max_message_size);
  entry.server = std::make_unique<WsServer>(host_.runtime, std::move(settings));
  entry.http = entry.port ? http_server(*entry.port) : &host_.http;
  if (entry.http == nullptr) {
    entry.own_http = std::make_unique<http::Server>(host_.runtime);
    entry.http = entry.own_http.get();
  }
  entry.http->mount(entry.path, *entry.server);
}

void WsServers::listen(std::string const& host) {
  for (auto const& entry : entries_) {
    if (!entry->own_http) continue;
    if (*entry->port != 0 && *entry->port == host_.http.port()) {
      throw StartError(
          core::concat("aerie: ", entry->gateways, " asks for port ", std::to_string(*entry->port),
                       ", where the application itself listens; leave the port out to share it"));
    }
    entry->own_http->listen(*entry->port, host);
  }
}

std::string WsServers::address(BoundGateway const& gateway) const {
  auto const* const entry = find(gateway.options.port, clean_path(gateway.options.path.value_or("/")));
  if (entry == nullptr) return "nowhere";
  return core::concat("port ", std::to_string(entry->http->port()), ", path ", entry->path);
}

void WsServers::close(std::function<void()> done) {
  auto const parts = entries_.size() * host_.runtime.shard_count();
  auto const left = std::make_shared<std::atomic<std::size_t>>(parts + 1);
  auto const one_less = [left, &first = host_.runtime.shard(0), done = std::move(done)] {
    if (left->fetch_sub(1, std::memory_order_acq_rel) == 1 && done) first.post(done);
  };
  for (auto const& entry : entries_) {
    entry->server->close(one_less);
    if (entry->own_http) entry->own_http->close();
  }
  one_less();
}

void WsServers::broadcast(std::string_view path, std::string_view text) const {
  auto const clean = clean_path(std::string(path));
  for (auto const& entry : entries_) {
    if (entry->path == clean) entry->server->broadcast(text);
  }
}

std::size_t WsServers::clients_count() const noexcept {
  std::size_t count = 0;
  for (auto const& entry : entries_)
    count += entry->server->clients_count();
  return count;
}

http::Server* WsServers::http_server(std::uint16_t port) const noexcept {
  for (auto const& entry : entries_) {
    if (entry->port == port && entry->own_http) return entry->own_http.get();
  }
  return nullptr;
}

}  // namespace aerie::inline v1::gateway
