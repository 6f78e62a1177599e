#include <aerie/auth/jwt.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/core/utf8.hpp>
#include <aerie/schema/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace aerie { inline namespace v1 { namespace auth {
namespace {

// A token taken apart, not yet believed.
struct Parts {
  Token token;
  std::string_view signed_text;
  std::string signature;
};

using PartsResult = std::variant<Parts, TokenError>;

// The object in a part of a token. A name that occurs twice is refused: two parsers might read two tokens
// (RFC 7515 §4, RFC 7519 §4).
std::optional<Value> parse_object(std::string_view encoded) {
  constexpr std::size_t max_depth = 32;
  auto const text = base64::decode_url(encoded);
  if (!text || !utf8::is_valid(*text)) return std::nullopt;
  json::Reader reader(*text, max_depth);
  if (!reader.begin_object()) return std::nullopt;
  Object members;
  std::string_view key;
  while (reader.next_member(key)) {
    if (members.contains(key)) return std::nullopt;
    if (!reader.read_value(members.set(key, Value()))) return std::nullopt;
  }
  if (!reader.finish()) return std::nullopt;
  return Value(std::move(members));
}

PartsResult take_apart(std::string_view token) {
  if (token.empty()) return TokenError::missing;
  if (token.size() > max_token_size) return TokenError::too_long;
  if (std::ranges::count(token, '.') != 2) return TokenError::malformed;
  std::size_t const first_dot = token.find('.');
  std::size_t const last_dot = token.rfind('.');
  auto header = parse_object(token.substr(0, first_dot));
  auto claims = parse_object(token.substr(first_dot + 1, last_dot - first_dot - 1));
  auto signature = base64::decode_url(token.substr(last_dot + 1));
  if (!header || !claims || !signature) return TokenError::malformed;
  return Parts{.token = {.header = *std::move(header), .claims = *std::move(claims)},
               .signed_text = token.substr(0, last_dot),
               .signature = *std::move(signature)};
}

// Other members of the header are ignored, above all those that offer a key: jwk, jku, x5u and x5c.
std::optional<TokenError> check_header(Value const& header, Key const& key) {
  auto const algorithm = header["alg"].get_if<std::string_view>();
  if (algorithm != to_string(key.algorithm())) return TokenError::wrong_algorithm;
  // A critical extension must be refused unless it is understood (RFC 7515 §4.1.11), and none is.
  constexpr std::array<std::string_view, 3> refused = {"crit", "b64", "zip"};
  for (std::string_view const name : refused) {
    if (!header[name].is_undefined()) return TokenError::unsupported;
  }
  return std::nullopt;
}

bool is_number_or_absent(Value const& claim) {
  return claim.is_undefined() || (claim.is_number() && std::isfinite(claim.as_double()));
}

std::optional<TokenError> check_times(Value const& claims, VerifyOptions const& options,
                                      WallClock::time_point time) {
  Value const& expires = claims["exp"];
  Value const& not_before = claims["nbf"];
  Value const& issued = claims["iat"];
  if (!is_number_or_absent(expires) || !is_number_or_absent(not_before) || !is_number_or_absent(issued)) {
    return TokenError::bad_claim;
  }
  using Seconds = std::chrono::duration<double>;
  double const now = Seconds(time.time_since_epoch()).count();
  double const leeway = Seconds(options.leeway).count();
  if (expires.is_undefined() && options.require_expiry) return TokenError::no_expiry;
  if (!expires.is_undefined() && now >= expires.as_double() + leeway) return TokenError::expired;
  if (!not_before.is_undefined() && not_before.as_double() > now + leeway) return TokenError::not_active;
  double const issued_at_leeway = Seconds(options.issued_at_leeway).count();
  if (!issued.is_undefined() && issued.as_double() > now + issued_at_leeway) return TokenError::not_active;
  return std::nullopt;
}

bool names_one_of(Value const& audience, std::vector<std::string> const& expected) {
  if (auto const* const several = audience.get_if<Array>()) {
    return std::ranges::any_of(
        *several, [&](Value const& one) { return !one.is_array() && names_one_of(one, expected); });
  }
  auto const name = audience.get_if<std::string_view>();
  return name && std::ranges::find(expected, *name) != expected.end();
}

std::optional<TokenError> check_parties(Value const& claims, VerifyOptions const& options) {
  if (!options.audiences.empty() && !names_one_of(claims["aud"], options.audiences)) {
    return TokenError::wrong_audience;
  }
  if (!options.issuer.empty() && claims["iss"] != Value(options.issuer)) return TokenError::wrong_issuer;
  if (!options.subject.empty() && claims["sub"] != Value(options.subject)) return TokenError::wrong_subject;
  return std::nullopt;
}

TokenResult verify_parts(Parts parts, Key const& key, VerifyOptions const& options,
                         WallClock::time_point now) {
  if (auto const error = check_header(parts.token.header, key)) return *error;
  if (!key.verify(parts.signed_text, parts.signature)) return TokenError::bad_signature;
  if (auto const error = check_times(parts.token.claims, options, now)) return *error;
  if (auto const error = check_parties(parts.token.claims, options)) return *error;
  return std::move(parts.token);
}

}  // namespace

std::string_view to_string(TokenError error) {
  switch (error) {
    case TokenError::missing:
      return "there is no token";
    case TokenError::too_long:
      return "the token is longer than 8 KiB";
    case TokenError::malformed:
      return "the token is malformed";
    case TokenError::wrong_algorithm:
      return "the token is not signed with the algorithm of the key";
    case TokenError::unsupported:
      return "the token's header asks for an extension that is not supported";
    case TokenError::unknown_key:
      return "the token names a key that is not known";
    case TokenError::bad_signature:
      return "the token's signature is wrong";
    case TokenError::bad_claim:
      return "a claim of the token is not of its type";
    case TokenError::no_expiry:
      return "the token has no expiry, which VerifyOptions::require_expiry demands";
    case TokenError::expired:
      return "the token has expired";
    case TokenError::not_active:
      return "the token is not active yet";
    case TokenError::wrong_audience:
      return "the token is meant for another audience";
    case TokenError::wrong_issuer:
      return "the token is from another issuer";
    case TokenError::wrong_subject:
      return "the token is about another subject";
    case TokenError::revoked:
      return "the token was revoked";
  }
  return "the token is refused";
}

std::string_view to_code(TokenError error) {
  if (error == TokenError::missing) return "MISSING_TOKEN";
  if (error == TokenError::expired) return "EXPIRED_TOKEN";
  return "INVALID_TOKEN";
}

TokenResult verify(std::string_view token, Key const& key, VerifyOptions const& options,
                   WallClock::time_point now) {
  PartsResult parts = take_apart(token);
  if (auto const* const error = std::get_if<TokenError>(&parts)) return *error;
  return verify_parts(std::get<Parts>(std::move(parts)), key, options, now);
}

TokenResult verify(std::string_view token, KeySet const& keys, VerifyOptions const& options,
                   WallClock::time_point now) {
  PartsResult result = take_apart(token);
  if (auto const* const error = std::get_if<TokenError>(&result)) return *error;
  Parts& parts = std::get<Parts>(result);
  Value const& id = parts.token.header["kid"];
  if (!id.is_undefined() && !id.is_string()) return TokenError::malformed;
  Key const* const key = keys.find(id.get_if<std::string_view>());
  if (key == nullptr) return TokenError::unknown_key;
  return verify_parts(std::move(parts), *key, options, now);
}

std::string key_id_of(std::string_view token) {
  PartsResult const result = take_apart(token);
  auto const* const parts = std::get_if<Parts>(&result);
  if (parts == nullptr) return {};
  return std::string(parts->token.header["kid"].get_if<std::string_view>().value_or(""));
}

TokenResult decode_unverified(std::string_view token) {
  PartsResult parts = take_apart(token);
  if (auto const* const error = std::get_if<TokenError>(&parts)) return *error;
  return std::get<Parts>(std::move(parts)).token;
}

}}}  // namespace aerie::v1::auth
