// What plain WebSockets say on a page of metrics.

#include "unit/gateway/application_fixture.hpp"
#include "unit/support/metrics_text.hpp"

#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>

#include <gtest/gtest.h>

#include <string>

namespace aerie { namespace ws_counts_cases {

struct OnlyFriends {
  bool can_activate(ExecutionContext& context) { return context.credential("friend").has_value(); }
};

class Echo {
 public:
  static void describe(Gateway<Echo>& g) {
    g.protect<OnlyFriends>();
    g.on<&Echo::echo>();
    g.on<&Echo::bye>();
  }

 private:
  std::string echo(std::string text) { return text; }
  void bye(WsClient& client) { client.close(websocket::CloseCode::normal, "bye"); }
};

struct EchoModule {
  static void describe(Module& m) { m.gateways<Echo>(); }
};

class MetricsOfPlainWebSockets : public ::testing::Test {
 protected:
  MetricsOfPlainWebSockets() {
    server.app.enable_cors({.origin = "https://friend.example"});
    server.app.use_websocket_adapter<WsAdapter>(WsAdapterOptions{.max_connections = 2});
    server.app.use_metrics({.production = false});
    server.app.init();
  }
  test::MetricsText page() { return test::MetricsText(server.get("/metrics").body); }
  double number(std::string const& sample) { return page()[sample]; }

  test::ApplicationOnAClock<EchoModule> server;
};

TEST_F(MetricsOfPlainWebSockets, CountConnectionsAndHowTheyEnd) {
  {
    test::WebSocketClient one(server, "/?friend=1");
    test::WebSocketClient two(server, "/?friend=1");
    EXPECT_EQ(number("aerie_websocket_connections"), 2);
    EXPECT_EQ(number("aerie_websocket_connections_opened_total"), 2);
    one.send(R"({"event":"bye"})");
  }
  server.run();
  server.advance(std::chrono::minutes{1});
  auto const now = page();
  EXPECT_EQ(now["aerie_websocket_connections"], 0);
  EXPECT_EQ(now["aerie_websocket_connections_closed_total{reason=\"server namespace disconnect\"}"], 1);
  EXPECT_EQ(now["aerie_websocket_connections_closed_total{reason=\"transport close\"}"], 1);
  EXPECT_EQ(now["aerie_websocket_connections_closed_total{reason=\"ping timeout\"}"], 0);
}

TEST_F(MetricsOfPlainWebSockets, CountMessagesAndWhatTheyHold) {
  test::WebSocketClient client(server, "/?friend=1");
  std::string const message = R"({"event":"echo","data":"hello"})";
  client.send(message);
  client.send("nonsense");
  client.send(R"({"event":"unknown"})");
  auto const now = page();
  EXPECT_EQ(now["aerie_websocket_messages_received_total"], 3);
  EXPECT_EQ(now["aerie_websocket_received_bytes_total"], static_cast<double>(message.size() + 8 + 19));
  EXPECT_EQ(now["aerie_websocket_messages_sent_total"], 1);
  EXPECT_EQ(now["aerie_websocket_sent_bytes_total"], 7) << "\"hello\" in JSON";
  EXPECT_EQ(now["aerie_websocket_messages_dropped_total"], 2);
}

TEST_F(MetricsOfPlainWebSockets, CountWhoIsRefusedByReason) {
  auto const ask = [this](std::string const& target, std::string const& headers) {
    return server
        .ask("GET " + target +
             " HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
             "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
             headers + "\r\n")
        .status;
  };
  EXPECT_EQ(ask("/", ""), 403);
  EXPECT_EQ(ask("/?friend=1", "Origin: https://stranger.example\r\n"), 403);
  test::WebSocketClient one(server, "/?friend=1");
  test::WebSocketClient two(server, "/?friend=1");
  EXPECT_EQ(ask("/?friend=1", ""), 503);
  auto const now = page();
  EXPECT_EQ(now["aerie_websocket_refusals_total{reason=\"guard\"}"], 1);
  EXPECT_EQ(now["aerie_websocket_refusals_total{reason=\"origin\"}"], 1);
  EXPECT_EQ(now["aerie_websocket_refusals_total{reason=\"no_room\"}"], 1);
}

}}  // namespace aerie::ws_counts_cases
