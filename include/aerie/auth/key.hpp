#pragma once

/// \file
/// Keys that sign and verify JSON Web Tokens (RFC 7518). The algorithm belongs to the key and never to the
/// token, so that no token can choose how it is checked (RFC 8725 §3.1).

#include <aerie/core/api.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace auth {

/// HMAC with a shared secret (HS); RSA with PKCS #1 v1.5 (RS) and with PSS (PS), ECDSA on P-256, P-384 and
/// P-521 (ES), and Ed25519 (RFC 8037) with a key pair.
enum class Algorithm : std::uint8_t {
  hs256,
  hs384,
  hs512,
  rs256,
  rs384,
  rs512,
  ps256,
  ps384,
  ps512,
  es256,
  es384,
  es512,
  eddsa
};

/// The name in a token's header: "HS256".
AERIE_API std::string_view to_string(Algorithm algorithm);

/// To be passed by name to accept a secret that is shorter than RFC 7518 §3.2 demands.
struct AllowShortSecret {};
/// What `Key::hmac` is given for that.
inline constexpr AllowShortSecret allow_short_secret;

namespace detail {
class SignatureScheme;
/// For the keys of a set: a key that verifies, of what is made of its numbers.
struct KeyOfScheme;
}  // namespace detail

/// A key for one algorithm. Immutable and cheap to copy; copies may be used by several threads at once.
class AERIE_API Key {
 public:
  /// A shared secret for HS256, HS384 or HS512. Throws std::invalid_argument if the secret has fewer bytes
  /// than the hash (32, 48, 64), and for a public key given as a secret: whoever knows the public key could
  /// sign.
  static Key hmac(Algorithm algorithm, std::string_view secret);
  static Key hmac(Algorithm algorithm, std::string_view secret, AllowShortSecret);

  /// Half of a key pair in PEM, for one of the other algorithms: the private key signs and verifies, the
  /// public key only verifies. Throws std::invalid_argument if the text is no such key, if the key is of
  /// another kind or curve than the algorithm, and for RSA keys of less than 2048 bits (RFC 7518 §3.3).
  static Key private_pem(Algorithm algorithm, std::string_view pem);
  /// The half that only verifies, as `private_pem`.
  static Key public_pem(Algorithm algorithm, std::string_view pem);

  /// The only one that it signs and verifies by.
  [[nodiscard]] Algorithm algorithm() const;

  /// The signature of `message`, as raw bytes. Throws std::logic_error if the key can only verify.
  [[nodiscard]] std::string sign(std::string_view message) const;

  /// Takes the same time wherever a wrong signature differs.
  [[nodiscard]] bool verify(std::string_view message, std::string_view signature) const;

 private:
  friend struct detail::KeyOfScheme;
  explicit Key(std::shared_ptr<detail::SignatureScheme const> scheme) : scheme_(std::move(scheme)) {}

  std::shared_ptr<detail::SignatureScheme const> scheme_;
};

/// Keys by their id, for rotation: the `kid` of a token's header selects one by exact comparison and is used
/// for nothing else. A plain value.
class AERIE_API KeySet {
 public:
  /// Throws std::invalid_argument if there already is a key of this id.
  KeySet& add(std::string id, Key key);

  /// The key of a token with this id; null if there is none. Without an id: the only key, if there is exactly
  /// one.
  [[nodiscard]] Key const* find(std::optional<std::string_view> id) const;

  [[nodiscard]] bool empty() const { return keys_.empty(); }

 private:
  std::vector<std::pair<std::string, Key>> keys_;
};

}}}  // namespace aerie::v1::auth
