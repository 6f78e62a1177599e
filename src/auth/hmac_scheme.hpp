#pragma once

/// \file
/// HS256, HS384 and HS512 (RFC 7518 §3.2).

#include "auth/signature_scheme.hpp"

namespace aerie { inline namespace v1 { namespace auth { namespace detail {

class HmacScheme final : public SignatureScheme {
 public:
  /// REQUIRES: `algorithm` is one of the three.
  HmacScheme(Algorithm algorithm, std::string_view secret) : SignatureScheme(algorithm), secret_(secret) {}
  ~HmacScheme() override;

  /// Bytes of the hash, and so the fewest that a good secret has.
  static std::size_t hash_size(Algorithm algorithm);

  [[nodiscard]] std::optional<std::string> sign(std::string_view message) const override;
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const override;

 private:
  std::string secret_;
};

/// Whether `secret` is a public key or a certificate in one of its usual spellings: PEM, DER, JWK.
bool is_public_key(std::string_view secret);

}}}}  // namespace aerie::v1::auth::detail
