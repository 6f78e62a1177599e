#pragma once

/// \file
/// Lets in who has a token: with the handshake of a socket, or in the Authorization header of a request.

#include "auth/tokens.hpp"

#include <aerie/gateway/execution_context.hpp>

namespace chat {

/// A guard. It leaves an Identity with the socket or the request. A socket that was let in stays in; that its
/// token does not last for ever is the gateway's business. Throws ChatError for requests, for sockets
/// aerie::ConnectError.
class SignedIn {
 public:
  explicit SignedIn(Tokens const& tokens) : tokens_(tokens) {}
  bool can_activate(aerie::ExecutionContext& context) const;

 private:
  Tokens const& tokens_;
};

}  // namespace chat
