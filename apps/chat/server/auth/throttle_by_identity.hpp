#pragma once

/// \file
/// So much and no more of each user, whatever tabs and addresses they use.

#include "auth/identity.hpp"

#include <aerie/gateway/throttle.hpp>

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

}  // namespace chat
