#pragma once

/// \file
/// An application whose clients are on plain WebSockets.

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::gateway::ws_cases {

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
  /// Those of clients that have left.
  std::vector<CloseCode> codes{};
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
  void closed(WsClient& client, DisconnectReason why) {
    journal_.lines.emplace_back(to_string(why));
    journal_.codes.push_back(client.close_code());
  }

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

inline testing::Application start(WsAdapterOptions const& options = {}, unsigned threads = 1) {
  return testing::create<AppModule>()
      .options({.runtime = {.threads = threads}})
      .configure([&](Application& app) { app.use_websocket_adapter<WsAdapter>(options); })
      .start();
}

inline WsAdapter& adapter_of(testing::Application& app) {
  return static_cast<WsAdapter&>(app.application().adapter());
}

/// What is received after an event was sent.
inline std::vector<std::string> answers(testing::WebSocket& client, std::string_view text) {
  client.forget_received();
  client.send_text(text);
  return client.received();
}

using Texts = std::vector<std::string>;

}  // namespace aerie::gateway::ws_cases
