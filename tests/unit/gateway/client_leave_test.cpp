// What becomes of what is done for a client that leaves.

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace aerie { namespace client_leave_cases {

using namespace std::chrono_literals;

struct Notes {
  std::vector<std::string> lines;
};

/// Notes how a coroutine's frame has ended.
class Witness {
 public:
  Witness(Notes& notes, std::string name) : notes_(notes), name_(std::move(name)) {}
  Witness(Witness const&) = delete;
  Witness& operator=(Witness const&) = delete;
  ~Witness() { notes_.lines.push_back(name_ + (finished ? " finished" : " broke off")); }
  bool finished = false;

 private:
  Notes& notes_;
  std::string name_;
};

struct SlowGuard {
  Task<bool> can_activate(ExecutionContext&) {
    co_await sleep_for(1s);
    co_return true;
  }
};

class LongGateway {
 public:
  explicit LongGateway(Notes& notes) : notes_(notes) {}
  static void describe(Gateway<LongGateway>& g) {
    g.on<&LongGateway::store>();
    g.on<&LongGateway::watch>().cancel_on_leave();
    g.on<&LongGateway::guarded>().use<SlowGuard>();
    g.on<&LongGateway::guarded_watch>("guardedWatch").use<SlowGuard>().cancel_on_leave();
    g.on<&LongGateway::ticks>();
  }

 private:
  Task<std::string> store() {
    Witness witness(notes_, "store");
    co_await sleep_for(5s);
    witness.finished = true;
    co_return "stored";
  }
  Task<std::string> watch() {
    Witness witness(notes_, "watch");
    co_await sleep_for(5s);
    witness.finished = true;
    co_return "watched";
  }
  Task<std::string> guarded() {
    notes_.lines.emplace_back("guarded began");
    co_return "guarded";
  }
  Task<std::string> guarded_watch() {
    notes_.lines.emplace_back("guarded watch began");
    co_return "guarded";
  }
  Generator<int> ticks() {
    Witness const witness(notes_, "ticks");
    for (int i = 0;; ++i) {
      co_yield i;
      co_await sleep_for(1s);
    }
  }

  Notes& notes_;
};

struct LongModule {
  static void describe(Module& m) { m.provides<Notes>().gateways<LongGateway>(); }
};

using Lines = std::vector<std::string>;

struct Expected {
  std::string event;
  Lines at_once;
  Lines in_the_end;
};
Expected const expectations[] = {
    {"store", {}, {"store finished"}},
    {"watch", {"watch broke off"}, {"watch broke off"}},
    {"guarded", {}, {"guarded began"}},
    {"guardedWatch", {}, {}},
    {"ticks", {"ticks broke off"}, {"ticks broke off"}},
};

/// Has a client leave that has just sent the event.
void expect_notes(testing::Application& app, Expected const& expected, std::function<void()> const& leave) {
  auto& notes = app.get<Notes>();
  app.advance(500ms);
  EXPECT_EQ(notes.lines, Lines()) << expected.event;
  leave();
  app.run();
  EXPECT_EQ(notes.lines, expected.at_once) << expected.event;
  app.advance(10s);
  EXPECT_EQ(notes.lines, expected.in_the_end) << expected.event;
}

TEST(ClientsThatLeave, LetHandlersRunToTheirEndUnlessTheyAreToldNotTo) {
  for (auto const& expected : expectations) {
    for (auto const leave : {+[](testing::Client& client) { client.disconnect(); },
                             +[](testing::Client& client) { client.lose_connection(); }}) {
      auto app = testing::create<LongModule>().start();
      auto client = app.connect();
      client.emit(expected.event);
      expect_notes(app, expected, [&] { leave(client); });
    }
  }
}

TEST(ClientsThatLeave, OfPlainWebSocketsDoTheSame) {
  for (auto const& expected : expectations) {
    for (auto const leave : {+[](testing::WebSocket& client) { client.close(); },
                             +[](testing::WebSocket& client) { client.lose_connection(); }}) {
      auto app =
          testing::create<LongModule>()
              .configure([](Application& application) { application.use_websocket_adapter<WsAdapter>(); })
              .start();
      auto client = app.connect_websocket();
      client.send_event(expected.event);
      expect_notes(app, expected, [&] { leave(client); });
    }
  }
}

TEST(PlainWebSockets, AreAnswered503WhenMemoryIsScarce) {
  auto app = testing::create<LongModule>()
                 .options({.runtime = {.memory_limit = core::ProcessMemory::least_limit}})
                 .configure([](Application& application) { application.use_websocket_adapter<WsAdapter>(); })
                 .start();
  auto const there = app.connect_websocket();
  auto& shard = app.application().runtime().shard(0);
  std::size_t used = 0;
  auto const use = [&](std::size_t percent) {
    auto const bytes = core::ProcessMemory::least_limit / 100 * percent;
    shard.post([&shard, more = bytes - used] { shard.account().charge(more); });
    used = bytes;
    app.run();
  };
  use(91);
  auto const refused = app.connect_websocket();
  EXPECT_EQ(refused.handshake().status, 503);
  EXPECT_EQ(refused.handshake().header("Retry-After"), "5");
  EXPECT_TRUE(there.is_open());
  use(0);
  EXPECT_EQ(app.connect_websocket().handshake().status, 101);
}

class DescribedGateway {
 public:
  explicit DescribedGateway(Notes& notes) : notes_(notes) {}
  static void describe(Gateway<DescribedGateway>& g) {
    g.options({.server = [](ServerOptions& options) { options.max_attachments = 1; }});
    g.on<&DescribedGateway::echo>();
    g.disconnecting<&DescribedGateway::going>().disconnected<&DescribedGateway::gone>();
  }

 private:
  Value echo(Value const& value) { return value; }
  void going(DisconnectReason reason, DisconnectDescription const& description) {
    notes_.lines.push_back("going: " + std::string(to_string(reason)) + ": " + description.text);
  }
  Task<void> gone(DisconnectDescription description, Socket&) {
    co_await sleep_for(1ms);
    notes_.lines.push_back("gone: " + description.text);
  }

  Notes& notes_;
};

struct DescribedModule {
  static void describe(Module& m) { m.provides<Notes>().gateways<DescribedGateway>(); }
};

TEST(DisconnectDescriptions, SayWhatIsKnownBeyondTheReason) {
  auto app = testing::create<DescribedModule>().start();
  auto silent = app.connect();
  // It answers no pings any more.
  silent.lose_connection();
  app.run();
  EXPECT_EQ(app.get<Notes>().lines.front(), "going: transport close: ");
  app.advance(10ms);
  EXPECT_EQ(app.get<Notes>().lines.back(), "gone: ");
}

TEST(DisconnectDescriptions, TellAClientsMistake) {
  auto app = testing::create<DescribedModule>().start();
  auto client = app.connect();
  // Two attachments, where GatewayOptions::server allows one.
  auto const two = Value::array({Bytes("a"), Bytes("b")});
  client.emit("echo", two);
  app.advance(10ms);
  EXPECT_FALSE(client.connected());
  EXPECT_EQ(app.get<Notes>().lines,
            (Lines{"going: forced close: too many attachments", "gone: too many attachments"}));
}

TEST(GatewayOptionsServer, ChangesEverySettingOfItsServer) {
  auto app = testing::create<DescribedModule>().start();
  auto client = app.connect();
  EXPECT_EQ(client.emit_with_ack("echo", Bytes("a")), Value(Bytes("a")));
  EXPECT_TRUE(client.connected());
}

}}  // namespace aerie::client_leave_cases
