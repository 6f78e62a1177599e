#include "gateway/socketio_servers.hpp"

#include "gateway/clean_path.hpp"
#include "gateway/gateway_options.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace aerie::inline v1::gateway {

namespace {

template <class Events>
void subscribe(Events& events, socketio::HandlerSet& handlers, BoundGateway const& gateway) {
  for (auto const& route : gateway.routes) {
    auto& group = events[route.pattern];
    if (group == nullptr) {
      auto handler = std::make_unique<EventRoutes>();
      group = handler.get();
      handlers.add(route.pattern, std::move(handler));
    }
    group->add(route);
  }
  for (auto const& route : gateway.connected)
    handlers.connection.push_back(std::make_shared<ConnectedRoute>(route));
  for (auto const& route : gateway.disconnected)
    handlers.disconnect.push_back(std::make_shared<DisconnectedRoute>(route));
  if (!gateway.connection.guards.empty()) {
    handlers.middlewares.push_back(connection_guards(gateway.connection));
  }
}

}  // namespace

SocketIoServers::Entry const* SocketIoServers::find(BoundGateway const& gateway) const {
  auto const path = clean_path(gateway.options.path.value_or("/socket.io"));
  auto const is_it = [&](auto const& entry) {
    return entry->port == gateway.options.port && entry->path == path;
  };
  auto const found = std::ranges::find_if(entries_, is_it);
  return found == entries_.end() ? nullptr : found->get();
}

SocketIoServers::Entry& SocketIoServers::entry_for(BoundGateway const& gateway) {
  if (auto const* const found = find(gateway)) return const_cast<Entry&>(*found);
  auto entry = std::make_unique<Entry>();
  entry->port = gateway.options.port;
  entry->path = clean_path(gateway.options.path.value_or("/socket.io"));
  entries_.push_back(std::move(entry));
  return *entries_.back();
}

void SocketIoServers::bind(std::deque<BoundGateway>& gateways, Configure const& configure) {
  for (auto& gateway : gateways) {
    auto& entry = entry_for(gateway);
    auto const name = gateway.description->type->name;
    auto options = gateway.options;
    options.path = entry.path;
    merge(entry.options, options, name, entry.gateways);
    entry.gateways += core::concat(entry.gateways.empty() ? "" : ", ", name);
  }
  for (auto const& entry : entries_)
    open(*entry, configure);
  for (auto& gateway : gateways)
    serve(entry_for(gateway), gateway);
}

void SocketIoServers::open(Entry& entry, Configure const& configure) {
  auto options = server_options(entry.options, host_.cors);
  configure(entry.port, options);
  entry.io = std::make_unique<Server>(host_.runtime, std::move(options));
  if (entry.port) {
    // Several paths of one port are one HTTP server.
    entry.io->attach(own_http_.try_emplace(*entry.port, host_.runtime).first->second);
  } else if (attach_) {
    entry.io->attach(host_.http);
  } else {
    host_.runtime.log().warning(
        "gateway", core::concat("the Socket.IO server of ", entry.gateways,
                                " is not attached to the application's HTTP server: clients that ask for ",
                                entry.path, "/ get a 404; leave SocketIoAdapter::Options::attach on"));
  }
}

void SocketIoServers::serve(Entry& entry, BoundGateway& gateway) {
  auto const& description = *gateway.description;
  Namespace* nsp = nullptr;
  ParentNamespace* parent = nullptr;
  if (description.pattern.empty()) {
    nsp = &entry.io->of(description.nsp);
    subscribe(entry.of_namespace[nsp->name()], nsp->handler_set(), gateway);
  } else {
    // Gateways with the same expression are gateways of one parent.
    auto& known = entry.parents[description.pattern];
    if (known == nullptr) known = &entry.io->of(Pattern(description.pattern));
    parent = known;
    subscribe(entry.of_pattern[description.pattern], parent->handler_set(), gateway);
  }
  if (description.after_init) description.after_init(gateway.object, *entry.io, nsp, parent);
}

void SocketIoServers::listen(std::string const& host) {
  for (auto const& entry : entries_) {
    if (!entry->port || *entry->port == 0 || *entry->port != host_.http.port()) continue;
    throw StartError(core::concat("aerie: ", entry->gateways, " asks for port ", std::to_string(*entry->port),
                                  ", where the application itself listens; leave the port out to share it"));
  }
  for (auto& [port, http] : own_http_)
    http.listen(port, host);
}

std::string SocketIoServers::address(BoundGateway const& gateway) const {
  auto const* const entry = find(gateway);
  if (entry == nullptr) return "nowhere";
  auto const* const own = entry->port ? &own_http_.at(*entry->port) : nullptr;
  auto const port = (own == nullptr ? host_.http : *own).port();
  auto const& description = *gateway.description;
  auto const nsp = description.pattern.empty()
                       ? description.nsp
                       : core::concat("every namespace matching /", description.pattern, "/");
  return core::concat("port ", std::to_string(port), ", path ", entry->path, "/, ", nsp);
}

void SocketIoServers::close(std::function<void()> done) {
  auto const left = std::make_shared<std::atomic<std::size_t>>(entries_.size() + 1);
  auto const one_less = [left, done = std::move(done)] {
    if (left->fetch_sub(1, std::memory_order_acq_rel) == 1 && done) done();
  };
  for (auto const& entry : entries_)
    entry->io->close(one_less);
  one_less();
}

http::Server* SocketIoServers::http_server(std::uint16_t port) noexcept {
  auto const found = own_http_.find(port);
  return found == own_http_.end() ? nullptr : &found->second;
}

Server* SocketIoServers::main_server() const noexcept {
  for (auto const& entry : entries_) {
    if (!entry->port && entry->path == "/socket.io") return entry->io.get();
  }
  return nullptr;
}

}  // namespace aerie::inline v1::gateway
