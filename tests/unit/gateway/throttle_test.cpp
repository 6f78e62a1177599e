#include "unit/gateway/application_fixture.hpp"

#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
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
  EXPECT_THROW(Throttle({.limit = 1, .window = 1s, .block = -1ms}), std::invalid_argument);
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

// --- Counted elsewhere

/// Counts for all, and cannot be reached at times.
class SharedCounts final : public ThrottleStore {
 public:
  Task<std::optional<core::Milliseconds>> count(std::string key, ThrottleLimit limit) override {
    if (is_gone) throw std::runtime_error("nobody there");
    auto& counted = counts[key];
    std::optional<core::Milliseconds> wait;
    if (counted == limit.limit) {
      wait = limit.block;
    } else {
      ++counted;
    }
    co_return wait;
  }
  std::map<std::string, std::size_t> counts;
  bool is_gone = false;
};

class CountedGateway {
 public:
  static void describe(Gateway<CountedGateway>& g) {
    auto const by_name = [](ExecutionContext& context) { return context.credential("name").value_or(""); };
    g.on<&CountedGateway::say>().use<Throttle>(
        {.limit = 1, .window = 1s, .block = 7s, .name = "say", .by = by_name});
    g.on<&CountedGateway::hum>().use<Throttle>({.limit = 1, .window = 1s, .by = by_name, .local = true});
  }

 private:
  std::string say() { return "said"; }
  std::string hum() { return "hummed"; }
};

struct CountedModule {
  static void describe(Module& m) { m.provides<ThrottleStore, SharedCounts>().gateways<CountedGateway>(); }
};

Value throttled(std::int64_t wait) {
  return Value::object({{"status", "error"},
                        {"code", "TOO_MANY_REQUESTS"},
                        {"message", "Too Many Requests"},
                        {"retryAfter", wait}});
}

TEST(Throttle, CountsWhereAStoreIsProvided) {
  auto app = aerie::testing::create<CountedModule>().start();
  auto& store = static_cast<SharedCounts&>(app.get<ThrottleStore>());
  auto ada = app.connect("/", {{"name", "ada"}});
  EXPECT_EQ(ada.emit_with_ack("say"), Value("said"));
  ada.emit("say");
  EXPECT_EQ(ada.expect_event<Value>("exception"), throttled(7000));
  EXPECT_EQ(ada.emit_with_ack("hum"), Value("hummed"));
  EXPECT_EQ(store.counts, (std::map<std::string, std::size_t>{{"say:ada", 1}}))
      << "what is local is not there";
}

TEST(Throttle, CountsByItselfWhileTheStoreCannotBeReached) {
  auto app = aerie::testing::create<CountedModule>().start();
  auto& store = static_cast<SharedCounts&>(app.get<ThrottleStore>());
  store.is_gone = true;
  auto ada = app.connect("/", {{"name", "ada"}});
  EXPECT_EQ(ada.emit_with_ack("say"), Value("said"));
  ada.emit("say");
  EXPECT_EQ(ada.expect_event<Value>("exception"), throttled(7000));
  EXPECT_TRUE(app.has_logged("the throttle say is counted in this process alone"));
  EXPECT_TRUE(app.has_logged("nobody there"));
  store.is_gone = false;
  EXPECT_EQ(ada.emit_with_ack("say"), Value("said")) << "the store knows nothing of what it has not counted";
}

class NamelessGateway {
 public:
  static void describe(Gateway<NamelessGateway>& g) { g.on<&NamelessGateway::say>().use<Throttle>(1, 1s); }

 private:
  void say() {}
};
struct NamelessModule {
  static void describe(Module& m) { m.provides<ThrottleStore, SharedCounts>().gateways<NamelessGateway>(); }
};

TEST(Throttle, NeedsANameWhereAStoreIsProvided) {
  try {
    static_cast<void>(aerie::testing::create<NamelessModule>().start());
    FAIL() << "it has started";
  } catch (gateway::StartError const& error) {
    EXPECT_STREQ(error.what(),
                 "aerie: a Throttle is to be counted in a ThrottleStore, but has no name there; give it one "
                 "(ThrottleOptions::name), or let it count in this process alone (ThrottleOptions::local)");
  }
}

}  // namespace throttle_cases
