#pragma once

/// \file
/// Lets in who has a token: with the handshake of a socket, or in the Authorization header of a request.

#include "auth/identity.hpp"

#include <aerie/gateway/jwt.hpp>

namespace chat {

/// A guard. It leaves an Identity with the socket or the request. A socket that was let in stays in for the
/// grace that its token has. What refuses a socket says whether it may come back, see TokenNews.
class SignedIn : public aerie::JwtGuard<Identity> {
 public:
  using JwtGuard::JwtGuard;
  bool can_activate(aerie::ExecutionContext& context) const;
};

}  // namespace chat
