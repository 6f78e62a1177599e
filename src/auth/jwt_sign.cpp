#include <aerie/auth/jwt.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/schema/codec.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 { namespace auth {
namespace {

void set_claim(Object& claims, std::string_view name, Value value, std::string_view option) {
  if (claims.contains(name)) {
    throw std::invalid_argument("aerie: the claims have \"" + std::string(name) + "\", which SignOptions::" +
                                std::string(option) + " sets as well; use only one of the two");
  }
  claims.set(name, std::move(value));
}

void set_text(Object& claims, std::string_view name, std::string const& text, std::string_view option) {
  if (!text.empty()) set_claim(claims, name, text, option);
}

Object collect_claims(EncodableRef source, SignOptions const& options, WallClock::time_point now) {
  Value value = to_value(source);
  if (!value.is_object()) {
    throw std::invalid_argument("aerie: the claims of a token are " + std::string(to_string(value.kind())) +
                                "; they must be an object");
  }
  Object claims = std::move(value.as_object());
  auto const seconds = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch());
  if (options.issued_at && !claims.contains("iat")) claims.set("iat", seconds.count());
  if (options.expires_in) set_claim(claims, "exp", (seconds + *options.expires_in).count(), "expires_in");
  if (options.not_before_in)
    set_claim(claims, "nbf", (seconds + *options.not_before_in).count(), "not_before_in");
  set_text(claims, "iss", options.issuer, "issuer");
  set_text(claims, "aud", options.audience, "audience");
  set_text(claims, "sub", options.subject, "subject");
  set_text(claims, "jti", options.token_id, "token_id");
  return claims;
}

}  // namespace

std::string sign(Key const& key, EncodableRef claims, SignOptions const& options, WallClock::time_point now) {
  Object header{{"alg", to_string(key.algorithm())}, {"typ", "JWT"}};
  if (!options.key_id.empty()) header.set("kid", options.key_id);
  std::string token = base64::encode_url(json::stringify(header));
  token.push_back('.');
  token.append(base64::encode_url(json::stringify(collect_claims(claims, options, now))));
  std::string const signature = base64::encode_url(key.sign(token));
  token.push_back('.');
  token.append(signature);
  return token;
}

}}}  // namespace aerie::v1::auth
