#pragma once

#include <aerie/core/anchor.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handler_set.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/socketio/parser.hpp>
#include <aerie/socketio/socket_state.hpp>

#include <exception>
#include <memory>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

/// What a client is told of a mistake that is not its own.
constexpr std::string_view internal_error = "Internal server error";

/// Calls what a user has registered, on a socket's behalf. What it throws goes to the error listeners of its
/// namespace. True if it has returned.
template <class F, class... Args>
bool call_for(Socket& socket, std::string_view event, F&& call, Args&&... args) noexcept {
  auto const outcome = core::try_user(std::forward<F>(call), std::forward<Args>(args)...);
  if (outcome.has_value()) return true;
  handler_failed(socket, event, outcome.error());
  return false;
}

/// Calls handlers one after another; what one throws stops no other.
void call_all(HandlerList const& handlers, Callers callers, IncomingEvent const& event) noexcept;

/// Calls the handlers of a socket's life: the parent namespace's, the namespace's, its own.
void call_all(HandlerList HandlerSet::*of_namespace, HandlerList SocketState::*of_socket,
              IncomingEvent const& event) noexcept;

/// The arguments of what has none.
Args const& no_args() noexcept;

/// What a client is told whose middleware has thrown: its words if it has refused, and no more than that it
/// has failed otherwise, which goes to the error listeners.
ConnectError refusal_of(Socket& socket, std::exception_ptr const& error);

/// The rare part of a socket; null if it has none.
SocketState* state_of(Socket& socket) noexcept;

/// Where posted work for a socket is sent to. On its shard.
core::AnchorRef server_of(Socket& socket);
/// The parser that the socket's client speaks. Any thread, for ever.
Parser const& parser_of(Socket const& socket) noexcept;
/// Sends a packet that is ready, unless the socket has left.
void send(Socket& socket, EncodedPacket const& packet);

}}}  // namespace aerie::v1::socketio
