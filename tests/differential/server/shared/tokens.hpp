#pragma once

#include <aerie/gateway/gateways.hpp>

namespace reference {

/// Verifies the tokens that clients bring along.
class Tokens {
 public:
  explicit Tokens(aerie::JwtService const& jwt) : jwt_(jwt) {}

  /// `token` is whatever the client has sent as one.
  aerie::auth::TokenResult verify(aerie::Value const& token) const;
  /// The token of a handshake: `auth.token`, otherwise the query's.
  aerie::auth::TokenResult verify(aerie::Handshake const& handshake) const;

 private:
  aerie::JwtService const& jwt_;
};

/// Whose token it was: the claim `userId`, undefined if it has none.
struct TokenOwner {
  aerie::Value user_id;
};

struct TokensModule {
  static void describe(aerie::Module& m);
};

}  // namespace reference
