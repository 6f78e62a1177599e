#include <aerie/auth/jwks.hpp>
#include <aerie/auth/jwt.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/schema/codec.hpp>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jwks_cases {

using aerie::Array;
using aerie::Value;
using aerie::auth::Algorithm;
using aerie::auth::Jwks;
using aerie::auth::Key;
using aerie::auth::read_jwks;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Pair = std::unique_ptr<EVP_PKEY, Free>;

std::string pem_of(EVP_PKEY* key) {
  std::unique_ptr<BIO, Free> const bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* data = nullptr;
  auto const size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string number_of(EVP_PKEY const* key, char const* name, std::size_t size = 0) {
  BIGNUM* raw = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key, name, &raw), 1);
  std::unique_ptr<BIGNUM, Free> const number(raw);
  auto const bytes = size == 0 ? static_cast<std::size_t>(BN_num_bytes(raw)) : size;
  std::string text(bytes, '\0');
  BN_bn2binpad(raw, reinterpret_cast<unsigned char*>(text.data()), static_cast<int>(bytes));
  return aerie::base64::encode_url(text);
}

Value rsa_jwk(EVP_PKEY const* key, std::string_view id) {
  return Value::object({{"kty", "RSA"},
                        {"kid", id},
                        {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N)},
                        {"e", number_of(key, OSSL_PKEY_PARAM_RSA_E)}});
}

Value ec_jwk(EVP_PKEY const* key, std::string_view id, std::string_view curve, std::size_t size) {
  return Value::object({{"kty", "EC"},
                        {"kid", id},
                        {"crv", curve},
                        {"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, size)},
                        {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, size)}});
}

Value ed_jwk(EVP_PKEY const* key, std::string_view id) {
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  EXPECT_EQ(EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(bytes.data()), &size), 1);
  return Value::object(
      {{"kty", "OKP"}, {"kid", id}, {"crv", "Ed25519"}, {"x", aerie::base64::encode_url(bytes)}});
}

Value with(Value jwk, std::string_view member, Value value) {
  jwk.as_object().set(member, std::move(value));
  return jwk;
}

std::string set_of(Array keys) {
  return aerie::json::stringify(Value::object({{"keys", std::move(keys)}}));
}

EVP_PKEY* rsa() {
  static Pair const key(EVP_RSA_gen(2048));
  return key.get();
}
EVP_PKEY* small_rsa() {
  static Pair const key(EVP_RSA_gen(1024));
  return key.get();
}
EVP_PKEY* ec(char const* curve) {
  static Pair const p256(EVP_EC_gen("P-256"));
  static Pair const p384(EVP_EC_gen("P-384"));
  static Pair const p521(EVP_EC_gen("P-521"));
  std::string_view const name = curve;
  return name == "P-256" ? p256.get() : name == "P-384" ? p384.get() : p521.get();
}
EVP_PKEY* ed() {
  static Pair const key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  return key.get();
}

TEST(Jwks, VerifiesWhatItsKeysHaveSigned) {
  struct Case {
    Value jwk;
    EVP_PKEY* pair;
    Algorithm algorithm;
  };
  Case const cases[] = {
      {rsa_jwk(rsa(), "k"), rsa(), Algorithm::rs256},
      {with(rsa_jwk(rsa(), "k"), "alg", "RS512"), rsa(), Algorithm::rs512},
      {with(rsa_jwk(rsa(), "k"), "alg", "PS256"), rsa(), Algorithm::ps256},
      {with(rsa_jwk(rsa(), "k"), "use", "sig"), rsa(), Algorithm::rs256},
      {with(rsa_jwk(rsa(), "k"), "key_ops", Value::array({"verify"})), rsa(), Algorithm::rs256},
      {ec_jwk(ec("P-256"), "k", "P-256", 32), ec("P-256"), Algorithm::es256},
      {ec_jwk(ec("P-384"), "k", "P-384", 48), ec("P-384"), Algorithm::es384},
      {ec_jwk(ec("P-521"), "k", "P-521", 66), ec("P-521"), Algorithm::es512},
      {ed_jwk(ed(), "k"), ed(), Algorithm::eddsa},
  };
  for (auto const& each : cases) {
    SCOPED_TRACE(aerie::json::stringify(each.jwk));
    auto const read = read_jwks(set_of({each.jwk}));
    EXPECT_EQ(read.ignored, std::vector<std::string>());
    auto const* const key = read.keys.find("k");
    ASSERT_NE(key, nullptr);
    EXPECT_EQ(key->algorithm(), each.algorithm);
    auto const signature = Key::private_pem(each.algorithm, pem_of(each.pair)).sign("said");
    EXPECT_TRUE(key->verify("said", signature));
    EXPECT_FALSE(key->verify("forged", signature));
    EXPECT_THROW(static_cast<void>(key->sign("said")), std::logic_error);
  }
}

TEST(Jwks, LeavesOutWhatCannotVerify) {
  auto const good = rsa_jwk(rsa(), "k");
  auto const curve = ec_jwk(ec("P-256"), "k", "P-256", 32);
  struct Case {
    Value jwk;
    std::string_view why;
  };
  Case const cases[] = {
      {Value("text"), "it is no object"},
      {Value::object({{"kid", "k"}}), "it is of a kind that is not supported"},
      {Value::object({{"kid", "k"}, {"kty", "oct"}, {"k", "c2VjcmV0"}}),
       "it is of a kind that is not supported"},
      {with(good, "use", "enc"), "it is not for signatures"},
      {with(good, "use", 5), "it is not for signatures"},
      {with(good, "key_ops", Value::array({"encrypt"})), "it is not for verifying signatures"},
      {with(good, "key_ops", "verify"), "it is not for verifying signatures"},
      {with(good, "alg", "none"), "its algorithm is not supported"},
      {with(good, "alg", "HS256"), "its algorithm is not supported"},
      {with(good, "alg", nullptr), "its algorithm is not supported"},
      {with(good, "n", "="), "its n is no base64url of a size that can be"},
      {with(good, "n", ""), "its n is no base64url of a size that can be"},
      {with(good, "n", 5), "its n is no base64url of a size that can be"},
      {with(good, "n", std::string(4000, 'A')), "its n is no base64url of a size that can be"},
      {with(good, "e", std::string(40, 'A')), "its e is no base64url of a size that can be"},
      {with(good, "alg", "ES256"), "aerie: this key is of another kind than ES256 needs"},
      {rsa_jwk(small_rsa(), "k"), "aerie: this key has 1024 bits and RS256 needs at least 2048"},
      {with(curve, "crv", "secp256k1"), "it is on a curve that is not supported"},
      {with(curve, "x", curve["y"]), "it is no key"},
      {with(curve, "x", "AAAA"), "its coordinates are not as long as those of its curve"},
      {with(curve, "alg", "ES384"),
       "aerie: this key is on another curve than ES384 needs, which is secp384r1"},
      {with(ed_jwk(ed(), "k"), "crv", "X25519"), "it is on a curve that is not supported"},
      {with(ed_jwk(ed(), "k"), "x", "AAAA"), "it is no key"},
  };
  for (auto const& each : cases) {
    auto const read = read_jwks(set_of({each.jwk}));
    EXPECT_TRUE(read.keys.empty());
    ASSERT_EQ(read.ignored.size(), 1U) << each.why;
    EXPECT_TRUE(read.ignored.front().ends_with(": " + std::string(each.why))) << read.ignored.front();
  }
}

TEST(Jwks, TakesTheFirstOfAnIdAndOneWithoutAnIdAlone) {
  auto const first = rsa_jwk(rsa(), "a");
  auto const second = ec_jwk(ec("P-256"), "a", "P-256", 32);
  auto const twice = read_jwks(set_of({first, second}));
  ASSERT_NE(twice.keys.find("a"), nullptr);
  EXPECT_EQ(twice.keys.find("a")->algorithm(), Algorithm::rs256);
  EXPECT_EQ(twice.ignored, std::vector<std::string>{R"(the key "a": there is another one of its id)"});

  auto const nameless = ec_jwk(ec("P-256"), "", "P-256", 32);
  auto const beside = read_jwks(set_of({first, nameless}));
  EXPECT_EQ(beside.ignored, std::vector<std::string>{R"(the key "": it has no id, and is not the only one)"});
  auto const alone = read_jwks(set_of({nameless}));
  ASSERT_NE(alone.keys.find(std::nullopt), nullptr);
  EXPECT_EQ(alone.keys.find(std::nullopt)->algorithm(), Algorithm::es256);
}

TEST(Jwks, RefusesWhatIsNoSetOrTooLarge) {
  for (std::string_view const text : {"", "{", "[]", "{}", R"({"keys":{}})", "5", "\xff"})
    EXPECT_THROW(static_cast<void>(read_jwks(text)), std::invalid_argument) << text;
  EXPECT_TRUE(read_jwks(R"({"keys":[]})").keys.empty());
  auto const one = set_of({rsa_jwk(rsa(), "a")});
  EXPECT_THROW(static_cast<void>(read_jwks(one, {.max_bytes = one.size() - 1})), std::invalid_argument);
  auto const two = set_of({rsa_jwk(rsa(), "a"), rsa_jwk(rsa(), "b")});
  EXPECT_THROW(static_cast<void>(read_jwks(two, {.max_keys = 1})), std::invalid_argument);
  EXPECT_NE(read_jwks(two, {.max_bytes = two.size(), .max_keys = 2}).keys.find("b"), nullptr);
}

TEST(Jwks, IsAskedForTheKeyThatATokenNames) {
  auto const key = Key::private_pem(Algorithm::rs256, pem_of(rsa()));
  auto const token = aerie::auth::sign(key, Value::object({{"sub", "ada"}}), {.key_id = "a"});
  EXPECT_EQ(aerie::auth::key_id_of(token), "a");
  EXPECT_EQ(aerie::auth::key_id_of("no token"), "");
  EXPECT_EQ(aerie::auth::key_id_of(aerie::auth::sign(key, Value::object({}))), "");
  auto const read = read_jwks(set_of({rsa_jwk(rsa(), "a"), ed_jwk(ed(), "b")}));
  EXPECT_TRUE(aerie::auth::verify(token, read.keys, {.require_expiry = false}));
}

}  // namespace jwks_cases
