#include "gateway/socketio_servers.hpp"

#include <aerie/core/after_calls.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/core/runtime.hpp>

#include <algorithm>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

void subscribe(std::shared_ptr<CatchAllRoutes>& routes, socketio::HandlerSet& handlers,
               BoundGateway const& gateway, bool traced) {
  if (!routes) routes = std::make_shared<CatchAllRoutes>(traced);
  for (auto const& route : gateway.any)
    routes->any.push_back(&route);
  for (auto const& route : gateway.unknown)
    routes->unknown.push_back(&route);
  if (!handlers.otherwise && (!gateway.any.empty() || !gateway.unknown.empty())) {
    handlers.set_otherwise(
        [routes](socketio::IncomingEvent const& event, bool handled) { routes->handle(event, handled); });
  }
  for (auto const& route : gateway.routes) {
    auto& group = routes->events[route.pattern];
    if (group == nullptr) {
      auto handler = std::make_shared<EventRoutes>(routes);
      group = handler.get();
      handlers.add(route.pattern, std::move(handler));
    }
    group->add(route);
  }
  for (auto const& route : gateway.connected)
    handlers.add_connection(std::make_shared<ConnectedRoute>(route));
  for (auto const& route : gateway.disconnecting)
    handlers.add_disconnecting(std::make_shared<DisconnectedRoute>(route));
  for (auto const& route : gateway.disconnected)
    handlers.add_disconnect(std::make_shared<DisconnectedRoute>(route));
  for (auto* const call : gateway.description->session_expired)
    handlers.add_expired(
        [call, object = gateway.object](ExpiredSession const& session) { call(object, session); });
  if (!gateway.connection.guards.empty()) {
    handlers.add_middleware(connection_guards(gateway.connection));
  }
}

}  // namespace

SocketIoServers::SocketIoServers(AdapterHost host, bool attach) : ports_(std::move(host)), attach_(attach) {
  auto const& known = ports_.host();
  if (known.contract.is_on()) watch_ = std::make_unique<ContractWatch>(known.contract, known.runtime.log());
}

void SocketIoServers::open(std::deque<BoundGateway> const& gateways, Configure const& configure) {
  entries_.add(gateways);
  for (auto const& entry : entries_)
    open(*entry, configure);
}

void SocketIoServers::bind(std::deque<BoundGateway>& gateways) {
  for (auto& gateway : gateways)
    serve(*entries_.find(gateway), gateway);
}

void SocketIoServers::open(Entry& entry, Configure const& configure) {
  auto const& host = ports_.host();
  auto options = server_options(entry.options, host.cors);
  configure({entry.port, entry.path, entry.gateways}, options);
  // A little before the application gives up, so that it hears of handlers that were cancelled.
  options.close_timeout = std::min(options.close_timeout, host.shutdown_timeout * 19 / 20);
  entry.io = std::make_unique<Server>(host.runtime, std::move(options));
  entry.http = &ports_.at(entry.port, entry.gateways);
  if (entry.port || attach_) return entry.io->attach(*entry.http);
  host.runtime.log().warning(
      "gateway", core::concat("the Socket.IO server of ", entry.gateways,
                              " is not attached to the application's HTTP server: clients that ask for ",
                              entry.path, "/ get a 404; leave SocketIoAdapter::Options::attach on"));
}

void SocketIoServers::serve(Entry& entry, BoundGateway& gateway) {
  auto const& description = *gateway.description;
  auto const traced = ports_.host().runtime.tracer() != nullptr;
  Namespace* nsp = nullptr;
  ParentNamespace* parent = nullptr;
  if (description.pattern.empty()) {
    nsp = &entry.io->of(description.nsp);
    watch(entry, description, nsp->handler_set());
    subscribe(entry.of_namespace[nsp->name()], nsp->handler_set(), gateway, traced);
  } else {
    // Gateways with the same expression are gateways of one parent.
    auto& known = entry.parents[description.pattern];
    if (known == nullptr) known = &entry.io->of(Pattern(description.pattern));
    parent = known;
    watch(entry, description, parent->handler_set());
    subscribe(entry.of_pattern[description.pattern], parent->handler_set(), gateway, traced);
  }
  if (description.after_init) description.after_init(gateway.object, *entry.io, nsp, parent);
}

/// Before the gateway's own hooks, so that what these send is seen.
void SocketIoServers::watch(Entry& entry, GatewayDescription const& gateway, socketio::HandlerSet& handlers) {
  if (watch_ == nullptr) return;
  auto const& name = gateway.pattern.empty() ? gateway.nsp : gateway.pattern;
  auto& declared = entry.declared[name];
  bool const is_first = declared == nullptr;
  if (is_first) declared = std::make_shared<DeclaredEvents>(name);
  declared->add(gateway);
  if (!is_first) return;
  handlers.add_connection(socketio::make_handler(
      [watch = watch_.get(), declared](Socket& socket) { watch->see(socket, declared); }));
}

std::string SocketIoServers::address(BoundGateway const& gateway) const {
  auto const* const entry = entries_.find(gateway);
  if (entry == nullptr) return "nowhere";
  auto const& description = *gateway.description;
  auto const nsp = description.pattern.empty()
                       ? description.nsp
                       : core::concat("every namespace matching /", description.pattern, "/");
  return core::concat("port ", std::to_string(entry->http->port()), ", path ", entry->path, "/, ", nsp);
}

std::vector<HealthPart> SocketIoServers::health() const {
  std::vector<HealthPart> parts;
  for (auto const& entry : entries_) {
    auto status = entry->io->cluster();
    if (status.state == ClusterState::alone) continue;
    // Clients of this process are served without the others.
    auto const state = status.state == ClusterState::ready ? HealthState::up : HealthState::degraded;
    if (status.state == ClusterState::starting && status.reason.empty()) status.reason = "it is connecting";
    std::string name = "cluster";
    if (entries_.size() > 1) {
      name += entry->port ? core::concat(" :", std::to_string(*entry->port)) : " ";
      name += entry->path;
    }
    parts.push_back({std::move(name), {state, std::move(status.reason)}});
  }
  return parts;
}

void SocketIoServers::collect(core::MetricsPage& page) const {
  for (auto const& entry : entries_) {
    if (entries_.size() > 1) {
      auto const port = entry->port ? core::concat(":", std::to_string(*entry->port)) : std::string();
      page.set_common_labels({{"server", port + entry->path}});
    }
    entry->io->collect(page);
  }
}

void SocketIoServers::drain(core::Milliseconds spread, std::function<void()> done) {
  auto const one_less = core::after_calls(entries_.size() + 1, std::move(done));
  for (auto const& entry : entries_) {
    // A start that has failed leaves some unmade.
    if (entry->io == nullptr) {
      one_less();
    } else {
      entry->io->drain(spread, one_less);
    }
  }
  one_less();
}

void SocketIoServers::close(std::function<void()> done) {
  auto const one_less = core::after_calls(entries_.size() + 1, std::move(done));
  for (auto const& entry : entries_) {
    if (entry->io == nullptr) {
      one_less();
    } else {
      entry->io->close(one_less);
    }
  }
  one_less();
}

Namespace* SocketIoServers::find_namespace(BoundGateway const& gateway) const {
  auto const* const entry = entries_.find(gateway);
  if (entry == nullptr || !gateway.description->pattern.empty()) return nullptr;
  return &entry->io->of(gateway.description->nsp);
}

Server* SocketIoServers::main_server() const noexcept {
  auto const* const entry = entries_.find(std::nullopt, "/socket.io");
  return entry == nullptr ? nullptr : entry->io.get();
}

}}}  // namespace aerie::v1::gateway
