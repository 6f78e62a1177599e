#pragma once

#include <aerie/auth/jwt.hpp>
#include <aerie/gateway/gateways.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace reference {

/// Whom a token belongs to: the claim `userId`, undefined if it has none.
struct TokenOwner {
  aerie::Value user_id;
};

/// Why there is no owner.
enum class TokenProblem { missing, expired, invalid };

/// MISSING_TOKEN, EXPIRED_TOKEN, INVALID_TOKEN
std::string_view code_of(TokenProblem problem);

/// What was found out about a token.
struct TokenCheck {
  std::optional<TokenOwner> owner;
  TokenProblem problem = TokenProblem::missing;
};

/// Verifies the tokens that clients bring along.
class Tokens {
 public:
  Tokens();
  /// `token` is whatever the client has sent as one; an empty text is none.
  TokenCheck check(aerie::Value const& token) const;
  /// The token of a handshake: `auth.token`, otherwise the query's.
  TokenCheck check(aerie::Handshake const& handshake) const;

 private:
  aerie::auth::Key key_;
};

struct TokensModule {
  static void describe(aerie::Module& m) { m.provides<Tokens>().exports<Tokens>(); }
};

}  // namespace reference
