#pragma once

/// \file
/// Gateways for clients on plain WebSockets.

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace aerie::gateway::test {

class PlainGateway {
 public:
  static void describe(Gateway<PlainGateway>& g) {
    g.options(
        {.ping_interval = std::chrono::milliseconds(200), .ping_timeout = std::chrono::milliseconds(500)});
    g.on<&PlainGateway::echo>();
    g.on<&PlainGateway::made>();
    g.on<&PlainGateway::later>();
    g.on<&PlainGateway::count>();
    g.on<&PlainGateway::fail>();
    g.on<&PlainGateway::bye>();
    g.on<&PlainGateway::flood>();
    g.on<&PlainGateway::target>();
  }

 private:
  Value echo(Value const& value) { return value; }
  Event<Value> made(Value const& value) { return {"created", value}; }
  Task<Value> later(Value value) {
    co_await sleep_for(std::chrono::milliseconds(20));
    co_return value;
  }
  Generator<Event<std::int64_t>> count(std::int64_t last) {
    for (std::int64_t i = 1; i <= last; ++i) {
      Event<std::int64_t> event{"number", i};
      co_yield std::move(event);
    }
  }
  void fail() { throw WsException("as ordered"); }
  void bye(WsClient& client) { client.close(websocket::CloseCode(4001), "bye"); }
  void flood(WsClient& client) {
    for (int i = 0; i < 2000; ++i)
      client.send_text(std::string(50'000, 'x'));
  }
  std::string target(WsClient& client) { return std::string(client.request().target()); }
};

struct HasToken {
  bool can_activate(ExecutionContext& context) { return context.credential("token") == "secret"; }
};

class GuardedGateway {
 public:
  static void describe(Gateway<GuardedGateway>& g) {
    g.options({.path = "/guarded"}).protect<HasToken>();
    g.on<&GuardedGateway::echo>();
  }

 private:
  Value echo(Value const& value) { return value; }
};

struct PlainModule {
  static void describe(Module& m) { m.gateways<PlainGateway, GuardedGateway>(); }
};

}  // namespace aerie::gateway::test
