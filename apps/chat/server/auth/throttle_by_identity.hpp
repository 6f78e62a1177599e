#pragma once

/// \file
/// So much and no more of each user, whatever tabs and addresses they use.

#include "auth/identity.hpp"
#include "config.hpp"

#include <aerie/gateway/throttle.hpp>

#include <chrono>
#include <string>

namespace chat {

/// Behind SignedIn.
class ThrottleByIdentity : public aerie::Throttle {
 public:
  ThrottleByIdentity(std::size_t limit, aerie::core::Milliseconds window)
      : Throttle(Options{.limit = limit, .window = window, .by = [](aerie::ExecutionContext& context) {
                           return Identity::extract(context).subject;
                         }}) {}
};

/// What is stored for good: as many in ten seconds as the settings allow.
class MessageThrottle : public ThrottleByIdentity {
 public:
  explicit MessageThrottle(Config const& config)
      : ThrottleByIdentity(config.message_limit, std::chrono::seconds{10}) {}
};

}  // namespace chat
