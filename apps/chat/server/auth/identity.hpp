#pragma once

/// \file
/// What a token says: who somebody is, and until when that is certain. A plain value.

#include "model.hpp"

#include <aerie/core/clock.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/schema/codec.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace chat {

/// The claims of a token, as they are signed and as a guard leaves them for handlers.
struct Identity {
  /// The user's id, as text (RFC 7519 §4.1.2).
  std::string subject;
  std::string nickname;
  /// In seconds of Unix time.
  std::int64_t expires = 0;

  User user() const { return {std::stoll(subject), nickname}; }
  aerie::core::WallTime expires_at() const { return aerie::core::WallTime(std::chrono::seconds(expires)); }

  static Identity const& extract(aerie::ExecutionContext& context) { return context.get<Identity>(); }
  static void describe(aerie::Schema<Identity>& s) {
    s.field<&Identity::subject>("sub").matches("^[1-9][0-9]{0,15}$");
    s.field<&Identity::nickname>().not_empty();
    s.field<&Identity::expires>("exp").minimum(1).maximum(10'000'000'000);
  }
};

}  // namespace chat
