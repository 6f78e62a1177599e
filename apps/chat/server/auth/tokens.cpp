#include "auth/tokens.hpp"

#include "errors.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace chat {

namespace {

namespace jwt = aerie::auth;

constexpr char const* issuer = "aerie-chat";

struct Claims {
  std::string nickname;
  static void describe(aerie::Schema<Claims>& s) { s.field<&Claims::nickname>(); }
};

[[noreturn]] void refuse(jwt::TokenError error) {
  if (error == jwt::TokenError::missing) throw ChatError(ErrorCode::missing_token, "Sign in first.");
  if (error == jwt::TokenError::expired)
    throw ChatError(ErrorCode::expired_token, "The session has expired.");
  throw ChatError(ErrorCode::invalid_token, "The token is not valid here.");
}

std::optional<UserId> user_id(std::string_view subject) {
  UserId id = 0;
  auto const [end, error] = std::from_chars(subject.data(), subject.data() + subject.size(), id);
  if (error != std::errc() || end != subject.data() + subject.size() || id < 1) return std::nullopt;
  return id;
}

}  // namespace

Tokens::Tokens(std::string_view secret, std::string store_id, std::chrono::seconds lifetime,
               aerie::core::Clock const& clock)
    : key_(jwt::Key::hmac(jwt::Algorithm::hs256, secret)),
      store_id_(std::move(store_id)),
      lifetime_(lifetime),
      clock_(clock) {}

Tokens::Issued Tokens::issue(User const& user) const {
  // A token counts in whole seconds.
  auto const now = std::chrono::floor<std::chrono::seconds>(clock_.wall());
  jwt::SignOptions options;
  options.expires_in = lifetime_;
  options.issuer = issuer;
  options.audience = store_id_;
  options.subject = std::to_string(user.id);
  Claims const claims{user.nickname};
  return {jwt::sign(key_, claims, options, now), now + lifetime_};
}

Identity Tokens::verify(std::string_view token) const {
  jwt::VerifyOptions options;
  options.issuer = issuer;
  options.audiences = {store_id_};
  auto const result = jwt::verify(token, key_, options, clock_.wall());
  if (!result) refuse(result.error());

  auto const& claims = result.claims();
  auto const id = claims["sub"].is_string() ? user_id(claims["sub"].as_string()) : std::nullopt;
  if (!id || !claims["nickname"].is_string()) refuse(jwt::TokenError::bad_claim);
  // `verify` has seen to it that there is a finite `exp` in the future; more than a double's whole seconds
  // are cut.
  auto const seconds = std::min(claims["exp"].as_double(), 1e10);
  return {{*id, std::string(claims["nickname"].as_string())},
          aerie::core::WallTime(std::chrono::seconds(static_cast<std::int64_t>(seconds)))};
}

}  // namespace chat
