#include "shared/tokens.hpp"

namespace reference {

namespace {

constexpr std::string_view secret = "differential-secret";

}  // namespace

std::string_view code_of(TokenProblem problem) {
  switch (problem) {
    case TokenProblem::missing:
      return "MISSING_TOKEN";
    case TokenProblem::expired:
      return "EXPIRED_TOKEN";
    case TokenProblem::invalid:
      return "INVALID_TOKEN";
  }
  return {};
}

Tokens::Tokens()
    : key_(aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, secret, aerie::auth::allow_short_secret)) {}

TokenCheck Tokens::check(aerie::Value const& token) const {
  if (token.is_undefined() || token.is_null() || token == aerie::Value(""))
    return {{}, TokenProblem::missing};
  if (!token.is_string()) return {{}, TokenProblem::invalid};
  auto const result = aerie::auth::verify(token.as_string(), key_, {.require_expiry = false});
  if (result) return {TokenOwner{result.claims()["userId"]}};
  auto const expired = result.error() == aerie::auth::TokenError::expired;
  return {{}, expired ? TokenProblem::expired : TokenProblem::invalid};
}

TokenCheck Tokens::check(aerie::Handshake const& handshake) const {
  auto const from_auth = check(handshake.auth()["token"]);
  if (from_auth.owner || from_auth.problem != TokenProblem::missing) return from_auth;
  auto const from_query = handshake.query("token");
  return check(from_query ? aerie::Value(*from_query) : aerie::Value());
}

}  // namespace reference
