#include "auth/key_pair_scheme.hpp"

#include "auth/bytes_of.hpp"
#include "auth/ecdsa_signature.hpp"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>

namespace aerie { inline namespace v1 { namespace auth { namespace detail {
namespace {

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

// What an algorithm demands of its keys, and how it signs with them.
struct Demands {
  int kind;
  EVP_MD const* hash = nullptr;  // None where the algorithm hashes by itself.
  std::string_view curve{};      // Of elliptic curves that are more than one.
  std::size_t integer_size = 0;  // Of the two integers of an ECDSA signature.
  bool is_pss = false;
};

Demands demands_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::rs256:
      return {.kind = EVP_PKEY_RSA, .hash = EVP_sha256()};
    case Algorithm::rs384:
      return {.kind = EVP_PKEY_RSA, .hash = EVP_sha384()};
    case Algorithm::rs512:
      return {.kind = EVP_PKEY_RSA, .hash = EVP_sha512()};
    case Algorithm::ps256:
      return {.kind = EVP_PKEY_RSA, .hash = EVP_sha256(), .is_pss = true};
    case Algorithm::ps384:
      return {.kind = EVP_PKEY_RSA, .hash = EVP_sha384(), .is_pss = true};
    case Algorithm::ps512:
      return {.kind = EVP_PKEY_RSA, .hash = EVP_sha512(), .is_pss = true};
    case Algorithm::es256:
      return {.kind = EVP_PKEY_EC, .hash = EVP_sha256(), .curve = "prime256v1", .integer_size = 32};
    case Algorithm::es384:
      return {.kind = EVP_PKEY_EC, .hash = EVP_sha384(), .curve = "secp384r1", .integer_size = 48};
    case Algorithm::es512:
      return {.kind = EVP_PKEY_EC, .hash = EVP_sha512(), .curve = "secp521r1", .integer_size = 66};
    case Algorithm::eddsa:
      return {.kind = EVP_PKEY_ED25519};
    default:
      throw std::invalid_argument("aerie: " + std::string(to_string(algorithm)) +
                                  " takes a secret and no key pair; make its keys with Key::hmac");
  }
}

// RFC 7518 §3.5: the salt of PSS is as long as the hash.
bool set_padding(EVP_PKEY_CTX* context, Demands const& demands) {
  return !demands.is_pss || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                             EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

std::string curve_of(EVP_PKEY const* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), &size) != 1)
    return {};
  return {name.data(), size};
}

// Answers OpenSSL's question for a passphrase, which it would otherwise put to the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

// OpenSSL keeps the errors of a thread in a queue, where they would be taken for those of the next operation.
bool forget_errors(bool result) {
  ERR_clear_error();
  return result;
}

Bio memory_of(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

KeyPair read_private_pem(std::string_view pem) {
  KeyPair key(PEM_read_bio_PrivateKey(memory_of(pem).get(), nullptr, &no_passphrase, nullptr));
  if (key != nullptr) return key;
  ERR_clear_error();
  throw std::invalid_argument(
      "aerie: this is no private key in PEM; it begins with -----BEGIN PRIVATE KEY----- and is not "
      "encrypted");
}

KeyPair read_public_pem(std::string_view pem) {
  KeyPair key(PEM_read_bio_PUBKEY(memory_of(pem).get(), nullptr, &no_passphrase, nullptr));
  if (key != nullptr) return key;
  ERR_clear_error();
  throw std::invalid_argument(
      "aerie: this is no public key in PEM; it begins with -----BEGIN PUBLIC KEY-----");
}

KeyPairScheme::KeyPairScheme(Algorithm algorithm, KeyPair key, bool can_sign)
    : SignatureScheme(algorithm), key_(std::move(key)), can_sign_(can_sign) {
  Demands const demands = demands_of(algorithm);
  std::string const name(to_string(algorithm));
  if (EVP_PKEY_get_base_id(key_.get()) != demands.kind) {
    throw std::invalid_argument("aerie: this key is of another kind than " + name + " needs");
  }
  if (!demands.curve.empty() && curve_of(key_.get()) != demands.curve) {
    throw std::invalid_argument("aerie: this key is on another curve than " + name + " needs, which is " +
                                std::string(demands.curve));
  }
  constexpr int fewest_rsa_bits = 2048;
  if (demands.kind == EVP_PKEY_RSA && EVP_PKEY_get_bits(key_.get()) < fewest_rsa_bits) {
    throw std::invalid_argument("aerie: this key has " + std::to_string(EVP_PKEY_get_bits(key_.get())) +
                                " bits and " + name + " needs at least 2048");
  }
}

std::optional<std::string> KeyPairScheme::sign(std::string_view message) const {
  if (!can_sign_) return std::nullopt;
  Demands const demands = demands_of(algorithm());
  Context const context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
  std::size_t size = signature.size();
  EVP_PKEY_CTX* settings = nullptr;  // The context's own.
  bool const is_signed =
      EVP_DigestSignInit(context.get(), &settings, demands.hash, nullptr, key_.get()) == 1 &&
      set_padding(settings, demands) &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(message), message.size()) == 1;
  if (!is_signed) {
    ERR_clear_error();
    throw std::runtime_error("aerie: OpenSSL could not sign with this key for " +
                             std::string(to_string(algorithm())));
  }
  signature.resize(size);
  return demands.integer_size == 0 ? signature : ecdsa_from_der(signature, demands.integer_size);
}

bool KeyPairScheme::verify(std::string_view message, std::string_view signature) const {
  Demands const demands = demands_of(algorithm());
  std::optional<std::string> der;
  if (demands.integer_size != 0) {
    der = ecdsa_to_der(signature, demands.integer_size);
    if (!der) return forget_errors(false);
    signature = *der;
  }
  Context const context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = nullptr;  // The context's own.
  return forget_errors(EVP_DigestVerifyInit(context.get(), &settings, demands.hash, nullptr, key_.get()) ==
                           1 &&
                       set_padding(settings, demands) &&
                       EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                        bytes_of(message), message.size()) == 1);
}

}}}}  // namespace aerie::v1::auth::detail
