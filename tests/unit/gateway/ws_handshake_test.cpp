#include "unit/gateway/ws_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace aerie::gateway::ws_cases {

TEST(WsHandshake, TellsGatewaysApartByPathAndPort) {
  auto app = start();
  EXPECT_TRUE(app.connect_websocket("/?a=b").is_open());
  EXPECT_TRUE(app.connect_websocket("/guarded?name=Ada").is_open());
  EXPECT_FALSE(app.connect_websocket("/guarded/more?name=Ada").is_open());
  EXPECT_FALSE(app.connect_websocket("/own").is_open());
  auto own = app.connect_websocket("/own", {}, 25'399);
  EXPECT_EQ(answers(own, R"({"event":"where"})"), Texts{R"("own port")"});
  EXPECT_FALSE(app.connect_websocket("/", {}, 25'399).is_open());
}

TEST(WsHandshake, LeavesOtherRequestsAlone) {
  auto app =
      testing::create<AppModule>()
          .configure([](Application& real) {
            real.use_websocket_adapter<WsAdapter>();
            real.http().get("/", [](http::Request const&) { return http::Response::text(200, "start"); });
          })
          .start();
  EXPECT_EQ(app.http().get("/").body, "start");
  EXPECT_EQ(app.http().get("/nowhere").status, 404);
  EXPECT_TRUE(app.connect_websocket().is_open());
}

TEST(WsHandshake, AsksGuardsBeforeItAccepts) {
  struct Case {
    char const* query;
    int status;
    char const* body;
  };
  static constexpr Case cases[] = {
      {"", 403, R"({"message":"Forbidden resource"})"},
      {"?name=http", 401, R"({"message":"who are you?","error":"Unauthorized","statusCode":401})"},
      {"?name=ws", 403, R"({"code":7})"},
      {"?name=bug", 500, R"({"message":"Internal server error"})"},
      {"?name=Ada", 101, ""},
  };
  auto app = start();
  for (auto const& each : cases) {
    auto client = app.connect_websocket("/guarded" + std::string(each.query));
    EXPECT_EQ(client.handshake().status, each.status) << each.query;
    EXPECT_EQ(client.handshake().body, each.body) << each.query;
  }
  app.run();
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsHandshake, KeepsWhatGuardsHaveFound) {
  auto app = start();
  auto client = app.connect_websocket("/guarded?name=Ada");
  EXPECT_EQ(answers(client, R"({"event":"who"})"), Texts{R"("Ada")"});
}

TEST(WsHandshake, WaitsForSlowGuards) {
  auto app = start();
  auto client = app.connect_websocket("/guarded?name=slow");
  EXPECT_EQ(client.handshake().status, 0);
  app.advance(5s);
  EXPECT_TRUE(client.is_open());
}

TEST(WsHandshake, GivesUpOnGuardsThatTakeTooLong) {
  auto app = start({.handshake_timeout = 2s});
  auto client = app.connect_websocket("/guarded?name=slow");
  app.advance(2s);
  EXPECT_EQ(client.handshake().status, 503);
  app.advance(1min);
}

TEST(WsHandshake, ForgetsClientsThatLeaveWhileGuardsAreAsked) {
  auto app = start();
  {
    auto client = app.connect_websocket("/guarded?name=slow");
    client.lose_connection();
  }
  app.advance(1min);
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsHandshake, ChecksTheOriginOfBrowsers) {
  auto app = testing::create<AppModule>()
                 .configure([](Application& real) {
                   real.enable_cors({.origin = "https://chat.example"});
                   real.use_websocket_adapter<WsAdapter>();
                 })
                 .start();
  EXPECT_TRUE(app.connect_websocket("/").is_open());
  EXPECT_TRUE(app.connect_websocket("/", {{"Origin", "https://chat.example"}}).is_open());
  EXPECT_TRUE(app.connect_websocket("/", {{"Origin", "http://localhost"}}).is_open()) << "a page of its own";
  auto const foreign = app.connect_websocket("/", {{"Origin", "https://evil.example"}});
  EXPECT_EQ(foreign.handshake().status, 403);
}

TEST(WsHandshake, HasRoomForSoManyConnections) {
  auto app = start({.max_connections = 1});
  auto first = app.connect_websocket();
  EXPECT_EQ(app.connect_websocket().handshake().status, 503);
  first.close();
  EXPECT_TRUE(app.connect_websocket().is_open());
}

}  // namespace aerie::gateway::ws_cases
