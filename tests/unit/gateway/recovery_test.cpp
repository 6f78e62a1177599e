#include "unit/gateway/application_fixture.hpp"
#include "unit/socketio/recovery_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace gateway_recovery_cases {

using namespace aerie;
using namespace std::chrono_literals;
using test::ApplicationOnAClock;
using Client = socketio::test::ReturningClient;

class NewsGateway {
 public:
  static void describe(Gateway<NewsGateway>& g) {
    g.options({.connection_state_recovery = RecoveryOptions{.max_disconnection_duration = 2min}});
    g.connected<&NewsGateway::handle_connection>();
    g.session_expired<&NewsGateway::left_for_good>();
    g.on<&NewsGateway::is_recovered>("isRecovered");
  }

  std::vector<std::string> heard;

 private:
  void handle_connection(Socket& client) {
    heard.push_back(core::concat(to_string(client.recovery()), client.recovered() ? " !" : ""));
    if (!client.recovered()) client.join("news");
  }
  void left_for_good(ExpiredSession const& session) {
    heard.push_back(core::concat("gone: ", session.nsp, " ", std::to_string(session.rooms.size()), " rooms"));
    if (throws) throw std::runtime_error("a hook that fails");
  }
  bool is_recovered(Socket& client) { return client.recovered(); }

 public:
  bool throws = false;
};

struct NewsModule {
  static void describe(Module& m) { m.gateways<NewsGateway>(); }
};

struct World : ApplicationOnAClock<NewsModule> {
  World() { app.init(); }
  NewsGateway& gateway() { return app.get<NewsGateway>(); }
  Server& io() { return app.get<Server>(); }
};

TEST(GatewayRecovery, TellsHandlersWhoHasComeBack) {
  World world;
  Client client(world);
  client.connect();
  world.in_turn([&] { world.io().to("news").emit("news", 1); });
  client.read();
  client.cut();
  world.in_turn([&] { world.io().to("news").emit("news", 2); });
  client.connect();
  EXPECT_TRUE(client.recovered);
  EXPECT_EQ(client.take_events(), (std::vector<std::string>{R"(["news",1])", R"(["news",2])"}));
  client.send(R"(21["isRecovered"])");
  client.read();
  EXPECT_EQ(client.others, std::vector<std::string>{"31[true]"});
  EXPECT_EQ(world.gateway().heard, (std::vector<std::string>{"none", "recovered !"}));
}

TEST(GatewayRecovery, SaysWhyAClientIsNotRecovered) {
  World world;
  Client client(world);
  client.connect();
  client.read();
  client.cut();
  auto const pid = client.pid;
  client.offset = "no offset";
  client.connect();
  EXPECT_FALSE(client.recovered);
  client.cut();
  client.pid = std::string(20, 'A');
  client.connect();
  EXPECT_EQ(world.gateway().heard, (std::vector<std::string>{"none", "unknown offset", "unknown session"}));
  EXPECT_EQ(world.io().stats().recovery.refused, 2U);
}

TEST(GatewayRecovery, TellsOfAClientThatHasLeftForGood) {
  for (bool const throws : {false, true}) {
    World world;
    world.gateway().throws = throws;
    Client client(world);
    client.connect();
    client.read();
    client.cut();
    world.advance(119s);
    EXPECT_EQ(world.gateway().heard, std::vector<std::string>{"none"});
    for (int i = 0; i < 5; ++i)
      world.advance(1s);
    EXPECT_EQ(world.gateway().heard, (std::vector<std::string>{"none", "gone: / 2 rooms"}));
    EXPECT_EQ(world.io().stats().recovery.expired, 1U);
  }
}

}  // namespace gateway_recovery_cases
