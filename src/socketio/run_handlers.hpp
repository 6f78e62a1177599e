#pragma once

#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handler_set.hpp>

#include <exception>
#include <memory>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

using HandlerList = std::vector<std::shared_ptr<EventHandler>>;

/// Runs handlers one after another; what one throws is reported and stops no other.
void run_all(HandlerList const& handlers, IncomingEvent const& event);

/// Runs the handlers of a socket's life: the parent namespace's, the namespace's, its own.
void run_handlers(Socket& socket, HandlerList HandlerSet::*of_namespace, HandlerList SocketState::*of_socket,
                  IncomingEvent const& event);

/// Calls what the application has given us. Nobody below could do anything about what it throws: that is
/// reported as what handlers throw is.
template <class Call>
void guarded(Socket& socket, std::string_view what, Call&& call) noexcept {
  try {
    call();
  } catch (...) {
    handler_failed(socket, what, std::current_exception());
  }
}

/// The rare part of a socket; null if it has none.
SocketState* state_of(Socket& socket) noexcept;

}}}  // namespace aerie::v1::socketio
