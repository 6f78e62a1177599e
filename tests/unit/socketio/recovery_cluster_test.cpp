#include "examples/memory_adapter.hpp"
#include "unit/socketio/recovery_fixture.hpp"

namespace aerie::socketio::test { namespace {

/// Two servers of one cluster that recover sessions, each with shards of its own.
class RecoveryInClusters : public testing::TestWithParam<unsigned> {
 protected:
  RecoveryInClusters() {
    for (auto* const world : {&here, &there}) {
      aerie::ServerOptions options;
      options.serve_client = false;
      options.adapter = memory_adapter(broker);
      options.connection_state_recovery.emplace();
      servers.push_back(std::make_unique<aerie::Server>(world->http, std::move(options)));
    }
    run();
  }
  void run() {
    for (int round = 0; round < 4; ++round) {
      here.run();
      there.run();
    }
  }
  void emit_from(ServerOnAClock& world, std::size_t server, std::string_view event) {
    world.in_turn([&] { servers[server]->to("room").emit(event, "text"); });
    run();
  }

  MemoryBroker broker;
  ServerOnAClock here{GetParam()};
  ServerOnAClock there{GetParam()};
  std::vector<std::unique_ptr<aerie::Server>> servers;
};

TEST_P(RecoveryInClusters, GiveEventsOfOtherServersAnOffsetOfTheirOwnAndSendThemAgain) {
  for (auto const& server : servers)
    server->on_connection([](Socket& socket) { socket.join("room"); });
  ReturningClient client(here);
  ReturningClient other(there);
  client.connect(0);
  other.connect(GetParam() - 1);
  emit_from(there, 1, "live");
  EXPECT_EQ(client.take_events(), Strings{R"(["live","text"])"});
  EXPECT_EQ(other.take_events(), Strings{R"(["live","text"])"});
  EXPECT_NE(client.offset, other.offset);
  client.cut();
  emit_from(there, 1, "missed");
  emit_from(here, 0, "missed");
  client.connect(GetParam() - 1);
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), (Strings{R"(["missed","text"])", R"(["missed","text"])"}));
  EXPECT_EQ(other.take_events(), (Strings{R"(["missed","text"])", R"(["missed","text"])"}));
}

TEST_P(RecoveryInClusters, TellWhoComesToAnotherServerThatItIsANewSocket) {
  ReturningClient client(here);
  client.connect();
  client.cut();
  auto const pid = client.pid;
  ReturningClient moved(there);
  moved.pid = pid;
  moved.connect();
  EXPECT_TRUE(moved.connected);
  EXPECT_FALSE(moved.recovered);
  client.connect();
  EXPECT_TRUE(client.recovered);
}

INSTANTIATE_TEST_SUITE_P(OnShards, RecoveryInClusters, testing::Values(1U, 3U));

}}  // namespace aerie::socketio::test
