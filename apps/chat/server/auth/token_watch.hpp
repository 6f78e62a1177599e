#pragma once

/// \file
/// A connection lasts as long as its token.

#include "auth/identity.hpp"
#include "errors.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/socketio/socket.hpp>

#include <chrono>
#include <memory>

namespace chat {

/// Thread-safe: nothing in it changes.
class TokenWatch {
 public:
  TokenWatch(aerie::Scheduler& scheduler, aerie::core::Clock const& clock)
      : scheduler_(scheduler), clock_(clock) {}

  /// Tells a client when its token has expired (`tokenExpired`), if it is still there. It has
  /// JwtOptions::session_grace to come back with another one.
  void watch(aerie::Socket& socket, Identity const& identity) const {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(identity.expires_at() - clock_.wall());
    auto tell = [who = socket.weak_from_this()] {
      TokenNews const news{ErrorCode::expired_token, true};
      if (auto const there = who.lock()) there->emit("tokenExpired", news);
    };
    // Kept with the socket, and cancelled with it.
    socket.set(scheduler_.after(left, std::move(tell)));
  }

 private:
  aerie::Scheduler& scheduler_;
  aerie::core::Clock const& clock_;
};

}  // namespace chat
