#include "auth/key_pair_scheme.hpp"

#include <aerie/auth/jwks.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/value.hpp>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace auth {

namespace {

using detail::KeyPair;

struct FreeOpenSsl {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

constexpr std::size_t max_modulus_bytes = 2048;
constexpr std::size_t max_exponent_bytes = 8;

struct Curve {
  std::string_view name;
  char const* group;
  std::size_t size;
  Algorithm algorithm;
};
constexpr std::array curves{Curve{"P-256", "prime256v1", 32, Algorithm::es256},
                            Curve{"P-384", "secp384r1", 48, Algorithm::es384},
                            Curve{"P-521", "secp521r1", 66, Algorithm::es512}};

constexpr std::array asymmetric{Algorithm::rs256, Algorithm::rs384, Algorithm::rs512, Algorithm::ps256,
                                Algorithm::ps384, Algorithm::ps512, Algorithm::es256, Algorithm::es384,
                                Algorithm::es512, Algorithm::eddsa};

std::string_view text_of(Value const& jwk, std::string_view member) {
  return jwk[member].get_if<std::string_view>().value_or("");
}

std::string bytes_of(Value const& jwk, std::string_view member, std::size_t most) {
  auto bytes = base64::decode_url(text_of(jwk, member));
  if (!bytes || bytes->empty() || bytes->size() > most)
    throw std::invalid_argument("its " + std::string(member) + " is no base64url of a size that can be");
  return *std::move(bytes);
}

unsigned char const* data_of(std::string const& bytes) {
  return reinterpret_cast<unsigned char const*>(bytes.data());
}

Owned<BIGNUM> number_of(std::string const& bytes) {
  return Owned<BIGNUM>(BN_bin2bn(data_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

KeyPair made(char const* kind, OSSL_PARAM_BLD* builder) {
  Owned<OSSL_PARAM> const parameters(OSSL_PARAM_BLD_to_param(builder));
  Owned<EVP_PKEY_CTX> const context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  auto const is_made = parameters != nullptr && context != nullptr &&
                       EVP_PKEY_fromdata_init(context.get()) == 1 &&
                       EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  KeyPair owned(key);
  Owned<EVP_PKEY_CTX> const check(is_made ? EVP_PKEY_CTX_new(key, nullptr) : nullptr);
  // A point that is not on its curve, for instance.
  auto const is_good = check != nullptr && EVP_PKEY_public_check(check.get()) == 1;
  ERR_clear_error();
  if (!is_good) throw std::invalid_argument("it is no key");
  return owned;
}

KeyPair rsa_key(Value const& jwk) {
  auto const modulus = number_of(bytes_of(jwk, "n", max_modulus_bytes));
  auto const exponent = number_of(bytes_of(jwk, "e", max_exponent_bytes));
  Owned<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
  auto const is_put = builder != nullptr && modulus != nullptr && exponent != nullptr &&
                      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) == 1 &&
                      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) == 1;
  if (!is_put) throw std::invalid_argument("it is no key");
  return made("RSA", builder.get());
}

Curve const& curve_of(Value const& jwk) {
  auto const name = text_of(jwk, "crv");
  auto const* const found = std::ranges::find(curves, name, &Curve::name);
  if (found == curves.end()) throw std::invalid_argument("it is on a curve that is not supported");
  return *found;
}

KeyPair elliptic_key(Value const& jwk) {
  auto const& curve = curve_of(jwk);
  auto const x = bytes_of(jwk, "x", curve.size);
  auto const y = bytes_of(jwk, "y", curve.size);
  // RFC 7518 §6.2.1.2: as long as the curve's numbers are.
  if (x.size() != curve.size || y.size() != curve.size)
    throw std::invalid_argument("its coordinates are not as long as those of its curve");
  auto const point = "\x04" + x + y;
  Owned<OSSL_PARAM_BLD> const builder(OSSL_PARAM_BLD_new());
  auto const is_put =
      builder != nullptr &&
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0) == 1 &&
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) ==
          1;
  if (!is_put) throw std::invalid_argument("it is no key");
  return made("EC", builder.get());
}

KeyPair edwards_key(Value const& jwk) {
  if (text_of(jwk, "crv") != "Ed25519") throw std::invalid_argument("it is on a curve that is not supported");
  constexpr std::size_t size = 32;
  auto const bytes = bytes_of(jwk, "x", size);
  KeyPair key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, data_of(bytes), bytes.size()));
  ERR_clear_error();
  if (key == nullptr) throw std::invalid_argument("it is no key");
  return key;
}

Algorithm algorithm_of(Value const& jwk, std::string_view kind) {
  auto const& alg = jwk["alg"];
  if (alg.is_undefined()) {
    if (kind == "RSA") return Algorithm::rs256;
    return kind == "EC" ? curve_of(jwk).algorithm : Algorithm::eddsa;
  }
  auto const name = alg.get_if<std::string_view>().value_or("");
  auto const* const found =
      std::ranges::find(asymmetric, name, [](Algorithm each) { return to_string(each); });
  if (found == asymmetric.end()) throw std::invalid_argument("its algorithm is not supported");
  return *found;
}

void require_for_signatures(Value const& jwk) {
  auto const& use = jwk["use"];
  if (!use.is_undefined() && use != Value("sig")) throw std::invalid_argument("it is not for signatures");
  auto const& operations = jwk["key_ops"];
  if (operations.is_undefined()) return;
  if (!operations.is_array() ||
      std::ranges::find(operations.as_array(), Value("verify")) == operations.as_array().end())
    throw std::invalid_argument("it is not for verifying signatures");
}

KeyPair pair_of(Value const& jwk, std::string_view kind) {
  if (kind == "RSA") return rsa_key(jwk);
  if (kind == "EC") return elliptic_key(jwk);
  if (kind == "OKP") return edwards_key(jwk);
  throw std::invalid_argument("it is of a kind that is not supported");
}

/// Throws std::invalid_argument with what is wrong.
Key key_of(Value const& jwk) {
  if (!jwk.is_object()) throw std::invalid_argument("it is no object");
  require_for_signatures(jwk);
  auto const kind = text_of(jwk, "kty");
  auto pair = pair_of(jwk, kind);
  return detail::KeyOfScheme::make(algorithm_of(jwk, kind), std::move(pair));
}

}  // namespace

Jwks read_jwks(std::string_view json, JwksLimits const& limits) {
  if (json.size() > limits.max_bytes) {
    throw std::invalid_argument("aerie: the set of keys has more than " + std::to_string(limits.max_bytes) +
                                " bytes");
  }
  Value set;
  if (!json::parse(json, set) || !set["keys"].is_array())
    throw std::invalid_argument("aerie: this is no JSON Web Key Set, which is {\"keys\": [...]}");
  auto const& all = set["keys"].as_array();
  if (all.size() > limits.max_keys) {
    throw std::invalid_argument("aerie: the set has more than " + std::to_string(limits.max_keys) + " keys");
  }
  Jwks read;
  for (auto const& jwk : all) {
    auto const id = text_of(jwk, "kid");
    try {
      if (id.empty() && all.size() > 1) throw std::invalid_argument("it has no id, and is not the only one");
      if (read.keys.find(id) != nullptr) throw std::invalid_argument("there is another one of its id");
      read.keys.add(std::string(id), key_of(jwk));
    } catch (std::invalid_argument const& error) {
      read.ignored.push_back("the key \"" + std::string(id.substr(0, 64)) + "\": " + error.what());
    }
  }
  return read;
}

}}}  // namespace aerie::v1::auth
