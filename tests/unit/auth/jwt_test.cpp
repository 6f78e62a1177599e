#include <aerie/auth/jwt.hpp>
#include <aerie/core/base64.hpp>
#include <aerie/schema/codec.hpp>

#include <gtest/gtest.h>

#include <stdexcept>

namespace auth = aerie::auth;
namespace base64 = aerie::base64;
using aerie::Value;
using auth::Algorithm;
using auth::Key;
using auth::TokenError;
using std::chrono::seconds;

namespace {

constexpr auth::WallClock::time_point now(seconds(1'700'000'000));
constexpr std::string_view good_header = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view good_claims = R"({"sub":"ada","exp":1700000060})";

Key const& key() {
  static Key const value = Key::hmac(Algorithm::hs256, std::string(32, 'k'));
  return value;
}

// A correctly signed token with any header and claims.
std::string token_of(std::string_view header, std::string_view claims, Key const& signer = key()) {
  std::string const text = base64::encode_url(header) + "." + base64::encode_url(claims);
  return text + "." + base64::encode_url(signer.sign(text));
}

std::string to_text(auth::TokenResult const& result) {
  return std::string(result.ok() ? "accepted" : to_string(result.error()));
}

std::string verdict_of(std::string_view token, auth::VerifyOptions const& options = {}) {
  return to_text(auth::verify(token, key(), options, now));
}

std::string claims_verdict(std::string_view claims, auth::VerifyOptions const& options = {}) {
  return verdict_of(token_of(good_header, claims), options);
}

std::string header_verdict(std::string_view header) {
  return verdict_of(token_of(header, good_claims));
}

std::string text_of(TokenError error) {
  return std::string(to_string(error));
}

struct User {
  std::string name;
  std::vector<std::string> roles;

  static void describe(aerie::Schema<User>& s) {
    s.field<&User::name>();
    s.field<&User::roles>();
  }
};

TEST(Jwt, SignsWhatItVerifies) {
  User const user{.name = "ada", .roles = {"admin"}};
  std::string const token =
      auth::sign(key(), user, {.expires_in = seconds(60), .issuer = "aerie", .audience = "chat"}, now);
  auto const result = auth::verify(token, key(), {.audiences = {"chat"}, .issuer = "aerie"}, now);
  ASSERT_TRUE(result.ok()) << to_text(result);
  EXPECT_EQ(result.claims(), Value::object({{"name", "ada"},
                                            {"roles", Value::array({"admin"})},
                                            {"iat", 1'700'000'000},
                                            {"exp", 1'700'000'060},
                                            {"iss", "aerie"},
                                            {"aud", "chat"}}));
  EXPECT_EQ(result.header(), Value::object({{"alg", "HS256"}, {"typ", "JWT"}}));
  User back;
  ASSERT_TRUE(aerie::from_value(result.claims(), back).ok());
  EXPECT_EQ(back.name, "ada");
}

TEST(Jwt, AcceptsATokenOfAnotherImplementation) {
  // Made with npm's jsonwebtoken: sign({sub: "ada", exp: 1700000060}, "k" x 32, {noTimestamp: true}).
  constexpr std::string_view token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJleHAiOjE3MDAwMDAwNjB9.lHr96A_TThSZ-D_"
      "nwsWxbycXpyqtXRXSG6u6YDNVDKY";
  EXPECT_EQ(verdict_of(token), "accepted");
  EXPECT_EQ(token_of(good_header, good_claims), token);
}

TEST(Jwt, RefusesToSignWhatIsAmbiguous) {
  EXPECT_THROW((void)auth::sign(key(), "text"), std::invalid_argument);
  EXPECT_THROW((void)auth::sign(key(), Value::object({{"exp", 1}}), {.expires_in = seconds(1)}),
               std::invalid_argument);
  EXPECT_THROW((void)auth::sign(key(), Value::object({{"iss", "x"}}), {.issuer = "y"}),
               std::invalid_argument);
}

TEST(Jwt, KeepsAnIatOfTheClaims) {
  std::string const token = auth::sign(key(), Value::object({{"iat", 5}}), {}, now);
  EXPECT_EQ(auth::decode_unverified(token).claims()["iat"], Value(5));
  std::string const bare = auth::sign(key(), Value::object(), {.issued_at = false}, now);
  EXPECT_EQ(auth::decode_unverified(bare).claims(), Value::object());
}

TEST(Jwt, RefusesWhatIsNotThreePartsOfBase64Url) {
  std::string const good = token_of(good_header, good_claims);
  ASSERT_EQ(verdict_of(good), "accepted");
  std::string const signature = good.substr(good.rfind('.') + 1);
  std::string const head = good.substr(0, good.find('.'));
  std::string const refused[] = {
      ".",
      "..",
      "...",
      head,
      good.substr(0, good.rfind('.')),
      good + ".",
      good + "." + signature,
      good + "." + signature + "." + signature,
      "." + good,
      good + "=",
      good + " ",
      " " + good,
      good + "\n",
      "Bearer " + good,
      head + "=" + good.substr(head.size()),
      head.substr(0, 4) + "+" + good.substr(5),
      head.substr(0, 4) + "/" + good.substr(5),
      head.substr(0, 4) + "\n" + good.substr(4),
      std::string("\0.\0.\0", 5),
  };
  for (std::string const& token : refused)
    EXPECT_EQ(verdict_of(token), text_of(TokenError::malformed)) << token;
}

TEST(Jwt, RefusesNoTokenAndTooLongOnes) {
  EXPECT_EQ(verdict_of(""), text_of(TokenError::missing));
  std::string const padding(6 * 1024, 'x');
  EXPECT_EQ(
      verdict_of(token_of(good_header, R"({"exp":1700000060,"pad":")" + padding.substr(0, 5900) + R"("})")),
      "accepted");
  EXPECT_EQ(verdict_of(token_of(good_header, R"({"exp":1700000060,"pad":")" + padding + R"("})")),
            text_of(TokenError::too_long));
  EXPECT_EQ(verdict_of(std::string(1 << 20, 'a')), text_of(TokenError::too_long));
}

TEST(Jwt, RefusesASpellingOfTheSignatureThatIsNotCanonical) {
  std::string token = token_of(good_header, good_claims);
  // 32 bytes leave two unused bits in the last of 43 characters: the next character has the same bytes.
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  token.back() = alphabet[alphabet.find(token.back()) + 1];
  EXPECT_EQ(verdict_of(token), text_of(TokenError::malformed));
}

TEST(Jwt, RefusesHeadersThatAreNoObjectOrAmbiguous) {
  constexpr std::string_view headers[] = {
      "",
      "x",
      "[]",
      R"("HS256")",
      "null",
      R"({"alg":"HS256")",
      R"({"alg":"HS256"} x)",
      R"({"alg":"HS256","alg":"HS256"})",
      R"({"alg":"none","\u0061lg":"HS256"})",
      "{\"alg\":\"HS256\",\"x\":\"\xff\"}",
  };
  for (std::string_view const header : headers) {
    EXPECT_EQ(header_verdict(header), text_of(TokenError::malformed)) << header;
  }
}

TEST(Jwt, TakesTheAlgorithmFromTheKeyAlone) {
  constexpr std::string_view headers[] = {
      "{}",
      R"({"typ":"JWT"})",
      R"({"alg":null})",
      R"({"alg":1})",
      R"({"alg":["HS256"]})",
      R"({"alg":""})",
      R"({"alg":"none"})",
      R"({"alg":"None"})",
      R"({"alg":"NONE"})",
      R"({"alg":"nOnE"})",
      R"({"alg":"hs256"})",
      R"({"alg":"HS256 "})",
      R"({"alg":"HS384"})",
      R"({"alg":"RS256"})",
      R"({"alg":"ES256"})",
  };
  for (std::string_view const header : headers) {
    std::string const token = token_of(header, good_claims);
    EXPECT_EQ(verdict_of(token), text_of(TokenError::wrong_algorithm)) << header;
    EXPECT_EQ(verdict_of(token.substr(0, token.rfind('.') + 1)), text_of(TokenError::wrong_algorithm))
        << header;
  }
  Key const other = Key::hmac(Algorithm::hs512, std::string(64, 'k'));
  EXPECT_EQ(verdict_of(auth::sign(other, Value::object(), {.expires_in = seconds(1)}, now)),
            text_of(TokenError::wrong_algorithm));
}

TEST(Jwt, RefusesExtensionsItDoesNotKnow) {
  constexpr std::string_view headers[] = {
      R"({"alg":"HS256","crit":["exp"],"exp":1})",
      R"({"alg":"HS256","crit":[]})",
      R"({"alg":"HS256","crit":null})",
      R"({"alg":"HS256","b64":false,"crit":["b64"]})",
      R"({"alg":"HS256","b64":false})",
      R"({"alg":"HS256","zip":"DEF"})",
  };
  for (std::string_view const header : headers) {
    EXPECT_EQ(header_verdict(header), text_of(TokenError::unsupported)) << header;
  }
}

TEST(Jwt, IgnoresKeysThatATokenBringsAlong) {
  constexpr std::string_view headers[] = {
      R"({"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}})",
      R"({"alg":"HS256","jku":"https://attacker.example/keys"})",
      R"({"alg":"HS256","x5u":"https://attacker.example/cert"})",
      R"({"alg":"HS256","x5c":["MIIB"]})",
      R"({"alg":"HS256","kid":"../../dev/null"})",
  };
  Key const attacker = Key::hmac(Algorithm::hs256, std::string(32, 'a'));
  for (std::string_view const header : headers) {
    EXPECT_EQ(header_verdict(header), "accepted") << header;
    EXPECT_EQ(verdict_of(token_of(header, good_claims, attacker)), text_of(TokenError::bad_signature))
        << header;
  }
}

TEST(Jwt, RefusesEveryChangeOfATokenThatWasSigned) {
  std::string const good = token_of(good_header, good_claims);
  std::size_t const dot = good.rfind('.');
  EXPECT_EQ(verdict_of(good.substr(0, dot + 1)), text_of(TokenError::bad_signature));
  EXPECT_EQ(verdict_of(good.substr(0, dot + 5)), text_of(TokenError::bad_signature));
  EXPECT_EQ(verdict_of(good + "AAAA"), text_of(TokenError::bad_signature));
  std::string const other = token_of(good_header, R"({"sub":"eve","exp":1700000060})");
  EXPECT_EQ(verdict_of(other.substr(0, other.rfind('.')) + good.substr(dot)),
            text_of(TokenError::bad_signature));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string changed = good;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict_of(changed), "accepted") << i;
  }
}

struct TimeCase {
  std::string_view claims;
  std::string_view expected;
};

TEST(Jwt, JudgesTimes) {
  std::string const expired = text_of(TokenError::expired);
  std::string const not_active = text_of(TokenError::not_active);
  std::string const bad_claim = text_of(TokenError::bad_claim);
  TimeCase const cases[] = {
      {R"({"exp":1700000001})", "accepted"},
      {R"({"exp":1700000000})", expired},
      {R"({"exp":1699999999})", expired},
      {R"({"exp":1700000000.5})", "accepted"},
      {R"({"exp":-1})", expired},
      {R"({"exp":0})", expired},
      {R"({"exp":1e308})", "accepted"},
      {R"({"exp":1e400})", bad_claim},
      {R"({"exp":"1700000060"})", bad_claim},
      {R"({"exp":null})", bad_claim},
      {R"({"exp":[1700000060]})", bad_claim},
      {R"({"exp":true})", bad_claim},
      {R"({"exp":1700000060,"nbf":1700000000})", "accepted"},
      {R"({"exp":1700000060,"nbf":1700000001})", not_active},
      {R"({"exp":1700000060,"nbf":"0"})", bad_claim},
      {R"({"exp":1700000060,"iat":1700000060})", "accepted"},
      {R"({"exp":1700009999,"iat":1700000061})", not_active},
      {R"({"exp":1700000060,"iat":"now"})", bad_claim},
      {R"({"exp":1700000060,"iat":-1e400})", bad_claim},
  };
  for (auto const& [claims, expected] : cases)
    EXPECT_EQ(claims_verdict(claims), expected) << claims;
}

TEST(Jwt, RequiresAnExpiryUnlessToldOtherwise) {
  EXPECT_EQ(claims_verdict("{}"), text_of(TokenError::no_expiry));
  EXPECT_EQ(claims_verdict("{}", {.require_expiry = false}), "accepted");
}

TEST(Jwt, GrantsTheLeewayAndNotASecondMore) {
  auth::VerifyOptions const options{.leeway = seconds(10)};
  EXPECT_EQ(claims_verdict(R"({"exp":1699999991})", options), "accepted");
  EXPECT_EQ(claims_verdict(R"({"exp":1699999990})", options), text_of(TokenError::expired));
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060,"nbf":1700000010})", options), "accepted");
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060,"nbf":1700000011})", options),
            text_of(TokenError::not_active));
}

struct PartyCase {
  std::string_view claim;
  bool is_accepted;
};

TEST(Jwt, ChecksTheAudience) {
  constexpr PartyCase cases[] = {
      {R"("aud":"chat")", true},          {R"("aud":["x","chat"])", true},
      {R"("aud":"admin")", true},         {R"("aud":"x")", false},
      {R"("aud":["x","y"])", false},      {R"("aud":[])", false},
      {R"("aud":["x",["chat"]])", false}, {R"("aud":null)", false},
      {R"("aud":{"chat":1})", false},     {R"("other":"chat")", false},
      {R"("aud":"chatx")", false},
  };
  auth::VerifyOptions const options{.audiences = {"chat", "admin"}};
  for (auto const& [claim, is_accepted] : cases) {
    std::string const claims = R"({"exp":1700000060,)" + std::string(claim) + "}";
    EXPECT_EQ(claims_verdict(claims, options), is_accepted ? "accepted" : text_of(TokenError::wrong_audience))
        << claim;
    EXPECT_EQ(claims_verdict(claims), "accepted") << claim;
  }
}

TEST(Jwt, ChecksIssuerAndSubject) {
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060,"iss":"a"})", {.issuer = "a"}), "accepted");
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060,"iss":"b"})", {.issuer = "a"}),
            text_of(TokenError::wrong_issuer));
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060,"iss":["a"]})", {.issuer = "a"}),
            text_of(TokenError::wrong_issuer));
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060})", {.issuer = "a"}), text_of(TokenError::wrong_issuer));
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060,"sub":"a"})", {.subject = "a"}), "accepted");
  EXPECT_EQ(claims_verdict(R"({"exp":1700000060})", {.subject = "a"}), text_of(TokenError::wrong_subject));
}

TEST(Jwt, RefusesClaimsThatAreNoObjectOrAmbiguous) {
  constexpr std::string_view refused[] = {"", "[]", "1", R"({"exp":1700000060,"exp":1800000000})",
                                          "{\"a\":1"};
  for (std::string_view const claims : refused)
    EXPECT_EQ(claims_verdict(claims), text_of(TokenError::malformed)) << claims;
}

TEST(Jwt, SelectsTheKeyOfASetByItsIdAndNothingElse) {
  Key const other = Key::hmac(Algorithm::hs256, std::string(32, 'o'));
  auth::KeySet keys;
  keys.add("one", key()).add("two", other);
  auto const verdict = [&keys](std::string_view token) {
    return to_text(auth::verify(token, keys, {}, now));
  };
  auto const signed_by = [](Key const& signer, std::string id) {
    return auth::sign(signer, Value::object(), {.expires_in = seconds(1), .key_id = std::move(id)}, now);
  };
  EXPECT_EQ(verdict(signed_by(key(), "one")), "accepted");
  EXPECT_EQ(verdict(signed_by(other, "two")), "accepted");
  EXPECT_EQ(verdict(signed_by(other, "one")), text_of(TokenError::bad_signature));
  std::string const unknown[] = {
      "three",        "../../dev/null",        "/proc/sys/kernel/randomize_va_space",
      "x' OR '1'='1", std::string("one\0", 4), ""};
  for (std::string const& id : unknown)
    EXPECT_EQ(verdict(signed_by(key(), id)), text_of(TokenError::unknown_key)) << id;
  EXPECT_EQ(verdict(token_of(R"({"alg":"HS256","kid":1})", good_claims)), text_of(TokenError::malformed));
  EXPECT_EQ(verdict(signed_by(key(), std::string(1 << 20, 'k'))), text_of(TokenError::too_long));
}

TEST(Jwt, DecodesWithoutVerifying) {
  Key const stranger = Key::hmac(Algorithm::hs256, std::string(32, 'x'));
  auto const result = auth::decode_unverified(token_of(good_header, good_claims, stranger));
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result.claims()["sub"].as_string(), "ada");
  EXPECT_EQ(to_text(auth::decode_unverified("x")), text_of(TokenError::malformed));
}

TEST(Jwt, HasASentenceOfItsOwnForEachError) {
  std::set<std::string_view> sentences;
  auto const last = static_cast<int>(TokenError::revoked);
  for (int i = 0; i <= last; ++i) {
    auto const error = static_cast<TokenError>(i);
    EXPECT_TRUE(sentences.insert(to_string(error)).second) << to_string(error);
    EXPECT_EQ(to_code(error), error == TokenError::missing   ? "MISSING_TOKEN"
                              : error == TokenError::expired ? "EXPIRED_TOKEN"
                                                             : "INVALID_TOKEN");
  }
  EXPECT_TRUE(sentences.insert(to_string(static_cast<TokenError>(last + 1))).second) << "of none";
}

}  // namespace
