#pragma once

/// \file
/// So much and no more of each user, whatever tabs and addresses they use.

#include "auth/identity.hpp"
#include "config.hpp"
#include "mentions.hpp"

#include <aerie/gateway/throttle.hpp>

#include <chrono>
#include <string>
#include <string_view>

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

/// What mentions somebody tells him wherever he is, so it is counted by itself.
class MentionThrottle : public ThrottleByIdentity {
 public:
  MentionThrottle() : ThrottleByIdentity(60, std::chrono::minutes{1}) {}

  aerie::gateway::MaybeTask<bool> can_activate(aerie::ExecutionContext& context) {
    auto const content = context.payload()["content"];
    auto const text = content.get_if<std::string_view>().value_or("");
    if (mentions::candidates_of(text).empty()) return true;
    return ThrottleByIdentity::can_activate(context);
  }
};

}  // namespace chat
