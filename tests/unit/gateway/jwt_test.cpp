#include "unit/gateway/application_fixture.hpp"

#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/jwt.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace jwt_cases {

using namespace std::chrono_literals;
using aerie::JwtGuard;
using aerie::JwtModule;
using aerie::JwtOptions;
using aerie::JwtService;
using aerie::TokenException;
using aerie::Value;
using aerie::auth::Algorithm;
using aerie::auth::Key;
using aerie::auth::TokenError;
using aerie::test::ServerOnAClock;
using aerie::test::WebSocketClient;
using Strings = std::vector<std::string>;

Key const& key() {
  static Key const value = Key::hmac(Algorithm::hs256, std::string(32, 'k'));
  return value;
}

struct User {
  std::int64_t id = 0;

  static void describe(aerie::Schema<User>& s) { s.field<&User::id>("userId").minimum(1); }
  static User const& extract(aerie::ExecutionContext& context) { return context.get<User>(); }
};

// --- The service by itself

class JwtServiceTest : public ::testing::Test {
 protected:
  JwtService make(JwtOptions options) const { return JwtService(options, clock, log); }

  aerie::core::ManualClock clock;
  aerie::Logger log{aerie::LogLevel::off, {}};
};

std::optional<TokenError> reason_of(JwtService const& jwt, std::string_view token) {
  try {
    (void)jwt.verify_as<User>(token);
    return std::nullopt;
  } catch (TokenException const& error) {
    return error.reason();
  }
}

TEST_F(JwtServiceTest, SignsAndVerifiesTypedClaims) {
  auto const jwt = make({.key = key(), .sign = {.expires_in = 60s}});
  auto const token = jwt.sign(User{7});
  EXPECT_EQ(jwt.verify_as<User>(token).id, 7);
  EXPECT_EQ(jwt.verify(token).claims()["userId"], Value(7));
  EXPECT_EQ(jwt.decode(token).claims()["userId"], Value(7));
  clock.advance(60s);
  EXPECT_EQ(reason_of(jwt, token), TokenError::expired);
  EXPECT_TRUE(jwt.decode(token).ok());
}

TEST_F(JwtServiceTest, CompletesTheOptionsOfACallWithItsOwn) {
  auto const jwt = make({.key = key(),
                         .sign = {.expires_in = 60s, .issuer = "aerie", .audience = "chat"},
                         .verify = {.audiences = {"chat"}, .issuer = "aerie"}});
  auto const token = jwt.verify(jwt.sign(User{1}, {.expires_in = 3600s, .subject = "ada"}));
  ASSERT_TRUE(token);
  EXPECT_EQ(token.claims()["iss"], Value("aerie"));
  EXPECT_EQ(token.claims()["sub"], Value("ada"));
  EXPECT_EQ(token.claims()["exp"].as_double() - token.claims()["iat"].as_double(), 3600);
  auto const other = jwt.sign(User{1}, {.audience = "admin"});
  EXPECT_EQ(reason_of(jwt, other), TokenError::wrong_audience);
  EXPECT_TRUE(jwt.verify(other, {.audiences = {"admin"}}));
}

TEST_F(JwtServiceTest, RefusesClaimsThatDoNotFitTheirType) {
  auto const jwt = make({.key = key(), .sign = {.expires_in = 60s}});
  for (auto const& claims :
       {Value::object(), Value::object({{"userId", "7"}}), Value::object({{"userId", 0}}),
        Value::object({{"userId", nullptr}}), Value::object({{"userId", 1.5}})}) {
    EXPECT_EQ(reason_of(jwt, jwt.sign(claims)), TokenError::bad_claim) << aerie::json::stringify(claims);
  }
}

TEST_F(JwtServiceTest, TellsClientsOneOfThreeCodes) {
  EXPECT_EQ(TokenException(TokenError::missing).code(), "MISSING_TOKEN");
  EXPECT_EQ(TokenException(TokenError::expired).code(), "EXPIRED_TOKEN");
  for (auto const reason :
       {TokenError::too_long, TokenError::malformed, TokenError::wrong_algorithm, TokenError::unsupported,
        TokenError::unknown_key, TokenError::bad_signature, TokenError::bad_claim, TokenError::no_expiry,
        TokenError::not_active, TokenError::wrong_audience, TokenError::wrong_issuer,
        TokenError::wrong_subject, TokenError::revoked}) {
    EXPECT_EQ(TokenException(reason).error(), Value("INVALID_TOKEN")) << to_string(reason);
  }
}

TEST_F(JwtServiceTest, RotatesKeysByTheirIds) {
  auto const old_key = Key::hmac(Algorithm::hs256, std::string(32, 'o'));
  auto const before = make({.key = old_key, .sign = {.expires_in = 60s, .key_id = "old"}});
  aerie::auth::KeySet keys;
  keys.add("old", old_key);
  auto const after = make({.key = key(), .keys = keys, .sign = {.expires_in = 60s, .key_id = "new"}});
  EXPECT_TRUE(after.verify(before.sign(User{1})));
  EXPECT_TRUE(after.verify(after.sign(User{1})));
  EXPECT_EQ(reason_of(after, after.sign(User{1}, {.key_id = "old"})), TokenError::bad_signature);
  EXPECT_EQ(reason_of(after, after.sign(User{1}, {.key_id = "../../dev/null"})), TokenError::unknown_key);
  auto const verifier = make({.keys = keys});
  EXPECT_TRUE(verifier.verify(before.sign(User{1})));
  EXPECT_THROW((void)verifier.sign(User{1}), std::logic_error);
}

TEST_F(JwtServiceTest, RefusesOptionsThatCannotWork) {
  aerie::auth::KeySet keys;
  keys.add("old", key());
  EXPECT_THROW((void)make({}), aerie::gateway::StartError);
  EXPECT_THROW((void)make({.key = key(), .keys = keys}), aerie::gateway::StartError);
}

// --- The guard

class Desk {
 public:
  static void describe(aerie::Gateway<Desk>& g) {
    g.at("/desk");
    g.protect<JwtGuard<User>>();
    g.on<&Desk::whoami>();
  }
  std::int64_t whoami(User const& me) { return me.id; }
};

class Bell {
 public:
  static void describe(aerie::Gateway<Bell>& g) { g.on<&Bell::ring>().use<JwtGuard<User>>(); }
  std::int64_t ring(User const& me) { return me.id; }
};

class Door {
 public:
  static void describe(aerie::Controller<Door>& c) { c.get<&Door::name>("door").use<JwtGuard<User>>(); }
  std::int64_t name(User const& me) { return me.id; }
};

JwtOptions usual() {
  return {.key = key(), .sign = {.expires_in = 60s}};
}
JwtOptions with_query() {
  return {.key = key(), .sign = {.expires_in = 60s}, .token_in_query = true};
}
JwtOptions with_grace() {
  return {.key = key(), .sign = {.expires_in = 60s}, .session_grace = 25s};
}

JwtOptions with_cookie() {
  return {.key = key(), .sign = {.expires_in = 60s}, .cookie = "session"};
}

struct Signer {
  explicit Signer(JwtService const& service) : jwt(service) {}
  JwtService const& jwt;
};

template <JwtOptions (*options)()>
struct GuardedModule {
  static void describe(aerie::Module& m) {
    m.imports(JwtModule::for_root(options())).template provides<Signer>();
    m.template gateways<Desk, Bell>().template controllers<Door>();
  }
};

template <JwtOptions (*options)() = &usual>
class Guarded : public aerie::test::ApplicationOnAClock<GuardedModule<options>> {
 public:
  Guarded() { this->app.init(); }
  std::string token(std::int64_t user = 7) { return this->app.template get<Signer>().jwt.sign(User{user}); }
};

std::string text_of(Strings const& messages) {
  std::string all;
  for (auto const& message : messages)
    all += (all.empty() ? "" : " ") + message;
  return all;
}

/// What the server answers to a CONNECT with this `auth`.
template <class World>
std::string connect(World& server, std::string const& auth, std::string const& query = "",
                    std::string const& headers = "") {
  WebSocketClient client(server, "/socket.io/?EIO=4&transport=websocket" + query, headers);
  client.take();
  client.send("40/desk," + auth);
  auto reply = text_of(client.take());
  return reply.starts_with("40/desk,{\"sid\":") ? "in" : reply;
}

std::string auth_of(std::string const& token) {
  return R"({"token":")" + token + R"("})";
}

std::string refusal(std::string const& code) {
  return R"(44/desk,{"message":")" + code + R"(","data":{"code":")" + code + R"("}})";
}

TEST(JwtGuard, LetsConnectOnlyWithAValidToken) {
  Guarded server;
  auto const token = server.token();
  EXPECT_EQ(connect(server, auth_of(token)), "in");
  EXPECT_EQ(connect(server, ""), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, "{}"), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, auth_of("")), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, R"({"token":null})"), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, auth_of("x")), refusal("INVALID_TOKEN"));
  EXPECT_EQ(connect(server, auth_of(token + "x")), refusal("INVALID_TOKEN"));
  server.advance(60s);
  EXPECT_EQ(connect(server, auth_of(token)), refusal("EXPIRED_TOKEN"));
}

TEST(JwtGuard, RefusesTokensThatAreNoText) {
  Guarded server;
  for (auto const* const token : {"{}", "1", "[]", "true", R"(["x"])", R"({"length":5})"}) {
    EXPECT_EQ(connect(server, std::string(R"({"token":)") + token + "}"), refusal("INVALID_TOKEN")) << token;
  }
}

TEST(JwtGuard, TakesTheTokenOfAuthThenTheQueryThenTheHeader) {
  Guarded<&with_query> server;
  auto const token = server.token();
  auto const in_query = "&token=" + token;
  auto const in_header = "Authorization: Bearer " + token + "\r\n";
  EXPECT_EQ(connect(server, "", in_query), "in");
  EXPECT_EQ(connect(server, "", "", in_header), "in");
  EXPECT_EQ(connect(server, "", "", "authorization: bEARER  " + token + "\r\n"), "in");
  EXPECT_EQ(connect(server, auth_of(""), in_query), "in");
  EXPECT_EQ(connect(server, auth_of("x"), in_query, in_header), refusal("INVALID_TOKEN"));
  EXPECT_EQ(connect(server, "", "&token=x", in_header), refusal("INVALID_TOKEN"));
  EXPECT_EQ(connect(server, auth_of(token), "&token=x", "Authorization: Bearer x\r\n"), "in");
  EXPECT_EQ(connect(server, "", "", "Authorization: Basic " + token + "\r\n"), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, "", "", "Authorization: Bearer \r\n"), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, "", "", "Authorization: Bearer" + token + "\r\n"), refusal("MISSING_TOKEN"));
}

TEST(JwtGuard, ReadsTheQueryOnlyIfThatIsAllowed) {
  Guarded server;
  EXPECT_EQ(connect(server, "", "&token=" + server.token()), refusal("MISSING_TOKEN"));
}

TEST(JwtGuard, TakesTheTokenOfACookieLastAndOnlyIfThatIsAllowed) {
  Guarded<&with_cookie> server;
  auto const token = server.token(5);
  auto const in_cookie = "Cookie: a=1; session=" + token + "; b=2\r\n";
  EXPECT_EQ(connect(server, "", "", in_cookie), "in");
  EXPECT_EQ(connect(server, "", "", "Cookie: a=1\r\nCookie: session=" + token + "\r\n"), "in");
  EXPECT_EQ(connect(server, "", "", "Cookie: other=" + token + "\r\n"), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, "", "", "Cookie: session=\r\n"), refusal("MISSING_TOKEN"));
  EXPECT_EQ(connect(server, "", "", "Cookie: session=x\r\n"), refusal("INVALID_TOKEN"));
  EXPECT_EQ(connect(server, auth_of("x"), "", in_cookie), refusal("INVALID_TOKEN"));
  EXPECT_EQ(connect(server, "", "", "Authorization: Bearer x\r\n" + in_cookie), refusal("INVALID_TOKEN"));
  EXPECT_EQ(server.get("/door", in_cookie).body, "5");
  EXPECT_EQ(server.get("/door", "Cookie: a=1\r\n").status, 401);
  Guarded other;
  EXPECT_EQ(connect(other, "", "", "Cookie: session=" + other.token() + "\r\n"), refusal("MISSING_TOKEN"));
}

TEST(JwtGuard, KeepsTheClaimsUntilTheTokenExpires) {
  Guarded server;
  WebSocketClient client(server, "/socket.io/?EIO=4&transport=websocket");
  client.send("40/desk," + auth_of(server.token(42)));
  client.take();
  client.send(R"(42/desk,1["whoami"])");
  EXPECT_EQ(text_of(client.take()), "43/desk,1[42]");
  server.advance(59s);
  client.take();
  client.send(R"(42/desk,2["whoami"])");
  EXPECT_EQ(text_of(client.take()), "43/desk,2[42]");
  server.advance(1s);
  client.send(R"(42/desk,3["whoami"])");
  EXPECT_EQ(
      text_of(client.take()),
      R"(42/desk,["exception",{"status":"error","message":"EXPIRED_TOKEN","cause":{"pattern":"whoami"}}])");
}

TEST(JwtGuard, GuardsSingleMessages) {
  Guarded server;
  WebSocketClient stranger(server, "/socket.io/?EIO=4&transport=websocket");
  stranger.send("40");
  stranger.take();
  stranger.send(R"(421["ring"])");
  EXPECT_EQ(text_of(stranger.take()),
            R"(42["exception",{"status":"error","message":"MISSING_TOKEN","cause":{"pattern":"ring"}}])");
  WebSocketClient user(server, "/socket.io/?EIO=4&transport=websocket");
  user.send("40" + auth_of(server.token(3)));
  user.take();
  user.send(R"(421["ring"])");
  EXPECT_EQ(text_of(user.take()), "431[3]");
}

TEST(JwtGuard, ClosesASessionSomeTimeAfterItsTokenHasExpired) {
  Guarded<&with_grace> server;
  WebSocketClient client(server, "/socket.io/?EIO=4&transport=websocket");
  client.send("40/desk," + auth_of(server.token()));
  client.take();
  for (int second = 0; second < 84; ++second) {
    server.advance(1s);
    for (auto const& message : client.take()) {
      ASSERT_EQ(message, "2") << second;
      client.send("3");
    }
  }
  server.advance(1s);
  EXPECT_EQ(text_of(client.take()), "41/desk,");
}

TEST(JwtGuard, LeavesTokensAndTheirFaultsToNobodyButTheLog) {
  Guarded server;
  std::string const token = "abc.def.ghi";
  EXPECT_EQ(connect(server, auth_of(token)), refusal("INVALID_TOKEN"));
  EXPECT_FALSE(server.logged(token));
  EXPECT_FALSE(server.logged("malformed")) << "only at the level debug";
}

TEST(JwtGuard, AnswersRequestsWithoutAValidTokenWith401) {
  Guarded server;
  auto const body_of = [&](std::string const& headers) {
    auto const answer = server.get("/door", headers);
    return std::to_string(answer.status) + " " + answer.body;
  };
  auto const refusal_of = [](std::string const& code) {
    return R"(401 {"message":")" + code + R"(","error":"Unauthorized","statusCode":401})";
  };
  EXPECT_EQ(body_of("Authorization: Bearer " + server.token(5) + "\r\n"), "200 5");
  EXPECT_EQ(body_of(""), refusal_of("MISSING_TOKEN"));
  EXPECT_EQ(body_of("Authorization: Bearer x\r\n"), refusal_of("INVALID_TOKEN"));
  auto const token = server.token();
  server.advance(60s);
  EXPECT_EQ(body_of("Authorization: Bearer " + token + "\r\n"), refusal_of("EXPIRED_TOKEN"));
}

// --- The module

struct Settings {
  std::string secret = "short";
  bool allow_short = false;
};

struct SettingsModule {
  static void describe(aerie::Module& m) { m.provides<Settings>().exports<Settings>().global(); }
};
struct LaxSettingsModule {
  static void describe(aerie::Module& m) {
    m.provides_value(Settings{"short", true}).exports<Settings>().global();
  }
};

template <class Source>
struct ConfiguredApp {
  static void describe(aerie::Module& m) {
    m.template imports<Source>();
    m.imports(JwtModule::for_root([](Settings const& settings) {
      return JwtOptions{.key = settings.allow_short ? Key::hmac(Algorithm::hs256, settings.secret,
                                                                aerie::auth::allow_short_secret)
                                                    : Key::hmac(Algorithm::hs256, settings.secret)};
    }));
  }
};

TEST(JwtModule, DoesNotStartWithAShortSecretUnlessThatIsAllowedByName) {
  ServerOnAClock world;
  try {
    (void)aerie::Application::create<ConfiguredApp<SettingsModule>>(world.runtime);
    FAIL() << "started";
  } catch (aerie::gateway::StartError const& error) {
    EXPECT_STREQ(
        error.what(),
        "aerie: the secret for HS256 has 5 bytes and needs at least 32; take longer random bytes, or "
        "pass aerie::auth::allow_short_secret");
  }
  auto app = aerie::Application::create<ConfiguredApp<LaxSettingsModule>>(world.runtime);
  EXPECT_EQ(app.get<JwtService>().sign(User{1}).substr(0, 3), "eyJ");
}

}  // namespace jwt_cases
