#include <aerie/auth/jwt.hpp>
#include <aerie/core/base64.hpp>

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace auth = aerie::auth;
using aerie::Value;
using auth::Algorithm;
using auth::Key;
using auth::TokenError;

namespace {

struct Pem {
  std::string private_key;
  std::string public_key;
};

std::string text_of(BIO* bio) {
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

// A key pair that lives as long as the test program.
Pem make_pem(EVP_PKEY* generated) {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> const key(generated, &EVP_PKEY_free);
  std::unique_ptr<BIO, decltype(&BIO_free)> const private_bio(BIO_new(BIO_s_mem()), &BIO_free);
  std::unique_ptr<BIO, decltype(&BIO_free)> const public_bio(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_PrivateKey(private_bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  PEM_write_bio_PUBKEY(public_bio.get(), key.get());
  return {.private_key = text_of(private_bio.get()), .public_key = text_of(public_bio.get())};
}

Pem const& rsa_pem() {
  static Pem const pem = make_pem(EVP_RSA_gen(2048));
  return pem;
}

Pem const& p256_pem() {
  static Pem const pem = make_pem(EVP_EC_gen("P-256"));
  return pem;
}

Pem const& pem_for(Algorithm algorithm) {
  static Pem const p384 = make_pem(EVP_EC_gen("P-384"));
  static Pem const p521 = make_pem(EVP_EC_gen("P-521"));
  static Pem const ed25519 = make_pem(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  switch (algorithm) {
    case Algorithm::es256:
      return p256_pem();
    case Algorithm::es384:
      return p384;
    case Algorithm::es512:
      return p521;
    case Algorithm::eddsa:
      return ed25519;
    default:
      return rsa_pem();
  }
}

constexpr Algorithm all[] = {Algorithm::rs256, Algorithm::rs384, Algorithm::rs512, Algorithm::ps256,
                             Algorithm::ps384, Algorithm::ps512, Algorithm::es256, Algorithm::es384,
                             Algorithm::es512, Algorithm::eddsa};

TEST(KeyPair, ThePublicKeyVerifiesWhatThePrivateKeySigned) {
  for (Algorithm const algorithm : all) {
    Key const signer = Key::private_pem(algorithm, pem_for(algorithm).private_key);
    Key const verifier = Key::public_pem(algorithm, pem_for(algorithm).public_key);
    std::string const token =
        auth::sign(signer, Value::object({{"sub", "ada"}}), {.expires_in = std::chrono::hours(1)});
    EXPECT_TRUE(auth::verify(token, verifier).ok()) << to_string(algorithm);
    EXPECT_TRUE(auth::verify(token, signer).ok()) << to_string(algorithm);
    EXPECT_EQ(auth::decode_unverified(token).header()["alg"], Value(to_string(algorithm)));
  }
}

TEST(KeyPair, APublicKeyCanNotSign) {
  for (Algorithm const algorithm : all) {
    Key const verifier = Key::public_pem(algorithm, pem_for(algorithm).public_key);
    EXPECT_THROW((void)verifier.sign("message"), std::logic_error) << to_string(algorithm);
  }
}

TEST(KeyPair, RefusesChangedMessagesAndSignatures) {
  for (Algorithm const algorithm : all) {
    Key const key = Key::private_pem(algorithm, pem_for(algorithm).private_key);
    std::string const signature = key.sign("message");
    EXPECT_TRUE(key.verify("message", signature)) << to_string(algorithm);
    EXPECT_FALSE(key.verify("massage", signature));
    EXPECT_FALSE(key.verify("message", ""));
    EXPECT_FALSE(key.verify("message", signature.substr(1)));
    EXPECT_FALSE(key.verify("message", signature + "x"));
    std::string flipped = signature;
    flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
    EXPECT_FALSE(key.verify("message", flipped));
    EXPECT_FALSE(key.verify("message", std::string(signature.size(), '\0')));
  }
}

// The order of a curve, which r and s lie below, in as many bytes as r and s have.
std::string order_of(int curve, std::size_t size) {
  std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> const group(EC_GROUP_new_by_curve_name(curve),
                                                                  &EC_GROUP_free);
  std::string order(size, '\0');
  BN_bn2binpad(EC_GROUP_get0_order(group.get()), reinterpret_cast<unsigned char*>(order.data()),
               static_cast<int>(size));
  return order;
}

TEST(KeyPair, RefusesEllipticSignaturesThatAreNoneOrSpeltOtherwise) {
  struct Curve {
    Algorithm algorithm;
    int id;
    std::size_t size;
  };
  constexpr Curve curves[] = {{Algorithm::es256, NID_X9_62_prime256v1, 32},
                              {Algorithm::es384, NID_secp384r1, 48},
                              {Algorithm::es512, NID_secp521r1, 66}};
  for (auto const& [algorithm, id, size] : curves) {
    Key const key = Key::private_pem(algorithm, pem_for(algorithm).private_key);
    std::string const order = order_of(id, size);
    std::string const zero(size, '\0');
    std::string const good = key.sign("message");
    ASSERT_EQ(good.size(), 2 * size);
    std::string const der("\x30\x06\x02\x01\x01\x02\x01\x01", 8);
    for (std::string const& signature :
         {zero + zero, order + order, good.substr(0, size) + zero, zero + good.substr(size),
          good.substr(0, size) + order, order + good.substr(size), der, good.substr(0, 2 * size - 1),
          good + std::string(1, '\0')}) {
      EXPECT_FALSE(key.verify("message", signature))
          << to_string(algorithm) << " " << aerie::base64::encode(signature);
    }
  }
}

TEST(KeyPair, RefusesKeysOfAnotherKindOrCurveOrSize) {
  EXPECT_THROW((void)Key::public_pem(Algorithm::es256, rsa_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::rs256, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::eddsa, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::es384, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::es512, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::ps256, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::hs256, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::hmac(Algorithm::rs256, std::string(64, 'k')), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::es256, p256_pem().private_key), std::invalid_argument);
  EXPECT_THROW((void)Key::private_pem(Algorithm::es256, p256_pem().public_key), std::invalid_argument);
  EXPECT_THROW((void)Key::private_pem(Algorithm::es256, ""), std::invalid_argument);
  EXPECT_THROW((void)Key::public_pem(Algorithm::rs256, make_pem(EVP_RSA_gen(1024)).public_key),
               std::invalid_argument);
}

TEST(KeyPair, ATokenCanNotChooseAnotherAlgorithmForAKey) {
  Key const verifier = Key::public_pem(Algorithm::rs256, rsa_pem().public_key);
  Key const same_key = Key::private_pem(Algorithm::rs512, rsa_pem().private_key);
  Key const other_padding = Key::private_pem(Algorithm::ps256, rsa_pem().private_key);
  Key const secret = Key::hmac(Algorithm::hs256, std::string(32, 'k'));
  for (Key const& signer : {same_key, other_padding, secret}) {
    auto const result =
        auth::verify(auth::sign(signer, Value::object(), {.expires_in = std::chrono::hours(1)}), verifier);
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error(), TokenError::wrong_algorithm);
  }
}

}  // namespace
