#include "unit/gateway/ws_fixture.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace aerie::gateway::ws_cases {

TEST(WsAdapter, BroadcastsToTheClientsOfAPath) {
  auto app = start({}, 3);
  std::vector<testing::WebSocket> clients;
  for (int i = 0; i < 5; ++i)
    clients.push_back(app.connect_websocket());
  auto other = app.connect_websocket("/guarded?name=Ada");
  adapter_of(app).broadcast("/", "news", "rain");
  app.run();
  for (auto& client : clients)
    EXPECT_EQ(client.expect_event("news"), Value("rain"));
  other.expect_nothing();
}

TEST(WsAdapter, DoesNotStartWithSettingsThatCannotWork) {
  struct Bad {
    std::string setting;
    std::function<void(WsAdapterOptions&)> spoil;
  };
  Bad const table[] = {
      {"max_message_size", [](auto& o) { o.max_message_size = 0; }},
      {"max_message_size", [](auto& o) { o.max_message_size = std::size_t{2} << 30U; }},
      {"outgoing_limit", [](auto& o) { o.outgoing_limit = 0; }},
      {"outgoing_limit", [](auto& o) { o.outgoing_limit = std::size_t{5} << 30U; }},
      {"max_pending_messages", [](auto& o) { o.max_pending_messages = 0; }},
      {"ping_interval", [](auto& o) { o.ping_interval = 0ms; }},
      {"ping_interval", [](auto& o) { o.ping_interval = core::Milliseconds::max(); }},
      {"ping_timeout", [](auto& o) { o.ping_timeout = -1ms; }},
      {"handshake_timeout", [](auto& o) { o.handshake_timeout = core::Milliseconds::max(); }},
  };
  for (auto const& [setting, spoil] : table) {
    WsAdapterOptions options;
    spoil(options);
    try {
      start(options);
      ADD_FAILURE() << setting << " was taken";
    } catch (StartError const& error) {
      EXPECT_NE(std::string(error.what()).find("aerie: WsAdapterOptions::" + setting + " must be "),
                std::string::npos)
          << error.what();
    }
  }
}

class ImpatientGateway {
 public:
  static void describe(Gateway<ImpatientGateway>& g) { g.options({.ping_interval = 0ms}); }
};

struct ImpatientModule {
  static void describe(Module& m) { m.gateways<ImpatientGateway>(); }
};

TEST(WsAdapter, DoesNotStartWithAGatewaysSettingsThatCannotWork) {
  EXPECT_THROW(testing::create<ImpatientModule>()
                   .configure([](Application& app) { app.use_websocket_adapter<WsAdapter>(); })
                   .start(),
               StartError);
}

TEST(WsAdapter, ClosesItsClientsWithTheApplication) {
  auto app = start({}, 2);
  auto client = app.connect_websocket();
  auto other = app.connect_websocket();
  other.send_event("later", "too late");
  auto waiting = app.connect_websocket("/guarded?name=slow");
  app.close();
  EXPECT_EQ(client.close_code(), CloseCode::going_away);
  EXPECT_EQ(other.close_code(), CloseCode::going_away);
  EXPECT_EQ(waiting.handshake().status, 503);
  EXPECT_EQ(app.get<Journal>().lines.back(), "server shutting down");
}

TEST(WsAdapter, EndsWithWorkInTheMaking) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("later", "never");
  auto waiting = app.connect_websocket("/guarded?name=slow");
}

// --- What stops the start

template <class G>
std::string start_error() {
  struct OneModule {
    static void describe(Module& m) { m.gateways<G>(); }
  };
  try {
    static_cast<void>(testing::create<OneModule>()
                          .configure([](Application& app) { app.use_websocket_adapter<WsAdapter>(); })
                          .start());
    return "(it has started)";
  } catch (StartError const& error) {
    return error.what();
  }
}

struct WantsSocket {
  static void describe(Gateway<WantsSocket>& g) { g.on<&WantsSocket::join>(); }
  void join(Socket&) {}
};

struct HasNamespace {
  static void describe(Gateway<HasNamespace>& g) { g.at("/chat"); }
};

struct HasPattern {
  static void describe(Gateway<HasPattern>& g) { g.matching("^/chat-.*$"); }
};

struct PollsOnly {
  static void describe(Gateway<PollsOnly>& g) {
    g.options({.transports = std::vector{engineio::TransportKind::polling}});
  }
};

struct SpeaksMessagePack {
  static void describe(Gateway<SpeaksMessagePack>& g) { g.options({.parser = msgpack_parser()}); }
};

struct WantsServer {
  static void describe(Gateway<WantsServer>& g) { g.after_init<&WantsServer::init>(); }
  void init(Server&) {}
};

TEST(WsAdapter, StopsTheStartOfGatewaysItCannotServe) {
  EXPECT_EQ(
      start_error<WantsSocket>(),
      "aerie: WantsSocket::join asks for Socket&, but the clients of this application's WebSocket adapter "
      "are WsClient; take that, or an aerie::ExecutionContext&, which fits every adapter");
  EXPECT_EQ(
      start_error<HasNamespace>(),
      "aerie: HasNamespace is at /chat, but plain WebSockets have no namespaces: give it a path of its own "
      "instead (GatewayOptions::path)");
  EXPECT_NE(start_error<HasPattern>().find("is at ^/chat-.*$, but plain WebSockets have no namespaces"),
            std::string::npos);
  EXPECT_NE(start_error<PollsOnly>().find("leave GatewayOptions::transports out"), std::string::npos);
  EXPECT_NE(start_error<SpeaksMessagePack>().find("use WsAdapterOptions::message_parser"), std::string::npos);
  EXPECT_NE(start_error<WantsServer>().find("use the lifecycle hook on_module_init"), std::string::npos);
}

TEST(SocketIoAdapter, StopsTheStartOfGatewaysThatWantPlainClients) {
  struct OneModule {
    static void describe(Module& m) { m.provides<Journal>().gateways<MainGateway>(); }
  };
  try {
    static_cast<void>(testing::create<OneModule>().start());
    FAIL() << "it has started";
  } catch (StartError const& error) {
    EXPECT_STREQ(
        error.what(),
        "aerie: MainGateway::bye asks for WsClient&, but the clients of this application's WebSocket adapter "
        "are Socket; take that, or an aerie::ExecutionContext&, which fits every adapter");
  }
}

TEST(WsAdapter, RefusesImpossibleOptions) {
  EXPECT_THROW(WsAdapter({.outgoing_limit = 0}), StartError);
  EXPECT_THROW(WsAdapter({.ping_interval = 0ms}), StartError);
}

}  // namespace aerie::gateway::ws_cases
