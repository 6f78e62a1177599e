#include "unit/websocket/frames.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>
#include <aerie/websocket/peer.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace aerie::gateway {
namespace ws_adapter_cases {

using namespace std::chrono_literals;
using websocket::CloseCode;

struct Point {
  std::int64_t x = 0;
  std::int64_t y = 0;
  static void describe(Schema<Point>& s) {
    s.field<&Point::x>();
    s.field<&Point::y>();
  }
};

struct User {
  std::string name;
};

/// What has happened.
struct Journal {
  std::vector<std::string> lines;
};

struct NeedsName {
  Task<bool> can_activate(ExecutionContext& context) {
    auto const name = context.credential("name");
    if (name == "slow") co_await sleep_for(5s);
    if (name == "http") throw UnauthorizedException("who are you?");
    if (name == "ws") throw WsException(Value::object({{"code", 7}}));
    if (name == "bug") throw std::runtime_error("secret");
    if (context.is_connecting() && name) context.set(User{*name});
    co_return name.has_value();
  }
};

class MainGateway {
 public:
  explicit MainGateway(Journal& journal) : journal_(journal) {}
  static void describe(Gateway<MainGateway>& g) {
    g.on<&MainGateway::mirror>();
    g.on<&MainGateway::created>();
    g.on<&MainGateway::later>();
    g.on<&MainGateway::numbers>();
    g.on<&MainGateway::nothing>();
    g.on<&MainGateway::echo>();
    g.on<&MainGateway::fail>();
    g.on<&MainGateway::crash>();
    g.on<&MainGateway::bye>();
    g.on<&MainGateway::cut>();
    g.on<&MainGateway::flood>();
    g.connected<&MainGateway::opened>().disconnected<&MainGateway::closed>();
  }

 private:
  Point mirror(Point const& point) { return {point.y, point.x}; }
  Event<Point> created(Point const& point) { return {"made", point}; }
  Task<std::string> later(std::string text) {
    co_await sleep_for(1s);
    co_return text;
  }
  Generator<Event<std::int64_t>> numbers() {
    for (std::int64_t i = 1; i <= 3; ++i) {
      Event<std::int64_t> event{"number", i};
      co_yield std::move(event);
      co_await sleep_for(1s);
    }
  }
  void nothing() {}
  Value echo(Value const& value) { return value; }
  void fail() { throw WsException("no"); }
  void crash(Value const&) { throw std::runtime_error("secret"); }
  void bye(WsClient& client) {
    client.close(CloseCode(4000), "enough");
    client.emit("never", 1);
  }
  void cut(WsClient& client) { client.terminate(); }
  void flood(WsClient& client) {
    for (int i = 0; i < 100; ++i)
      client.send_text(std::string(100'000, 'x'));
  }
  void opened(WsClient& client) {
    journal_.lines.push_back("opened " + std::string(client.request().target()));
  }
  void closed(WsClient&, DisconnectReason why) { journal_.lines.emplace_back(to_string(why)); }

  Journal& journal_;
};

class GuardedGateway {
 public:
  static void describe(Gateway<GuardedGateway>& g) {
    g.options({.path = "guarded/"}).protect<NeedsName>();
    g.on<&GuardedGateway::who>();
  }

 private:
  std::string who(WsClient& client) { return client.get<User>().name; }
};

class OwnPortGateway {
 public:
  static void describe(Gateway<OwnPortGateway>& g) {
    g.options({.port = 25'399, .path = "/own", .ping_interval = 1s, .ping_timeout = 1s});
    g.on<&OwnPortGateway::where>();
  }

 private:
  std::string where() { return "own port"; }
};

struct AppModule {
  static void describe(Module& m) {
    m.provides<Journal>().gateways<MainGateway, GuardedGateway, OwnPortGateway>();
  }
};

testing::Application start(WsAdapterOptions const& options = {}, unsigned threads = 1) {
  return testing::create<AppModule>()
      .options({.runtime = {.threads = threads}})
      .configure([&](Application& app) { app.use_websocket_adapter<WsAdapter>(options); })
      .start();
}

WsAdapter& adapter_of(testing::Application& app) {
  return static_cast<WsAdapter&>(app.application().adapter());
}

/// What is received after an event was sent.
std::vector<std::string> answers(testing::WebSocket& client, std::string_view text) {
  client.forget_received();
  client.send_text(text);
  return client.received();
}

using Texts = std::vector<std::string>;

TEST(WsAdapter, SendsWhatHandlersReturn) {
  auto app = start();
  auto client = app.connect_websocket();
  ASSERT_TRUE(client.is_open());
  EXPECT_EQ(answers(client, R"({"event":"mirror","data":{"x":1,"y":2}})"), Texts{R"({"x":2,"y":1})"});
  EXPECT_EQ(answers(client, R"({"data":{"x":1,"y":2},"event":"created","more":1})"),
            Texts{R"({"event":"made","data":{"x":1,"y":2}})"});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":[1,2]})"), Texts{"[1,2]"});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":false})"), Texts{"false"});
}

TEST(WsAdapter, SendsNothingForNothing) {
  auto app = start();
  auto client = app.connect_websocket();
  EXPECT_EQ(answers(client, R"({"event":"nothing"})"), Texts{});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":null})"), Texts{});
  EXPECT_EQ(answers(client, R"({"event":"echo"})"), Texts{});
}

TEST(WsAdapter, SendsLaterWhatComesLater) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("later", "here");
  client.send_event("numbers");
  EXPECT_EQ(client.expect_event("number"), Value(1));
  client.expect_nothing();
  app.advance(2s);
  EXPECT_EQ(client.received(),
            (Texts{R"("here")", R"({"event":"number","data":2})", R"({"event":"number","data":3})"}));
}

TEST(WsAdapter, TellsErrorsAsExceptionEvents) {
  auto app = start();
  auto client = app.connect_websocket();
  EXPECT_EQ(
      answers(client, R"({"event":"fail"})"),
      Texts{R"({"event":"exception","data":{"status":"error","message":"no","cause":{"pattern":"fail"}}})"});
  EXPECT_EQ(answers(client, R"({"event":"crash","data":1})"),
            Texts{R"({"event":"exception","data":{"status":"error","message":"Internal server error",)"
                  R"("cause":{"pattern":"crash","data":1}}})"});
  EXPECT_TRUE(app.has_logged("secret"));
}

TEST(WsAdapter, DropsWhatIsNoMessage) {
  static constexpr std::string_view texts[] = {"",
                                               "{",
                                               "null",
                                               "[]",
                                               "1",
                                               R"("mirror")",
                                               R"({"event":1,"data":{}})",
                                               R"({"data":{}})",
                                               R"({"event":"unknown"})",
                                               R"({"event":null})",
                                               R"({"event":"mirror","data":{"x":1,"y":2}}})"};
  auto app = start();
  auto client = app.connect_websocket();
  for (auto const text : texts)
    EXPECT_EQ(answers(client, text), Texts{}) << text;
  EXPECT_EQ(answers(client, std::string(2000, '[')), Texts{});
  EXPECT_TRUE(client.is_open());
  EXPECT_TRUE(app.has_logged("has sent what is no message; it is dropped"));
  client.send_binary("\xff\xfe");
  client.expect_nothing();
  client.send_binary(R"({"event":"echo","data":"bytes"})");
  EXPECT_EQ(client.received(), Texts{R"("bytes")"});
}

TEST(WsAdapter, TakesAParserOfTheApplicationsOwn) {
  auto app = start({.message_parser = [](std::string_view frame, bool) -> std::optional<WsMessage> {
    if (frame == "throw") throw 1;
    if (!frame.starts_with('!')) return std::nullopt;
    return WsMessage{"echo", Value(frame.substr(1))};
  }});
  auto client = app.connect_websocket();
  EXPECT_EQ(answers(client, "!hello"), Texts{R"("hello")"});
  EXPECT_EQ(answers(client, R"({"event":"echo","data":1})"), Texts{});
  EXPECT_EQ(answers(client, "throw"), Texts{});
  EXPECT_TRUE(client.is_open());
}

TEST(WsAdapter, TellsGatewaysApartByPathAndPort) {
  auto app = start();
  EXPECT_TRUE(app.connect_websocket("/?a=b").is_open());
  EXPECT_TRUE(app.connect_websocket("/guarded?name=Ada").is_open());
  EXPECT_FALSE(app.connect_websocket("/guarded/more?name=Ada").is_open());
  EXPECT_FALSE(app.connect_websocket("/own").is_open());
  auto own = app.connect_websocket("/own", {}, 25'399);
  EXPECT_EQ(answers(own, R"({"event":"where"})"), Texts{R"("own port")"});
  EXPECT_FALSE(app.connect_websocket("/", {}, 25'399).is_open());
}

TEST(WsAdapter, LeavesOtherRequestsAlone) {
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

TEST(WsAdapter, AsksGuardsBeforeItAccepts) {
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

TEST(WsAdapter, KeepsWhatGuardsHaveFound) {
  auto app = start();
  auto client = app.connect_websocket("/guarded?name=Ada");
  EXPECT_EQ(answers(client, R"({"event":"who"})"), Texts{R"("Ada")"});
}

TEST(WsAdapter, WaitsForSlowGuards) {
  auto app = start();
  auto client = app.connect_websocket("/guarded?name=slow");
  EXPECT_EQ(client.handshake().status, 0);
  app.advance(5s);
  EXPECT_TRUE(client.is_open());
}

TEST(WsAdapter, GivesUpOnGuardsThatTakeTooLong) {
  auto app = start({.handshake_timeout = 2s});
  auto client = app.connect_websocket("/guarded?name=slow");
  app.advance(2s);
  EXPECT_EQ(client.handshake().status, 503);
  app.advance(1min);
}

TEST(WsAdapter, ForgetsClientsThatLeaveWhileGuardsAreAsked) {
  auto app = start();
  {
    auto client = app.connect_websocket("/guarded?name=slow");
    client.lose_connection();
  }
  app.advance(1min);
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsAdapter, ChecksTheOriginOfBrowsers) {
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

TEST(WsAdapter, CallsTheHooksOfConnections) {
  auto app = start();
  {
    auto client = app.connect_websocket("/?x=1");
    client.close();
    EXPECT_EQ(client.close_code(), CloseCode::normal);
  }
  { auto const client = app.connect_websocket("/?x=2"); }
  app.run();
  EXPECT_EQ(app.get<Journal>().lines,
            (Texts{"opened /?x=1", "transport close", "opened /?x=2", "transport close"}));
}

TEST(WsAdapter, ClosesWithACodeAndAReason) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("bye");
  EXPECT_EQ(client.close_code(), CloseCode(4000));
  client.expect_nothing();
  EXPECT_EQ(app.get<Journal>().lines.back(), "server namespace disconnect");
}

TEST(WsAdapter, CutsConnections) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_event("cut");
  EXPECT_EQ(client.close_code(), CloseCode::abnormal);
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsAdapter, DropsClientsThatDoNotAnswerItsCloseFrame) {
  auto app = start();
  auto client = app.connect_websocket();
  client.stop_reading();
  client.send_event("bye");
  EXPECT_EQ(adapter_of(app).clients_count(), 1U);
  app.advance(websocket::close_timeout);
  EXPECT_EQ(adapter_of(app).clients_count(), 0U);
}

TEST(WsAdapter, DropsClientsThatDoNotAnswerPings) {
  auto app = start();
  auto const alive = app.connect_websocket();
  auto silent = app.connect_websocket();
  silent.stop_reading();
  app.advance(45s);
  EXPECT_EQ(app.get<Journal>().lines.back(), "ping timeout");
  app.advance(10min);
  EXPECT_TRUE(alive.is_open());
  EXPECT_EQ(adapter_of(app).clients_count(), 1U);
}

TEST(WsAdapter, DropsSlowConsumers) {
  auto app = start();
  auto client = app.connect_websocket();
  client.stop_reading(1000);
  client.send_event("flood");
  EXPECT_EQ(app.get<Journal>().lines.back(), "transport error");
  EXPECT_TRUE(app.has_logged("closed as a slow consumer"));
}

TEST(WsAdapter, RefusesMessagesThatAreTooLong) {
  auto app = start({.max_message_size = 100});
  auto client = app.connect_websocket();
  client.send_text(std::string(101, ' '));
  EXPECT_EQ(client.close_code(), CloseCode::message_too_big);
  EXPECT_EQ(app.get<Journal>().lines.back(), "parse error");
}

TEST(WsAdapter, RefusesFramesThatBreakTheProtocol) {
  auto app = start();
  auto client = app.connect_websocket();
  client.send_raw(websocket::test::wire({.first = 0x81, .payload = "not masked", .masked = false}));
  EXPECT_EQ(client.close_code(), CloseCode::protocol_error);
}

TEST(WsAdapter, SurvivesFramesOfRandomBytes) {
  static constexpr std::string_view seeds[] = {R"({"event":"mirror","data":{"x":1,"y":2}})",
                                               R"({"event":"later"})",
                                               R"({"event":"echo","data":[[[{"a":"\u00e4"}]]]})"};
  auto app = start({.max_message_size = 1000});
  std::mt19937 random(7);
  auto const any = [&random](std::size_t below) { return static_cast<std::size_t>(random()) % below; };
  for (int round = 0; round < 3000; ++round) {
    auto bytes = websocket::test::wire({.first = any(4) == 0 ? static_cast<unsigned>(any(256)) : 0x81,
                                        .payload = std::string(seeds[any(3)])});
    // The header is spared most of the time, or nothing would ever come through.
    for (auto changes = any(4); changes > 0; --changes)
      bytes[any(8) == 0 ? any(bytes.size()) : 6 + any(bytes.size() - 6)] = static_cast<char>(any(256));
    auto client = app.connect_websocket();
    client.send_raw(bytes.substr(0, any(10) == 0 ? any(bytes.size()) : bytes.size()));
  }
  auto client = app.connect_websocket();
  EXPECT_EQ(answers(client, R"({"event":"echo","data":1})"), Texts{"1"});
}

TEST(WsAdapter, ReadsNoMoreWhileTooMuchIsInTheMaking) {
  auto app = start({.max_pending_messages = 3});
  auto client = app.connect_websocket();
  for (int i = 0; i < 5; ++i)
    client.send_event("later", i == 4 ? "last" : "other");
  app.advance(1s);
  EXPECT_EQ(client.received().size(), 3U);
  app.advance(1s);
  EXPECT_EQ(client.received().size(), 5U);
  EXPECT_EQ(client.received().back(), R"("last")");
}

TEST(WsAdapter, HasRoomForSoManyConnections) {
  auto app = start({.max_connections = 1});
  auto first = app.connect_websocket();
  EXPECT_EQ(app.connect_websocket().handshake().status, 503);
  first.close();
  EXPECT_TRUE(app.connect_websocket().is_open());
}

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
    EXPECT_NE(std::string(error.what())
                  .find("MainGateway::bye asks for WsClient&, but the clients of this "
                        "application's WebSocket adapter are Socket;"),
              std::string::npos);
  }
}

TEST(WsAdapter, RefusesImpossibleOptions) {
  EXPECT_THROW(WsAdapter({.outgoing_limit = 0}), StartError);
  EXPECT_THROW(WsAdapter({.ping_interval = 0ms}), StartError);
}

}  // namespace ws_adapter_cases
}  // namespace aerie::gateway
