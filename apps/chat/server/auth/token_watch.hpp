#pragma once

/// \file
/// A connection lasts as long as its token.

#include "auth/tokens.hpp"
#include "config.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/socket.hpp>

namespace chat {

/// Thread-safe: nothing in it changes.
class TokenWatch {
 public:
  TokenWatch(Config const& config, aerie::core::Clock const& clock) : config_(config), clock_(clock) {}

  /// Tells a client when its token has expired (`tokenExpired`), and hangs up if it does not come back with
  /// another one in time. It goes on as long as the socket is there; both must outlive it.
  aerie::Task<void> watch(aerie::Socket& socket, Identity const& identity) const;

 private:
  Config const& config_;
  aerie::core::Clock const& clock_;
};

}  // namespace chat
