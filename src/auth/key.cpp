#include "auth/hmac_scheme.hpp"
#include "auth/key_pair_scheme.hpp"

#include <aerie/auth/key.hpp>

#include <stdexcept>

namespace aerie { inline namespace v1 { namespace auth {

std::string_view to_string(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return "HS256";
    case Algorithm::hs384:
      return "HS384";
    case Algorithm::hs512:
      return "HS512";
    case Algorithm::rs256:
      return "RS256";
    case Algorithm::rs384:
      return "RS384";
    case Algorithm::rs512:
      return "RS512";
    case Algorithm::ps256:
      return "PS256";
    case Algorithm::ps384:
      return "PS384";
    case Algorithm::ps512:
      return "PS512";
    case Algorithm::es256:
      return "ES256";
    case Algorithm::es384:
      return "ES384";
    case Algorithm::es512:
      return "ES512";
    case Algorithm::eddsa:
      return "EdDSA";
  }
  return "";
}

Key Key::hmac(Algorithm algorithm, std::string_view secret) {
  std::size_t const needed = detail::HmacScheme::hash_size(algorithm);
  if (secret.size() < needed) {
    throw std::invalid_argument("aerie: the secret for " + std::string(to_string(algorithm)) + " has " +
                                std::to_string(secret.size()) + " bytes and needs at least " +
                                std::to_string(needed) +
                                "; take longer random bytes, or pass aerie::auth::allow_short_secret");
  }
  return hmac(algorithm, secret, allow_short_secret);
}

Key Key::hmac(Algorithm algorithm, std::string_view secret, AllowShortSecret) {
  if (secret.empty()) {
    throw std::invalid_argument("aerie: the secret for " + std::string(to_string(algorithm)) +
                                " is empty; set it in the configuration");
  }
  if (detail::is_public_key(secret)) {
    throw std::invalid_argument("aerie: the secret for " + std::string(to_string(algorithm)) +
                                " is a public key, with which anybody could sign; use random bytes, or an "
                                "algorithm with key pairs");
  }
  return Key(std::make_shared<detail::HmacScheme>(algorithm, secret));
}

Key Key::private_pem(Algorithm algorithm, std::string_view pem) {
  return Key(std::make_shared<detail::KeyPairScheme>(algorithm, detail::read_private_pem(pem), true));
}

Key Key::public_pem(Algorithm algorithm, std::string_view pem) {
  return Key(std::make_shared<detail::KeyPairScheme>(algorithm, detail::read_public_pem(pem), false));
}

Algorithm Key::algorithm() const {
  return scheme_->algorithm();
}

std::string Key::sign(std::string_view message) const {
  auto signature = scheme_->sign(message);
  if (!signature) {
    throw std::logic_error("aerie: this key for " + std::string(to_string(algorithm())) +
                           " is a public key, which can only verify; sign with the private key");
  }
  return *std::move(signature);
}

bool Key::verify(std::string_view message, std::string_view signature) const {
  return scheme_->verify(message, signature);
}

KeySet& KeySet::add(std::string id, Key key) {
  if (find(id) != nullptr) {
    throw std::invalid_argument("aerie: two keys of a KeySet have the id \"" + id + "\"; ids must differ");
  }
  keys_.emplace_back(std::move(id), std::move(key));
  return *this;
}

Key const* KeySet::find(std::optional<std::string_view> id) const {
  if (!id) return keys_.size() == 1 ? &keys_.front().second : nullptr;
  for (auto const& [own_id, key] : keys_) {
    if (own_id == *id) return &key;
  }
  return nullptr;
}

}}}  // namespace aerie::v1::auth
