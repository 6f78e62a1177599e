#pragma once

/// \file
/// RS256 to RS512, PS256 to PS512, ES256 to ES512 and EdDSA (RFC 7518 §3.3 to §3.5, RFC 8037 §3.1).

#include "auth/signature_scheme.hpp"

#include <aerie/auth/key.hpp>

#include <openssl/evp.h>

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {

struct FreeKeyPair {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPair = std::unique_ptr<EVP_PKEY, FreeKeyPair>;

/// Both throw std::invalid_argument if the text holds no such key; encrypted keys are not read.
KeyPair read_private_pem(std::string_view pem);
KeyPair read_public_pem(std::string_view pem);

class KeyPairScheme final : public SignatureScheme {
 public:
  /// Throws std::invalid_argument if the key is not of the algorithm's kind, curve or size.
  KeyPairScheme(Algorithm algorithm, KeyPair key, bool can_sign);

  [[nodiscard]] std::optional<std::string> sign(std::string_view message) const override;
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const override;

 private:
  KeyPair key_;
  bool can_sign_;
};

/// A key that verifies.
struct KeyOfScheme {
  static Key make(Algorithm algorithm, KeyPair key) {
    return Key(std::make_shared<KeyPairScheme>(algorithm, std::move(key), false));
  }
};

}}}}  // namespace aerie::v1::auth::detail
