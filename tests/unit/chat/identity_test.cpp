#include "auth/identity.hpp"

#include <aerie/core/log.hpp>
#include <aerie/gateway/jwt.hpp>
#include <aerie/schema/json.hpp>

#include <gtest/gtest.h>

#include <string>

namespace chat::test { namespace {

using namespace std::chrono_literals;

class IdentityTest : public ::testing::Test {
 public:
  std::string code_of(aerie::Value const& claims) const {
    try {
      static_cast<void>(jwt.verify_as<Identity>(jwt.sign(claims)));
    } catch (aerie::TokenException const& error) {
      return std::string(error.code());
    }
    return {};
  }
  static aerie::Value claims(aerie::Value subject, aerie::Value nickname) {
    return aerie::Value::object({{"sub", std::move(subject)}, {"nickname", std::move(nickname)}});
  }

  aerie::core::ManualClock clock;
  aerie::Logger log{aerie::LogLevel::off, {}};
  aerie::JwtService jwt{{.key = aerie::auth::Key::hmac(aerie::auth::Algorithm::hs256,
                                                       "a secret of 32 bytes or more, for tests"),
                         .sign = {.expires_in = 60s}},
                        clock,
                        log};
};

TEST_F(IdentityTest, TellsWhoItIsAndUntilWhen) {
  auto const identity = jwt.verify_as<Identity>(jwt.sign(claims("7", "Ann 🙂")));
  EXPECT_EQ(identity.user(), (User{7, "Ann 🙂"}));
  EXPECT_EQ(identity.expires_at(), clock.wall() + 60s);
}

TEST_F(IdentityTest, IsOnlyMadeOfClaimsThatCanBe) {
  EXPECT_EQ(code_of(claims("9007199254740991", "Ann")), "");
  for (auto const& subject :
       {aerie::Value("7; DROP"), aerie::Value(""), aerie::Value("0"), aerie::Value("-1"),
        aerie::Value("99999999999999999999"), aerie::Value(7), aerie::Value()})
    EXPECT_EQ(code_of(claims(subject, "Ann")), "INVALID_TOKEN") << aerie::json::stringify(subject);
  for (auto const& nickname : {aerie::Value(""), aerie::Value(5), aerie::Value()})
    EXPECT_EQ(code_of(claims("7", nickname)), "INVALID_TOKEN") << aerie::json::stringify(nickname);
}

}}  // namespace chat::test
