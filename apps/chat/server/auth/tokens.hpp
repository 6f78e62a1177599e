#pragma once

/// \file
/// The tokens that tell who a user is. Thread-safe: nothing in it changes.

#include "model.hpp"

#include <aerie/auth/jwt.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/gateway/execution_context.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace chat {

/// Who somebody is, and until when that is certain.
struct Identity {
  User user;
  aerie::core::WallTime expires_at;

  /// What the guard has left, as a parameter of handlers.
  static Identity const& extract(aerie::ExecutionContext& context) { return context.get<Identity>(); }
};

class Tokens {
 public:
  /// `secret`: at least 32 bytes. `store_id`: tokens of another database are refused, because the same id is
  /// another user there.
  Tokens(std::string_view secret, std::string store_id, std::chrono::seconds lifetime,
         aerie::core::Clock const& clock);

  struct Issued {
    std::string token;
    aerie::core::WallTime expires_at;
  };
  Issued issue(User const& user) const;

  /// Throws ChatError with MISSING_TOKEN (an empty text), EXPIRED_TOKEN or INVALID_TOKEN.
  Identity verify(std::string_view token) const;

 private:
  aerie::auth::Key key_;
  std::string store_id_;
  std::chrono::seconds lifetime_;
  aerie::core::Clock const& clock_;
};

}  // namespace chat
