#include "auth/hmac_scheme.hpp"

#include "auth/bytes_of.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {
namespace {

EVP_MD const* hash_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::hs256:
      return EVP_sha256();
    case Algorithm::hs384:
      return EVP_sha384();
    case Algorithm::hs512:
      return EVP_sha512();
    default:
      throw std::invalid_argument(
          "aerie: " + std::string(to_string(algorithm)) +
          " takes a key pair and no secret; make its keys with Key::private_pem or Key::public_pem");
  }
}

bool is_der_key(std::string_view secret) {
  auto const size = static_cast<long>(secret.size());
  unsigned char const* at = bytes_of(secret);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(d2i_PUBKEY(nullptr, &at, size),
                                                                &EVP_PKEY_free);
  at = bytes_of(secret);
  std::unique_ptr<X509, decltype(&X509_free)> const certificate(d2i_X509(nullptr, &at, size), &X509_free);
  at = bytes_of(secret);
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const rsa_key(
      d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size), &EVP_PKEY_free);
  ERR_clear_error();
  return key != nullptr || certificate != nullptr || rsa_key != nullptr;
}

}  // namespace

HmacScheme::~HmacScheme() {
  OPENSSL_cleanse(secret_.data(), secret_.size());
}

std::size_t HmacScheme::hash_size(Algorithm algorithm) {
  return static_cast<std::size_t>(EVP_MD_get_size(hash_of(algorithm)));
}

std::optional<std::string> HmacScheme::sign(std::string_view message) const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  if (HMAC(hash_of(algorithm()), secret_.data(), static_cast<int>(secret_.size()), bytes_of(message),
           message.size(), mac.data(), &size) == nullptr) {
    throw std::runtime_error("aerie: OpenSSL could not compute an HMAC");
  }
  return std::string(reinterpret_cast<char const*>(mac.data()), size);
}

bool HmacScheme::verify(std::string_view message, std::string_view signature) const {
  std::string const expected = *sign(message);
  return expected.size() == signature.size() &&
         CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
}

bool is_public_key(std::string_view secret) {
  if (secret.find("-----BEGIN ") != std::string_view::npos) return true;
  std::size_t const first = secret.find_first_not_of(" \t\r\n");
  bool const is_json = first != std::string_view::npos && secret[first] == '{';
  if (is_json && secret.find("\"kty\"") != std::string_view::npos) return true;
  return is_der_key(secret);
}

}}}}  // namespace aerie::v1::auth::detail
