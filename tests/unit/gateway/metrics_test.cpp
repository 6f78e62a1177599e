// What an application says of itself on a page of metrics.

#include "unit/gateway/application_fixture.hpp"
#include "unit/support/metrics_text.hpp"

#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/metrics.hpp>

#include <gtest/gtest.h>

#include <string>

namespace aerie { namespace metrics_cases {

class EchoGateway {
 public:
  static void describe(Gateway<EchoGateway>& g) { g.on<&EchoGateway::echo>(); }

 private:
  std::string echo(std::string text) { return text; }
};

struct EchoModule {
  static void describe(Module& m) { m.gateways<EchoGateway>(); }
};

class MetricsOfAnApplication : public ::testing::Test {
 protected:
  test::ApplicationOnAClock<EchoModule> server;
};

TEST_F(MetricsOfAnApplication, AreThereOnlyIfTheyAreAskedFor) {
  EXPECT_EQ(server.get("/metrics").status, 404);
  EXPECT_FALSE(server.runtime.measures());
}

TEST_F(MetricsOfAnApplication, MeasureItsGateways) {
  server.app.use_metrics({.production = false});
  auto client = server.client();
  client.send(R"(21["echo","x"])");
  server.run();
  auto const answer = server.get("/metrics");
  EXPECT_EQ(answer.status, 200);
  test::MetricsText const page(answer.body);
  EXPECT_EQ(page["aerie_socketio_handler_seconds_count{event=\"echo\"}"], 1);
  EXPECT_EQ(page["aerie_socketio_sockets{namespace=\"/\"}"], 1);
  EXPECT_TRUE(page.has_family("aerie_http_requests_under_way"));
}

TEST_F(MetricsOfAnApplication, AreNotOpenToEverybodyInProduction) {
  server.app.use_metrics({.production = true});
  EXPECT_EQ(server.get("/metrics").status, 404);
  EXPECT_TRUE(server.logged("set ApplicationMetricsOptions::port to one of their own, or token"));
  EXPECT_FALSE(server.runtime.measures());
}

TEST_F(MetricsOfAnApplication, AreOpenToWhoeverHasTheTokenInProduction) {
  server.app.use_metrics({.path = "/m", .token = "secret", .production = true});
  EXPECT_EQ(server.get("/m").status, 401);
  EXPECT_EQ(server.get("/m", "Authorization: Bearer secret\r\n").status, 200);
}

TEST_F(MetricsOfAnApplication, CannotBeAtAPathThatIsTaken) {
  server.app.use_health();
  EXPECT_THROW(server.app.use_metrics({.path = "/live", .production = false}), gateway::StartError);
}

TEST_F(MetricsOfAnApplication, AreToBeAskedForBeforeItStarts) {
  server.app.init();
  EXPECT_THROW(server.app.use_metrics(), gateway::StartError);
}

}}  // namespace aerie::metrics_cases
