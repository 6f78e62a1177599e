// What an application says of its health, and how it drains.

#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/health.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace aerie { namespace health_cases {

using namespace std::chrono_literals;

/// A part that is as well as the test says.
struct Store {
  explicit Store(Health& health) {
    health.add("store", [this] {
      if (broken) throw std::runtime_error("the check itself is broken");
      return report;
    });
  }
  Task<void> on_application_bootstrap() {
    if (boot) co_await boot();
  }

  HealthReport report;
  bool broken = false;
  std::function<Task<void>()> boot;
};

/// As docs/deployment.md shows it.
class Database {
 public:
  explicit Database(aerie::Health& health) {
    health.add("database", [this] {
      return connected() ? aerie::HealthReport{} : aerie::HealthReport::down("no connection");
    });
  }
  bool connected() const { return is_connected; }
  bool is_connected = false;
};

struct DatabaseModule {
  static void describe(Module& m) { m.provides<Database>(); }
};

class EchoGateway {
 public:
  static void describe(Gateway<EchoGateway>& g) { g.on<&EchoGateway::echo>(); }

 private:
  std::string echo(std::string text) { return text; }
};

struct HealthyModule {
  static void describe(Module& m) { m.provides<Store>().gateways<EchoGateway>(); }
};

class HealthOfAnApplication : public ::testing::Test {
 protected:
  void start(HealthOptions options = {}) {
    server.app.use_health(std::move(options));
    server.app.init();
  }
  Store& store() { return server.app.get<Store>(); }
  test::Answer ready() { return server.get("/ready"); }

  test::ApplicationOnAClock<HealthyModule> server;
};

TEST_F(HealthOfAnApplication, IsToldOnlyIfItIsAskedFor) {
  EXPECT_EQ(server.get("/live").status, 404);
  EXPECT_EQ(server.get("/ready").status, 404);
}

TEST_F(HealthOfAnApplication, IsAliveAndReadyOnceItHasStarted) {
  server.app.use_health();
  std::string before;
  store().boot = [&]() -> Task<void> {
    auto client = server.connect();
    client.write("GET /ready HTTP/1.1\r\nHost: test\r\n\r\n");
    while (before.empty()) {
      co_await sleep_for(0ms);
      before = client.take();
    }
  };
  server.app.init();
  auto const starting = test::take_answer(before);
  EXPECT_EQ(starting.status, 503);
  EXPECT_EQ(starting.body, R"({"status":"starting","parts":{"store":{"status":"up"}}})");
  EXPECT_EQ(server.get("/live").status, 200);
  EXPECT_EQ(ready().status, 200);
  EXPECT_EQ(ready().body, R"({"status":"ready","parts":{"store":{"status":"up"}}})");
  EXPECT_EQ(ready().header("Cache-Control"), "no-store");
}

TEST_F(HealthOfAnApplication, SaysWhoIsNotReadyAndWhy) {
  start();
  store().report = HealthReport::down("no route to db \"main\"");
  EXPECT_EQ(ready().status, 503);
  EXPECT_EQ(ready().body,
            R"({"status":"down","parts":{"store":{"status":"down","reason":"no route to db \"main\""}}})");
  EXPECT_EQ(server.get("/live").status, 200) << "it is no better after a restart";
  store().report = {};
  EXPECT_EQ(ready().status, 200);
}

TEST_F(HealthOfAnApplication, IsToldPartByPartIfThatIsAskedFor) {
  start();
  auto const verbose = [&] { return server.get("/ready?verbose"); };
  EXPECT_EQ(verbose().status, 200);
  EXPECT_EQ(verbose().body,
            R"({"status":"ok","info":{"application":{"status":"up"},"store":{"status":"up"}},)"
            R"("error":{},"details":{"application":{"status":"up"},"store":{"status":"up"}}})");
  store().report = HealthReport::degraded("slow");
  EXPECT_EQ(verbose().status, 200);
  EXPECT_NE(verbose().body.find(
                R"("info":{"application":{"status":"up"},"store":{"status":"degraded","reason":"slow"}})"),
            std::string::npos);
  store().report = HealthReport::down("gone");
  EXPECT_EQ(verbose().status, 503);
  EXPECT_EQ(
      verbose().body,
      R"({"status":"error","info":{"application":{"status":"up"}},"error":{"store":{"status":"down","reason":"gone"}},)"
      R"("details":{"application":{"status":"up"},"store":{"status":"down","reason":"gone"}}})");
  EXPECT_EQ(ready().status, 503) << "both say the same";
}

TEST_F(HealthOfAnApplication, CallsADegradedPartAnErrorIfThatKeepsClientsAway) {
  start({.degraded_is_ready = false});
  store().report = HealthReport::degraded("slow");
  auto const answer = server.get("/ready?verbose");
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.body.find(R"("error":{"store":{"status":"degraded","reason":"slow"}})"),
            std::string::npos);
}

TEST_F(HealthOfAnApplication, IsReadyWhileAPartIsOnlyDegraded) {
  start();
  store().report = HealthReport::degraded("slow");
  EXPECT_EQ(ready().status, 200);
  EXPECT_EQ(ready().body, R"({"status":"degraded","parts":{"store":{"status":"degraded","reason":"slow"}}})");
}

TEST_F(HealthOfAnApplication, IsNotReadyWhileDegradedIfToldSo) {
  start({.degraded_is_ready = false});
  store().report = HealthReport::degraded("slow");
  EXPECT_EQ(ready().status, 503);
}

TEST_F(HealthOfAnApplication, IsDownWhereACheckThrows) {
  start();
  store().broken = true;
  EXPECT_EQ(ready().status, 503);
  EXPECT_NE(ready().body.find("its check has failed"), std::string::npos);
  EXPECT_TRUE(server.logged("the check itself is broken"));
}

TEST_F(HealthOfAnApplication, HasThePathsThatItIsGiven) {
  start({.live_path = "/healthz", .ready_path = "/readyz"});
  EXPECT_EQ(server.get("/healthz").status, 200);
  EXPECT_EQ(server.get("/readyz").status, 200);
  EXPECT_EQ(server.get("/live").status, 404);
}

TEST_F(HealthOfAnApplication, RefusesPathsThatCannotBe) {
  EXPECT_THROW(server.app.use_health({.live_path = "/same", .ready_path = "/same"}), gateway::StartError);
  EXPECT_THROW(server.app.use_health({.live_path = "no-slash"}), gateway::StartError);
}

TEST_F(HealthOfAnApplication, IsToldBeforeItStarts) {
  server.app.init();
  EXPECT_THROW(server.app.use_health(), gateway::StartError);
}

TEST(HealthOfAProvider, IsWhatItsCheckSays) {
  test::ApplicationOnAClock<DatabaseModule> server;
  server.app.use_health();
  EXPECT_EQ(server.get("/ready").status, 503);
  server.app.get<Database>().is_connected = true;
  EXPECT_EQ(server.get("/ready").status, 200);
}

TEST_F(HealthOfAnApplication, RefusesTwoChecksOfOneName) {
  for (auto const* const name : {"store", "memory", "cluster"})
    EXPECT_THROW(server.app.get<Health>().add(name, [] { return HealthReport{}; }), std::invalid_argument);
}

// --- In a process that is full

TEST(HealthOfAFullProcess, IsAliveButNotReadyForMoreClients) {
  constexpr std::size_t limit = std::size_t{16} << 20U;
  test::ApplicationOnAClock<HealthyModule> server(1, limit);
  server.app.use_health();
  server.app.init();
  auto& account = server.runtime.shard(0).account();
  for (auto const percent : {91U, 97U}) {
    auto const used = limit / 100 * percent;
    server.in_turn([&] { account.charge(used); });
    EXPECT_EQ(server.get("/elsewhere").status, 503) << "there is no room for other requests";
    EXPECT_EQ(server.get("/live").status, 200) << percent;
    auto client = server.connect();
    client.write("HEAD /live HTTP/1.1\r\nHost: test\r\n\r\n");
    server.run();
    EXPECT_TRUE(client.take().starts_with("HTTP/1.1 200 ")) << percent;
    EXPECT_EQ(server.get("/ready").status, 503) << percent;
    EXPECT_NE(server.get("/ready").body.find(R"("memory":{"status":"down","reason":)"), std::string::npos);
    server.in_turn([&] { account.credit(used); });
    EXPECT_EQ(server.get("/elsewhere").status, 404);
    EXPECT_EQ(server.get("/ready").status, 200);
    EXPECT_EQ(server.get("/ready").body.find("memory"), std::string::npos);
  }
}

// --- With several event loops

TEST(HealthOfAnApplicationOnShards, IsNotAliveIfOneOfThemDoesNotTurn) {
  test::ApplicationOnAClock<HealthyModule> server(3);
  server.app.use_health();
  server.app.init();
  EXPECT_EQ(server.get("/live").status, 200);
  auto client = server.connect(0);
  client.write("GET /live HTTP/1.1\r\nHost: test\r\n\r\n");
  auto const turn_all_but_the_last = [&] {
    for (int round = 0; round < 4; ++round) {
      server.runtime.shard(0).run_ready();
      server.runtime.shard(1).run_ready();
    }
  };
  turn_all_but_the_last();
  server.clock.advance(1s);
  turn_all_but_the_last();
  auto bytes = client.take();
  auto const answer = test::take_answer(bytes);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"status":"stuck","event_loops":[2]})");
}

// --- Draining

struct Draining : ::testing::TestWithParam<unsigned> {
  testing::Application app =
      testing::create<HealthyModule>()
          .options({.runtime = {.threads = GetParam()}, .drain_delay = 3s, .drain_spread = 4s})
          .configure([](Application& made) { made.use_health(); })
          .start();
};

TEST_P(Draining, GoesOnAsBeforeButIsNotReady) {
  auto client = app.connect();
  EXPECT_EQ(app.http().get("/ready").status, 200);
  app.application().close();
  app.advance(2'999ms);
  EXPECT_EQ(app.http().get("/ready").status, 503);
  EXPECT_EQ(app.http().get("/ready").json()["status"], Value("draining"));
  EXPECT_EQ(app.http().get("/live").status, 200);
  EXPECT_EQ(client.emit_with_ack("echo", "here"), Value("here"));
  auto another = app.connect();
  EXPECT_EQ(another.emit_with_ack("echo", "too"), Value("too"));
}

TEST_P(Draining, DisconnectsClientsEvenlyAndTakesNone) {
  std::vector<testing::Client> clients;
  for (int i = 0; i < 4; ++i)
    clients.push_back(app.connect());
  auto const connected = [&] { return std::ranges::count_if(clients, &testing::Client::connected); };
  app.application().close();
  app.advance(2'990ms);
  EXPECT_EQ(connected(), 4);
  app.advance(1'010ms);
  EXPECT_LT(connected(), 4);
  EXPECT_GT(connected(), 0);
  EXPECT_FALSE(app.connect().connected());
  app.advance(4s);
  EXPECT_EQ(connected(), 0);
}

INSTANTIATE_TEST_SUITE_P(OnShards, Draining, ::testing::Values(1U, 3U));

TEST(DrainingPlainWebSockets, DisconnectsThemEvenly) {
  auto app = testing::create<HealthyModule>()
                 .options({.drain_spread = 4s})
                 .configure([](Application& made) { made.use_websocket_adapter<WsAdapter>(); })
                 .start();
  auto first = app.connect_websocket();
  auto second = app.connect_websocket();
  app.application().close();
  app.advance(10ms);
  EXPECT_NE(first.is_open(), second.is_open());
  EXPECT_EQ(app.connect_websocket().handshake().status, 503);
  app.advance(2s);
  EXPECT_FALSE(first.is_open());
  EXPECT_FALSE(second.is_open());
}

TEST(DrainingTimes, AreChecked) {
  auto const made_with = [](ApplicationOptions options) {
    return [options] { Application::create<HealthyModule>(options); };
  };
  EXPECT_THROW(made_with({.drain_delay = -1ms})(), gateway::StartError);
  EXPECT_THROW(made_with({.drain_delay = 25h})(), gateway::StartError);
  EXPECT_THROW(made_with({.drain_spread = -1ms})(), gateway::StartError);
}

}}  // namespace aerie::health_cases
