#pragma once

/// \file
/// Routes as Socket.IO handlers.

#include <aerie/gateway/route.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/middleware.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace gateway {

class EventRoutes;

/// What the gateways of one namespace share: the routes of each event, and those of every event, or of what
/// nobody handles. Set up before the server listens; read by all shards.
struct CatchAllRoutes {
  explicit CatchAllRoutes(bool traced) : is_traced(traced) {}

  /// Handlers that are registered already, by event.
  std::map<std::string, EventRoutes*, std::less<>> events;
  std::vector<Route const*> any;
  std::vector<Route const*> unknown;
  /// Each route is run in a span of its own.
  bool const is_traced;

  /// Behind the handlers of an event, `handled` if there are any.
  void handle(socketio::IncomingEvent const& event, bool handled) const;
};

/// All routes of one event in one namespace, run one after another. What one of them throws is its own
/// affair. Set up before the server listens.
class EventRoutes final : public socketio::EventHandler {
 public:
  explicit EventRoutes(std::shared_ptr<CatchAllRoutes const> catch_all) : catch_all_(std::move(catch_all)) {}
  void add(Route const& route) { routes_.push_back(&route); }
  void handle(socketio::IncomingEvent const& event) override;

 private:
  std::shared_ptr<CatchAllRoutes const> catch_all_;
  std::vector<Route const*> routes_;
};

/// A gateway's hook for connections. One that throws has refused the client, which is disconnected.
class ConnectedRoute final : public socketio::EventHandler {
 public:
  explicit ConnectedRoute(Route const& route) : route_(route) {}
  void handle(socketio::IncomingEvent const& event) override;

 private:
  Route const& route_;
};

/// A gateway's hook for clients that leave, or have left.
class DisconnectedRoute final : public socketio::EventHandler {
 public:
  explicit DisconnectedRoute(Route const& route) : route_(route) {}
  void handle(socketio::IncomingEvent const& event) override;

 private:
  Route const& route_;
};

/// Asks a gateway's guards about connections. `route` must outlive the server.
socketio::Middleware connection_guards(Route const& route);

}}}  // namespace aerie::v1::gateway
