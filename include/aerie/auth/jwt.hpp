#pragma once

/// \file
/// Signed JSON Web Tokens (RFC 7519) as npm's jsonwebtoken makes and checks them. All functions are callable
/// from any thread.
///
///     auto const key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, secret);
///     std::string const token = aerie::auth::sign(key, User{"ada"}, {.expires_in = 15min});
///     if (auto const verified = aerie::auth::verify(token, key))
///     greet(verified.claims()["name"].as_string());

#include <aerie/auth/key.hpp>
#include <aerie/core/api.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace aerie { inline namespace v1 { namespace auth {

/// The clock that `exp`, `nbf` and `iat` are times of.
using WallClock = std::chrono::system_clock;

/// Longer tokens are refused before anything of them is decoded.
inline constexpr std::size_t max_token_size = 8 * 1024;

/// Which claims a token gets beside its own. Empty: none.
struct SignOptions {
  /// Sets `exp`.
  std::optional<std::chrono::seconds> expires_in{};
  /// Sets `nbf`.
  std::optional<std::chrono::seconds> not_before_in{};
  /// Sets `iss`: who has signed it.
  std::string issuer{};
  /// Sets `aud`: for whom it is.
  std::string audience{};
  /// Sets `sub`: of whom it speaks.
  std::string subject{};
  /// Sets `jti`: a name of its own.
  std::string token_id{};
  /// Sets the header's `kid`: which key has signed it.
  std::string key_id{};
  /// Sets `iat` unless the claims have one.
  bool issued_at = true;
};

/// A token with these claims. Throws std::invalid_argument if `claims` is no object, or has a claim that an
/// option sets as well, and std::logic_error if the key can only verify.
AERIE_API std::string sign(Key const& key, EncodableRef claims, SignOptions const& options = {},
                           WallClock::time_point now = WallClock::now());

/// Why a token is refused. Tell the log, not the peer: `to_code` says what a client may know.
enum class TokenError : std::uint8_t {
  missing,          ///< There is none.
  too_long,         ///< More than max_token_size bytes.
  malformed,        ///< Not three parts of base64url with JSON objects in them, or a name occurs twice.
  wrong_algorithm,  ///< Not signed with the key's algorithm.
  unsupported,      ///< The header asks for what is not understood: `crit`, `b64`, `zip`.
  unknown_key,      ///< No key of the set has the header's `kid`.
  bad_signature,    ///< Not signed with this key, or changed afterwards.
  bad_claim,        ///< `exp`, `nbf` or `iat` is not a finite number, or the claims do not fit their type.
  no_expiry,        ///< `exp` is missing, and required.
  expired,          ///< `exp` is now or in the past.
  not_active,       ///< `nbf` or `iat` is in the future.
  wrong_audience,   ///< `aud` is missing or names nobody of those expected.
  wrong_issuer,     ///< `iss` is missing or another.
  wrong_subject,    ///< `sub` is missing or another.
  revoked,          ///< Whoever has given it has taken it back.
};

/// A sentence for each value.
AERIE_API std::string_view to_string(TokenError error);

/// What a client may be told, so that it knows what to do: "MISSING_TOKEN", "EXPIRED_TOKEN" (get a new one),
/// or "INVALID_TOKEN" for everything else.
AERIE_API std::string_view to_code(TokenError error);

/// What is demanded of a token besides a good signature.
struct VerifyOptions {
  /// How far the clocks of signer and verifier may differ, for `exp` and `nbf`.
  std::chrono::seconds leeway{0};
  /// How far in the future `iat`, which is only information, may lie before the token is refused.
  std::chrono::seconds issued_at_leeway{60};
  /// If any are given, `aud` must be or contain one of them.
  std::vector<std::string> audiences{};
  /// If given, `iss` must be this.
  std::string issuer{};
  /// If given, `sub` must be this.
  std::string subject{};
  /// Refuses tokens that would be valid for ever.
  bool require_expiry = true;
};

/// The contents of a token.
struct Token {
  /// An object: `alg`, `kid` ...
  Value header;
  /// An object: `sub`, `exp` and what the signer has added.
  Value claims;
};

/// A token that was accepted, or why it was not.
class TokenResult {
 public:
  /// Accepted, or refused.
  TokenResult(Token token) : result_(std::move(token)) {}
  TokenResult(TokenError error) : result_(error) {}

  /// Whether it was accepted.
  [[nodiscard]] bool ok() const { return std::holds_alternative<Token>(result_); }
  explicit operator bool() const { return ok(); }

  /// REQUIRES: ok(). Both are objects.
  [[nodiscard]] Value const& header() const { return std::get<Token>(result_).header; }
  /// REQUIRES: ok().
  [[nodiscard]] Value const& claims() const { return std::get<Token>(result_).claims; }

  /// REQUIRES: !ok().
  [[nodiscard]] TokenError error() const { return std::get<TokenError>(result_); }

 private:
  std::variant<Token, TokenError> result_;
};

/// Checks everything about a token: its form, its header, its signature, its time, and what the options
/// demand.
AERIE_API TokenResult verify(std::string_view token, Key const& key, VerifyOptions const& options = {},
                             WallClock::time_point now = WallClock::now());

/// The same with the key that the token's `kid` names.
AERIE_API TokenResult verify(std::string_view token, KeySet const& keys, VerifyOptions const& options = {},
                             WallClock::time_point now = WallClock::now());

/// The `kid` of a token's header, to look for its key; empty if it has none, or is no token.
AERIE_API std::string key_id_of(std::string_view token);

/// What a token says, without any proof that it is true: for logs and tools, never to let somebody in.
AERIE_API TokenResult decode_unverified(std::string_view token);

}}}  // namespace aerie::v1::auth
