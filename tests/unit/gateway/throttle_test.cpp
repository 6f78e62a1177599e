#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace throttle_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;

struct User {
  std::int64_t id = 0;
  static User extract(ExecutionContext& context) {
    auto const id = context.payload()["user"].get_if<std::int64_t>();
    return {id.value_or(0)};
  }
};

class TalkGateway {
 public:
  static void describe(Gateway<TalkGateway>& g) {
    g.on<&TalkGateway::say>().use<Throttle>(2, 1s);
    g.on<&TalkGateway::shout>().use<ThrottleByUser<User>>(1, 1s);
  }

 private:
  std::string say() { return "said"; }
  std::string shout() { return "shouted"; }
};

class TalkController {
 public:
  static void describe(Controller<TalkController>& c) {
    c.get<&TalkController::say>("say").use<Throttle>({.limit = 1, .window = 1500ms});
    c.get<&TalkController::named>("named/:name")
        .use<Throttle>({.limit = 1, .by = [](ExecutionContext& context) {
                          return std::string(context.request().parameter("name"));
                        }});
  }

 private:
  std::string say() { return "said"; }
  std::string named(Param<"name"> name) { return *name; }
};

struct TalkModule {
  static void describe(Module& m) { m.gateways<TalkGateway>().controllers<TalkController>(); }
};

TEST(Throttle, CountsEachSocketByItself) {
  ApplicationOnAClock<TalkModule> server;
  auto ada = server.client();
  auto bob = server.client();
  for (int i = 0; i < 3; ++i)
    ada.send(R"(21["say"])");
  bob.send(R"(21["say"])");
  server.run();
  EXPECT_EQ(ada.take_text(),
            R"(31["said"] 31["said"] 2["exception",{"status":"error","code":"TOO_MANY_REQUESTS",)"
            R"("message":"Too Many Requests","retryAfter":1000}])");
  EXPECT_EQ(bob.take_text(), R"(31["said"])");
  server.advance(1s);
  ada.send(R"(21["say"])");
  EXPECT_EQ(ada.take_text(), R"(31["said"])");
}

TEST(Throttle, CountsUsersWhateverSocketTheyHave) {
  ApplicationOnAClock<TalkModule> server;
  auto ada = server.client();
  auto phone = server.client();
  ada.send(R"(21["shout",{"user":7}])");
  phone.send(R"(21["shout",{"user":7}])");
  phone.send(R"(21["shout",{"user":8}])");
  EXPECT_EQ(ada.take_text(), R"(31["shouted"])");
  EXPECT_NE(phone.take_text().find("TOO_MANY_REQUESTS"), std::string::npos);
}

TEST(Throttle, AnswersRequestsWithTheTimeToWait) {
  ApplicationOnAClock<TalkModule> server;
  EXPECT_EQ(server.get("/say").status, 200);
  server.advance(100ms);
  auto const refused = server.get("/say");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "2");
  EXPECT_EQ(
      refused.body,
      R"({"message":"Too Many Requests","code":"TOO_MANY_REQUESTS","retryAfter":1400,"statusCode":429})");
  server.advance(1400ms);
  EXPECT_EQ(server.get("/say").status, 200);
}

TEST(Throttle, CountsByWhateverItIsTold) {
  ApplicationOnAClock<TalkModule> server;
  EXPECT_EQ(server.get("/named/a").status, 200);
  EXPECT_EQ(server.get("/named/b").status, 200);
  EXPECT_EQ(server.get("/named/a").status, 429);
}

TEST(Throttle, TellsClientsApartBehindATrustedProxyOnly) {
  struct Case {
    char const* connects_from;
    int second_client;
  };
  for (auto const& [from, expected] : {Case{"10.0.0.7", 200}, {"10.0.0.8", 429}}) {
    test::ServerOnAClock server;
    ApplicationOptions options;
    options.http.trusted_proxies = {"10.0.0.7"};
    auto app = Application::create<TalkModule>(server.runtime, std::move(options));
    app.init();
    auto const status = [&](std::string_view client) {
      auto pair = core::memory_pair(server.runtime.shard(0), core::Endpoint::parse(from).value());
      app.http().serve(std::move(pair.server));
      pair.client.write(test::get_request("/say", "X-Forwarded-For: " + std::string(client) + "\r\n"));
      server.run();
      auto bytes = pair.client.take();
      return test::take_answer(bytes).status;
    };
    EXPECT_EQ(status("203.0.113.1"), 200) << from;
    EXPECT_EQ(status("203.0.113.1"), 429) << from;
    EXPECT_EQ(status("203.0.113.2"), expected) << from;
    // What a client writes itself in front of it changes nothing.
    EXPECT_EQ(status("203.0.113.9, 203.0.113.1"), 429) << from;
    app.close();
    server.run();
  }
}

TEST(Throttle, RefusesALimitOfNothing) {
  EXPECT_THROW(Throttle(0, 1s), std::invalid_argument);
  EXPECT_THROW(Throttle(1, 0s), std::invalid_argument);
}

class GuardedGateway {
 public:
  static void describe(Gateway<GuardedGateway>& g) {
    g.at("/guarded");
    g.protect<Throttle>(1, 1s);
  }
};
struct GuardedModule {
  static void describe(Module& m) { m.gateways<GuardedGateway>(); }
};

TEST(Throttle, CountsConnectionsByTheirAddress) {
  ApplicationOnAClock<GuardedModule> server;
  server.app.init();
  test::SocketIoClient first(server, test::Over::websocket);
  test::SocketIoClient second(server, test::Over::websocket);
  EXPECT_EQ(first.join("/guarded").size(), 20U);
  EXPECT_NE(second.join("/guarded").find("TOO_MANY_REQUESTS"), std::string::npos);
}

}  // namespace throttle_cases
