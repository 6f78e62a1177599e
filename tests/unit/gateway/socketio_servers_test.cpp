#include "examples/memory_adapter.hpp"
#include "unit/gateway/application_fixture.hpp"

#include <gtest/gtest.h>

namespace socketio_servers_cases {

using namespace aerie;

using engineio::TransportKind;

constexpr std::uint16_t own_port = 25'398;

struct FirstPath {
  static void describe(Gateway<FirstPath>& g) { g.options({.port = own_port}); }
};

struct SecondPath {
  static void describe(Gateway<SecondPath>& g) {
    g.options({.port = own_port, .path = "/second", .transports = std::vector{TransportKind::websocket}});
  }
};

struct TwoPathsModule {
  static void describe(Module& m) { m.gateways<FirstPath, SecondPath>(); }
};

TEST(SocketIoServers, PathsOfOnePortShareItsHttpServer) {
  test::ApplicationOnAClock<TwoPathsModule> world;
  world.app.init();
  auto* const own = world.app.adapter().http_server(own_port);
  ASSERT_NE(own, nullptr);
  EXPECT_EQ(world.app.adapter().http_server(own_port + 1), nullptr);
  world.entry = own;
  constexpr std::string_view poll = "?EIO=4&transport=polling HTTP/1.1\r\nHost: test\r\n\r\n";
  EXPECT_EQ(world.ask("GET /socket.io/" + std::string(poll)).status, 200);
  auto const refused = world.ask("GET /second/" + std::string(poll));
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.body, R"({"code":0,"message":"Transport unknown"})");
}

// The HTTP server of a port has to outlive the servers of all its paths.
TEST(SocketIoServers, PathsOfOnePortEndWithTheApplication) {
  auto app = Application::create<TwoPathsModule>();
  app.init();
  EXPECT_NE(app.adapter().http_server(own_port), nullptr);
}

// --- Clusters

struct ShoutGateway {
  explicit ShoutGateway(aerie::Emitter<ShoutGateway>& everybody) : everybody_(everybody) {}
  static void describe(Gateway<ShoutGateway>& g) { g.on<&ShoutGateway::shout>("shout"); }
  void shout(std::string const& text) { everybody_.emit("heard", text); }

  aerie::Emitter<ShoutGateway>& everybody_;
};

struct ShoutModule {
  static void describe(Module& m) { m.gateways<ShoutGateway>(); }
};

/// The options of an adapter, as those for real brokers are.
struct MemoryCluster {
  MemoryBroker* broker;
  std::unique_ptr<Adapter> operator()(ClusterMember& here) const {
    return std::make_unique<MemoryAdapter>(*broker, here);
  }
};

TEST(SocketIoServers, OfSeveralApplicationsFormACluster) {
  MemoryBroker broker;
  test::ApplicationOnAClock<ShoutModule> one;
  test::ApplicationOnAClock<ShoutModule> two;
  one.app.use_websocket_adapter<MemoryCluster>({.broker = &broker});
  two.app.use_websocket_adapter<SocketIoAdapter>(SocketIoAdapter::Options{.cluster = memory_adapter(broker)});
  auto speaker = one.client();
  auto listener = two.client();
  speaker.send(R"(2["shout","hello"])");
  two.run();
  EXPECT_EQ(speaker.take_text(), R"(2["heard","hello"])");
  EXPECT_EQ(listener.take_text(), R"(2["heard","hello"])");
}

}  // namespace socketio_servers_cases
