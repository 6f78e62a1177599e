#include <aerie/auth/key.hpp>
#include <aerie/core/base64.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace auth = aerie::auth;
using auth::Algorithm;
using auth::Key;

namespace {

std::string const secret(64, 's');

// The public half of a key pair that was made for this test only.
constexpr std::string_view public_pem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEB0SngatORuA5q4diUpNyDO1hH6Ro
dX9nA/1oOBUzTKtobGU1dptWDPYZJ2zVluXelj1/fNICCnPCoeO7YsGb/Q==
-----END PUBLIC KEY-----
)";

std::string public_der() {
  std::string base64;
  for (std::size_t line = public_pem.find('\n') + 1; public_pem[line] != '-';) {
    std::size_t const end = public_pem.find('\n', line);
    base64 += public_pem.substr(line, end - line);
    line = end + 1;
  }
  return aerie::base64::decode(base64).value();
}

std::string refusal_of(Algorithm algorithm, std::string_view hmac_secret) {
  try {
    (void)Key::hmac(algorithm, hmac_secret);
    return "";
  } catch (std::invalid_argument const& error) {
    return error.what();
  }
}

TEST(Key, RefusesSecretsShorterThanTheHash) {
  EXPECT_EQ(
      refusal_of(Algorithm::hs256, std::string(31, 's')),
      "aerie: the secret for HS256 has 31 bytes and needs at least 32; take longer random bytes, or pass "
      "aerie::auth::allow_short_secret");
  EXPECT_NE(refusal_of(Algorithm::hs384, std::string(47, 's')), "");
  EXPECT_NE(refusal_of(Algorithm::hs512, std::string(63, 's')), "");
  EXPECT_EQ(refusal_of(Algorithm::hs256, std::string(32, 's')), "");
  EXPECT_EQ(refusal_of(Algorithm::hs384, std::string(48, 's')), "");
  EXPECT_EQ(refusal_of(Algorithm::hs512, std::string(64, 's')), "");
}

TEST(Key, TakesShortSecretsOnlyByName) {
  EXPECT_NO_THROW((void)Key::hmac(Algorithm::hs256, "secret", auth::allow_short_secret));
  EXPECT_THROW((void)Key::hmac(Algorithm::hs256, "", auth::allow_short_secret), std::invalid_argument);
}

TEST(Key, RefusesPublicKeysAsSecretsInEverySpelling) {
  std::string const spellings[] = {
      std::string(public_pem),
      " " + std::string(public_pem),
      "\n" + std::string(public_pem),
      public_der(),
      R"({"kty":"EC","crv":"P-256","x":"EVs_o5-uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf84","y":"kGe5DgSIycKp8w9aJmo"})",
      R"(  {"use":"sig","kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7a"})",
  };
  for (std::string const& spelling : spellings) {
    EXPECT_NE(refusal_of(Algorithm::hs256, spelling).find("is a public key"), std::string::npos) << spelling;
    EXPECT_THROW((void)Key::hmac(Algorithm::hs256, spelling, auth::allow_short_secret),
                 std::invalid_argument);
  }
}

TEST(Key, SignsAsTheRfcDoes) {
  // RFC 4231 §4.7: test case 6 has the longest key, which is accepted for all three hashes.
  std::string const long_secret(131, '\xaa');
  std::string_view const message = "Test Using Larger Than Block-Size Key - Hash Key First";
  std::string const mac = Key::hmac(Algorithm::hs256, long_secret).sign(message);
  EXPECT_EQ(aerie::base64::encode(mac), "YOQxWR7gtn8Niiaqy/W3f44LxiE3KMUUBUYEDw7jf1Q=");
}

TEST(Key, VerifiesOnlyTheExactSignature) {
  for (Algorithm const algorithm : {Algorithm::hs256, Algorithm::hs384, Algorithm::hs512}) {
    Key const key = Key::hmac(algorithm, secret);
    std::string const signature = key.sign("message");
    EXPECT_TRUE(key.verify("message", signature));
    EXPECT_FALSE(key.verify("massage", signature));
    EXPECT_FALSE(key.verify("message", ""));
    EXPECT_FALSE(key.verify("message", signature.substr(1)));
    EXPECT_FALSE(key.verify("message", signature + "x"));
    for (std::size_t i = 0; i < signature.size(); ++i) {
      std::string flipped = signature;
      flipped[i] = static_cast<char>(flipped[i] ^ 1);
      EXPECT_FALSE(key.verify("message", flipped));
    }
  }
}

TEST(KeySet, FindsKeysByTheirExactId) {
  Key const key = Key::hmac(Algorithm::hs256, secret);
  auth::KeySet keys;
  EXPECT_EQ(keys.find(std::nullopt), nullptr);
  keys.add("2024-01", key);
  EXPECT_NE(keys.find("2024-01"), nullptr);
  EXPECT_NE(keys.find(std::nullopt), nullptr);
  EXPECT_EQ(keys.find("2024"), nullptr);
  EXPECT_EQ(keys.find(""), nullptr);
  keys.add("2024-02", key);
  EXPECT_EQ(keys.find(std::nullopt), nullptr);
  EXPECT_THROW(keys.add("2024-01", key), std::invalid_argument);
}

}  // namespace
