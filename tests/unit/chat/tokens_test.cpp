#include "auth/tokens.hpp"

#include "errors.hpp"

#include <gtest/gtest.h>

namespace chat::test { namespace {

using namespace std::chrono_literals;

constexpr std::string_view secret = "a secret of 32 bytes or more, for tests";

class TokensTest : public ::testing::Test {
 public:
  Tokens tokens_with(std::string_view key, std::string store) const {
    return {key, std::move(store), 60s, clock};
  }
  static std::string code_of(Tokens const& tokens, std::string_view token) {
    try {
      tokens.verify(token);
    } catch (ChatError const& error) {
      return std::string(to_string(error.code()));
    }
    return {};
  }

  aerie::core::ManualClock clock;
  Tokens tokens{secret, "store", 60s, clock};
  User const ann{7, "Ann 🙂"};
};

TEST_F(TokensTest, ATokenTellsWhoItIsAndUntilWhen) {
  auto const issued = tokens.issue(ann);
  EXPECT_EQ(issued.expires_at, clock.wall() + 60s);
  auto const identity = tokens.verify(issued.token);
  EXPECT_EQ(identity.user, ann);
  EXPECT_EQ(identity.expires_at, issued.expires_at);
}

TEST_F(TokensTest, ATokenIsGoodUntilItsLastMillisecond) {
  auto const token = tokens.issue(ann).token;
  clock.advance(59'999ms);
  EXPECT_EQ(code_of(tokens, token), "");
  clock.advance(1ms);
  EXPECT_EQ(code_of(tokens, token), "EXPIRED_TOKEN");
}

TEST_F(TokensTest, NoTokenIsMissing) {
  EXPECT_EQ(code_of(tokens, ""), "MISSING_TOKEN");
}

TEST_F(TokensTest, RefusesWhatItHasNotIssued) {
  auto const token = tokens.issue(ann).token;
  auto const key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256, secret);
  auto const signed_by_us = [&](aerie::Value const& claims) {
    return aerie::auth::sign(key, claims, {}, clock.wall());
  };
  auto const exp =
      std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count() + 60;

  std::pair<char const*, std::string> const cases[] = {
      {"no token at all", "nonsense"},
      {"a changed signature", token.substr(0, token.size() - 2) + (token.ends_with("AA") ? "BB" : "AA")},
      {"another secret", tokens_with("another secret of 32 bytes or more!!", "store").issue(ann).token},
      {"another database", tokens_with(secret, "other").issue(ann).token},
      {"no algorithm", "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."},
      {"without expiry", signed_by_us(aerie::Value::object(
                             {{"iss", "aerie-chat"}, {"aud", "store"}, {"sub", "7"}, {"nickname", "Ann"}}))},
      {"a subject that is no id", signed_by_us(aerie::Value::object({{"iss", "aerie-chat"},
                                                                     {"aud", "store"},
                                                                     {"sub", "7; DROP"},
                                                                     {"nickname", "Ann"},
                                                                     {"exp", exp}}))},
      {"without a nickname", signed_by_us(aerie::Value::object(
                                 {{"iss", "aerie-chat"}, {"aud", "store"}, {"sub", "7"}, {"exp", exp}}))},
  };
  for (auto const& [what, text] : cases)
    EXPECT_EQ(code_of(tokens, text), "INVALID_TOKEN") << what;
}

}}  // namespace chat::test
