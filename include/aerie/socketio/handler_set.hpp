#pragma once

/// \file
/// What was registered with a namespace.

#include <aerie/core/api.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/socket_state.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

/// A handler that has thrown.
struct HandlerError {
  Socket& socket;
  /// The event; "connection", "disconnecting" or "disconnect" for those handlers.
  std::string_view event;
  std::exception_ptr error;
};

namespace socketio {

struct AERIE_API HandlerSet {
  void add(std::string_view event, std::unique_ptr<EventHandler> handler);

  HandlerMap events;
  std::vector<std::shared_ptr<EventHandler>> connection;
  std::vector<std::shared_ptr<EventHandler>> disconnecting;
  std::vector<std::shared_ptr<EventHandler>> disconnect;
  std::vector<std::function<void(Socket&, std::string_view, Args const&)>> any;
  std::function<void(HandlerError const&)> error;
  std::vector<Middleware> middlewares;
};

}  // namespace socketio
}}  // namespace aerie::v1
