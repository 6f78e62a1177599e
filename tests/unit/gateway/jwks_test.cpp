#include <aerie/core/runtime.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/http/server.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { namespace jwks_of_gateway_cases {

using namespace std::chrono_literals;
using auth::Algorithm;
using auth::Key;

/// The key pairs of the first two tests of RFC 8032 §7.1.
struct Pair {
  std::string_view private_key;
  std::string_view x;
};
constexpr Pair first{"MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
                     "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"};
constexpr Pair second{"MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7",
                      "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw"};

std::string token_of(Pair const& pair, std::string key_id, std::string subject = "ada") {
  auto const pem =
      "-----BEGIN PRIVATE KEY-----\n" + std::string(pair.private_key) + "\n-----END PRIVATE KEY-----\n";
  auto const key = Key::private_pem(Algorithm::eddsa, pem);
  auth::SignOptions options;
  options.subject = std::move(subject);
  options.key_id = std::move(key_id);
  // Tests are on a clock of their own.
  options.issued_at = false;
  return auth::sign(key, Value::object(), options);
}

std::string set_of(std::map<std::string, Pair> const& pairs) {
  Array keys;
  for (auto const& [id, pair] : pairs)
    keys.push_back(Value::object({{"kty", "OKP"}, {"crv", "Ed25519"}, {"kid", id}, {"x", pair.x}}));
  return json::stringify(Value::object({{"keys", std::move(keys)}}));
}

/// The server of identities.
struct Published {
  std::string text;
  core::Milliseconds takes{0};
  bool is_gone = false;
};
Published* published = nullptr;

Task<std::string> read_published() {
  if (published->takes.count() > 0) co_await sleep_for(published->takes);
  if (published->is_gone) throw std::runtime_error("nobody there");
  co_return published->text;
}

JwtOptions options_with(JwksOptions jwks) {
  JwtOptions options;
  options.verify.require_expiry = false;
  options.jwks = std::move(jwks);
  return options;
}

class DoorGateway {
 public:
  static void describe(Gateway<DoorGateway>& g) {
    g.protect<JwtGuard<>>();
    g.on<&DoorGateway::knock>();
  }

 private:
  std::string knock() { return "open"; }
};

struct DoorModule {
  static void describe(Module& m) {
    m.imports(JwtModule::for_root([] { return options_with({.read = &read_published}); }));
    m.gateways<DoorGateway>();
  }
};

class JwksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    published = &server;
    server.text = set_of({{"a", first}});
  }
  static std::string connected(testing::Application& app, std::string const& token) {
    auto client = app.connect("/", {{"token", token}});
    if (client.connected()) return "in";
    return client.connect_error() ? client.connect_error()->message : "waiting";
  }
  Published server;
};

TEST_F(JwksTest, ReadsKeysWithTheFirstTokenAndKeepsThem) {
  auto app = testing::create<DoorModule>().start();
  server.takes = 1s;
  auto waits = app.connect("/", {{"token", token_of(first, "a")}});
  EXPECT_FALSE(waits.connected());
  EXPECT_FALSE(waits.connect_error());
  app.advance(1s);
  EXPECT_TRUE(waits.connected());
  EXPECT_EQ(waits.emit_with_ack("knock"), Value("open"));
  // Known from here on.
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
  EXPECT_EQ(connected(app, token_of(second, "a")), "INVALID_TOKEN");
}

TEST_F(JwksTest, ReadsThemAgainForAKeyThatItDoesNotKnowButNotTooOften) {
  auto app = testing::create<DoorModule>().start();
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
  server.text = set_of({{"a", first}, {"b", second}});
  EXPECT_EQ(connected(app, token_of(second, "b")), "INVALID_TOKEN") << "they were read a moment ago";
  app.advance(30s);
  EXPECT_EQ(connected(app, token_of(second, "b")), "in");
  // However many invent keys, nobody is asked before the pause is over.
  server.is_gone = true;
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(connected(app, token_of(second, "c" + std::to_string(i))), "INVALID_TOKEN");
  EXPECT_FALSE(app.has_logged("nobody there"));
  app.advance(30s);
  EXPECT_EQ(connected(app, token_of(second, "c")), "INVALID_TOKEN");
  EXPECT_TRUE(app.has_logged("the keys of the application cannot be read: nobody there"));
}

TEST_F(JwksTest, KeepsKeysForAWhileThatCannotBeReadAgain) {
  auto app = testing::create<DoorModule>().start();
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
  server.is_gone = true;
  app.advance(23h);
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
  app.advance(1h);
  EXPECT_EQ(connected(app, token_of(first, "a")), "INVALID_TOKEN");
  server.is_gone = false;
  app.advance(30s);
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
}

TEST_F(JwksTest, ForgetsKeysThatAreNotPublishedAnyMore) {
  auto app = testing::create<DoorModule>().start();
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
  server.text = set_of({{"b", second}});
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
  app.advance(10min);
  EXPECT_EQ(connected(app, token_of(first, "a")), "INVALID_TOKEN");
}

TEST_F(JwksTest, GivesUpAReadingThatTakesTooLong) {
  auto app = testing::create<DoorModule>().start();
  server.takes = 1h;
  auto client = app.connect("/", {{"token", token_of(first, "a")}});
  app.advance(5s);
  ASSERT_TRUE(client.connect_error());
  EXPECT_EQ(client.connect_error()->message, "INVALID_TOKEN");
  EXPECT_TRUE(app.has_logged("cannot be read: it was not answered in time"));
  server.takes = 0s;
  app.advance(30s);
  EXPECT_EQ(connected(app, token_of(first, "a")), "in");
}

TEST_F(JwksTest, ReadsAFile) {
  auto const path =
      std::filesystem::temp_directory_path() /
      ("aerie-jwks-" + std::to_string(std::chrono::steady_clock::now().time_since_epoch().count()));
  auto const write = [&](std::string const& text) { std::ofstream(path, std::ios::binary) << text; };
  Runtime runtime({.log_level = LogLevel::off});
  JwksSource source(runtime, {.file = path.string(), .pause = 0ms});
  auto const read = [&] {
    core::start(source.read(), runtime.shard(0).tasks(), [](core::Outcome<void>&&) noexcept {});
    for (int i = 0; i < 3; ++i)
      runtime.shard(0).turn(0ms);
  };
  read();
  EXPECT_EQ(source.keys(), nullptr) << "there is no such file";
  write(set_of({{"a", first}}));
  read();
  ASSERT_NE(source.keys(), nullptr);
  EXPECT_NE(source.keys()->find("a"), nullptr);
  // What is too large, or no set, leaves what is known.
  for (auto const& bad : {std::string(1'000'000, 'x'), std::string("{}"), set_of({})}) {
    write(bad);
    read();
    EXPECT_NE(source.keys()->find("a"), nullptr);
  }
  EXPECT_EQ(source.readings(), 5U);
  std::filesystem::remove(path);
}

TEST_F(JwksTest, ReadsAUrl) {
  Runtime runtime({.log_level = LogLevel::off});
  http::Server identities(runtime);
  int status = 200;
  identities.get("/keys", [&](http::Request const&) { return http::Response::text(status, server.text); });
  identities.listen(0, "127.0.0.1");
  JwksOptions options;
  options.url = "http://127.0.0.1:" + std::to_string(identities.port()) + "/keys";
  options.pause = 0ms;
  options.allow_http = true;
  JwksSource source(runtime, options);
  auto const read = [&] {
    bool ended = false;
    core::start(source.read(), runtime.shard(0).tasks(),
                [&ended](core::Outcome<void>&&) noexcept { ended = true; });
    while (!ended)
      runtime.shard(0).turn(10s);
  };
  read();
  ASSERT_NE(source.keys(), nullptr);
  EXPECT_NE(source.keys()->find("a"), nullptr);
  server.text = set_of({{"b", second}});
  read();
  EXPECT_NE(source.keys()->find("b"), nullptr);
  // What is no answer, or too much of one, leaves what is known.
  status = 503;
  read();
  EXPECT_NE(source.keys()->find("b"), nullptr);
  status = 200;
  server.text = std::string(1'000'000, ' ');
  read();
  EXPECT_NE(source.keys()->find("b"), nullptr);
  EXPECT_EQ(source.readings(), 4U);
}

TEST(JwksOptions, AreCheckedAtTheStart) {
  struct Case {
    JwksOptions options;
    std::string_view error;
  };
  Case const cases[] = {
      {{}, "aerie: JwksOptions has to say once where the keys are; set one of .url, .file and .read"},
      {{.url = "https://a/", .file = "b"},
       "aerie: JwksOptions has to say once where the keys are; set one of .url, .file and .read"},
      {{.url = "login.example"},
       "aerie: JwksOptions::url is no URL such as https://login.example/.well-known/jwks.json"},
      {{.url = "http://login.example/keys"},
       "aerie: JwksOptions::url is http, so that whoever stands in between could sign tokens; use https, or "
       "set "
       ".allow_http for a network that nobody else is in"},
      {{.file = "a", .refresh = 0ms}, "aerie: JwksOptions::refresh is 0 ms; use 1 ms to 30 days"},
      {{.file = "a", .pause = -1ms}, "aerie: JwksOptions::pause is -1 ms; use 0 ms to 30 days"},
  };
  Runtime runtime({.log_level = LogLevel::off});
  for (auto const& each : cases) {
    try {
      JwksSource const source(runtime, each.options);
      FAIL() << each.error;
    } catch (gateway::StartError const& error) {
      EXPECT_EQ(error.what(), each.error);
    }
  }
}

// --- Tokens that are taken back

struct Revoked {
  std::string subject;
  std::size_t asked = 0;
  bool is_gone = false;
};
Revoked* revoked = nullptr;

Task<bool> is_revoked(Value const& claims) {
  ++revoked->asked;
  if (revoked->is_gone) throw std::runtime_error("nobody to ask");
  co_return claims["sub"] == Value(revoked->subject);
}

struct RevocableModule {
  static void describe(Module& m) {
    m.imports(JwtModule::for_root([] {
      auto options = options_with({.read = &read_published});
      options.revoked = &is_revoked;
      options.revocation_interval = 1min;
      return options;
    }));
    m.gateways<DoorGateway>();
  }
};

TEST_F(JwksTest, RefusesTokensThatWereTakenBack) {
  Revoked list{.subject = "eve"};
  revoked = &list;
  auto app = testing::create<RevocableModule>().start();
  EXPECT_EQ(connected(app, token_of(first, "a", "eve")), "INVALID_TOKEN");
  auto ada = app.connect("/", {{"token", token_of(first, "a", "ada")}});
  EXPECT_EQ(ada.emit_with_ack("knock"), Value("open"));
  EXPECT_EQ(list.asked, 2U) << "once for each who comes";
  list.subject = "ada";
  EXPECT_EQ(ada.emit_with_ack("knock"), Value("open")) << "it is asked again after a minute";
  app.advance(1min);
  ada.emit("knock");
  EXPECT_EQ(ada.expect_event<Value>("exception")["message"], Value("INVALID_TOKEN"));
  list.subject = "";
  EXPECT_EQ(ada.emit_with_ack("knock"), Value("open"));
  // Who cannot be asked about is not let through.
  app.advance(1min);
  list.is_gone = true;
  ada.emit("knock");
  EXPECT_EQ(ada.expect_event<Value>("exception")["message"], Value("Internal server error"));
  list.is_gone = false;
  EXPECT_EQ(ada.emit_with_ack("knock"), Value("open"));
}

}}  // namespace aerie::jwks_of_gateway_cases
