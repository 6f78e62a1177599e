#include "shared/tokens.hpp"

namespace reference {

namespace {

using aerie::auth::Algorithm;
using aerie::auth::Key;
using aerie::auth::TokenError;
using aerie::auth::TokenResult;

// The secret is shorter than it should be, and tokens may be valid for ever.
aerie::JwtOptions jwt_options() {
  return {.key = Key::hmac(Algorithm::hs256, "differential-secret", aerie::auth::allow_short_secret),
          .verify = {.require_expiry = false}};
}

}  // namespace

TokenResult Tokens::verify(aerie::Value const& token) const {
  if (token.is_undefined() || token.is_null()) return TokenError::missing;
  if (!token.is_string()) return TokenError::malformed;
  return jwt_.verify(token.as_string());
}

TokenResult Tokens::verify(aerie::Handshake const& handshake) const {
  auto const result = verify(handshake.auth()["token"]);
  if (result || result.error() != TokenError::missing) return result;
  auto const from_query = handshake.query("token");
  return from_query ? jwt_.verify(*from_query) : TokenResult(TokenError::missing);
}

void TokensModule::describe(aerie::Module& m) {
  m.imports(aerie::JwtModule::for_root(jwt_options()));
  m.provides<Tokens>().exports<Tokens>();
}

}  // namespace reference
