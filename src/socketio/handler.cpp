#include "socketio/local_adapter.hpp"
#include "socketio/run_handlers.hpp"
#include "socketio/shard_node.hpp"

#include <aerie/core/runtime.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handler_set.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

Handshake const& handshake_of(Socket const& socket) noexcept {
  return socket.handshake();
}

std::shared_ptr<Socket> pin(Socket& socket) {
  return socket.shared_from_this();
}

core::TaskContext& context_for(IncomingEvent const& event) {
  return event.leaving ? event.socket.adapter_->node().tasks() : event.socket.tasks();
}

void handler_failed(Socket& socket, std::string_view event, std::exception_ptr error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (Cancelled const&) {
    return;  // its socket has left: what tasks are expected to end with
  } catch (...) {
  }
  try {
    for (auto* const handlers : {&socket.nsp().handler_set(), socket.nsp().parent_handlers()}) {
      if (handlers == nullptr || !handlers->error) continue;
      handlers->error({socket, event, error});
      return;
    }
    socket.shard().runtime().log().warning(
        "socket.io", core::concat("the handler of \"", event, "\" has failed for socket ", socket.id(),
                                  " in namespace ", socket.nsp().name(), ": ", core::describe(error)));
  } catch (...) {
    // Nothing may leave here: there is nobody left to tell.
  }
}

void run_all(std::vector<std::shared_ptr<EventHandler>> const& handlers, IncomingEvent const& event) {
  // By index: a handler may register or remove others of its event. What is removed lives until the turn is
  // over.
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    auto& handler = *handlers[i];
    try {
      handler.handle(event);
    } catch (...) {
      handler_failed(event.socket, event.name, std::current_exception());
    }
  }
}

void run_handlers(Socket& socket, HandlerList HandlerSet::*of_namespace, HandlerList SocketState::*of_socket,
                  IncomingEvent const& event) {
  if (auto* const parent = socket.nsp().parent_handlers()) run_all(parent->*of_namespace, event);
  run_all(socket.nsp().handler_set().*of_namespace, event);
  if (of_socket != nullptr && state_of(socket) != nullptr) run_all(state_of(socket)->*of_socket, event);
}

void HandlerSet::add(std::string_view event, std::unique_ptr<EventHandler> handler) {
  if (is_reserved_event(event)) {
    throw std::invalid_argument(core::concat("aerie: \"", event,
                                             "\" is a reserved event name; use on_connection, "
                                             "on_disconnecting or on_disconnect"));
  }
  events[std::string(event)].push_back(std::move(handler));
}

void next_after(Task<void> task, Socket& socket, Next next) {
  core::start(
      std::move(task), socket.tasks(),
      [pinned = socket.shared_from_this(), next = std::move(next)](core::Outcome<void>&& outcome) noexcept {
        try {
          outcome.take();
          next();
        } catch (ConnectError const& error) {
          next(error);
        } catch (Cancelled const&) {
        } catch (...) {
          handler_failed(*pinned, "middleware", std::current_exception());
          next(ConnectError("Internal server error"));
        }
      });
}

}}}  // namespace aerie::v1::socketio
