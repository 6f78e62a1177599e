// How applications close: what they wait for, and what they do not.

#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/run_blocking.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { namespace shutdown_cases {

using namespace std::chrono_literals;

/// What has happened, in its order.
struct Diary {
  std::vector<std::string> lines;
  bool has(std::string_view line) const {
    for (auto const& each : lines)
      if (each == line) return true;
    return false;
  }
};

/// The last to be told.
class Store {
 public:
  explicit Store(Diary& diary) : diary_(diary) {}
  void on_application_shutdown(std::string_view signal) {
    diary_.lines.push_back("store closed " + std::string(signal));
  }

 private:
  Diary& diary_;
};

class SlowGateway {
 public:
  explicit SlowGateway(Diary& diary) : diary_(diary) {}
  static void describe(Gateway<SlowGateway>& g) {
    g.on<&SlowGateway::store>();
    g.on<&SlowGateway::endless>();
    g.disconnecting<&SlowGateway::leaving>().disconnected<&SlowGateway::left>();
  }

 private:
  Task<std::string> store() {
    co_await sleep_for(1s);
    auto work = [this] { diary_.lines.emplace_back("stored"); };
    co_await run_blocking(work);
    co_await sleep_for(1s);
    diary_.lines.emplace_back("handled");
    co_return "handled";
  }
  Task<void> endless() {
    try {
      co_await sleep_for(24h);
    } catch (Cancelled const&) {
      diary_.lines.emplace_back("cancelled");
      throw;
    }
  }
  Task<void> leaving() {
    co_await sleep_for(1s);
    diary_.lines.emplace_back("leaving");
  }
  Task<void> left() {
    co_await sleep_for(2s);
    diary_.lines.emplace_back("left");
  }

  Diary& diary_;
};

class SlowController {
 public:
  explicit SlowController(Diary& diary) : diary_(diary) {}
  static void describe(Controller<SlowController>& c) {
    c.post<&SlowController::store>("slow");
    c.post<&SlowController::endless>("endless");
  }

 private:
  Task<void> store() {
    co_await sleep_for(3s);
    diary_.lines.emplace_back("answered");
  }
  Task<void> endless() { co_await sleep_for(24h); }

  Diary& diary_;
};

struct SlowModule {
  static void describe(Module& m) {
    m.provides<Diary>().provides<Store>();
    m.gateways<SlowGateway>().controllers<SlowController>();
  }
};

struct Shutdowns : ::testing::TestWithParam<unsigned> {
  testing::Application app = testing::create<SlowModule>()
                                 .options({.runtime = {.threads = GetParam()}, .shutdown_timeout = 5s})
                                 .start();
  Diary& diary = app.get<Diary>();
  core::TimePoint const began = app.clock().now();

  std::chrono::milliseconds taken() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(app.clock().now() - began);
  }
};

TEST_P(Shutdowns, TakeNoTimeWhereNothingRuns) {
  app.close();
  EXPECT_LT(taken(), 100ms);
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"store closed "}));
}

TEST_P(Shutdowns, WaitForTheHooksOfClientsThatHaveLeft) {
  auto early = app.connect();
  early.disconnect();
  app.advance(500ms);
  auto late = app.connect();
  app.close("SIGTERM");
  EXPECT_EQ(diary.lines,
            (std::vector<std::string>{"leaving", "leaving", "left", "left", "store closed SIGTERM"}));
  EXPECT_LT(taken(), 2'600ms);
}

TEST_P(Shutdowns, WaitForRequestsWhoseClientsHaveLeft) {
  EXPECT_THROW(static_cast<void>(app.http().post("/slow", Value::object({}))), testing::Failure);
  app.close();
  EXPECT_EQ(diary.lines, (std::vector<std::string>{"answered", "store closed "}));
}

TEST_P(Shutdowns, LetAMessageBeHandledToItsEnd) {
  auto client = app.connect();
  auto const ack = client.ask("store");
  app.advance(100ms);
  app.close();
  EXPECT_EQ(client.disconnect_reason(), "transport close");
  EXPECT_TRUE(ack.has_arrived()) << "its answer reaches the client";
  EXPECT_TRUE(diary.has("stored"));
  EXPECT_TRUE(diary.has("handled"));
  EXPECT_EQ(diary.lines.back(), "store closed ");
  // Two seconds each: the handler, then the hooks of a client that has left.
  EXPECT_GE(taken(), 4s);
  EXPECT_LT(taken(), 4'100ms);
}

TEST_P(Shutdowns, CancelAMessageWhoseHandlerDoesNotEnd) {
  auto client = app.connect();
  client.ask("endless");
  app.close();
  EXPECT_GE(taken(), 4'700ms);
  EXPECT_LE(taken(), 5s);
  EXPECT_TRUE(app.has_logged("are cancelled: \"disconnect\", \"endless\"")) << "they are named";
  EXPECT_TRUE(diary.has("cancelled"));
  EXPECT_EQ(diary.lines.back(), "store closed ");
}

TEST_P(Shutdowns, LeaveRequestsBehindThatDoNotEnd) {
  EXPECT_THROW(static_cast<void>(app.http().post("/endless", Value::object({}))), testing::Failure);
  app.close();
  EXPECT_GE(taken(), 5s);
  EXPECT_LT(taken(), 5'100ms);
  EXPECT_TRUE(app.has_logged("shutdown_timeout): SlowController::endless"));
}

INSTANTIATE_TEST_SUITE_P(OnShards, Shutdowns, ::testing::Values(1U, 3U));

TEST(Shutdown, LetsRequestsBeAnswered) {
  test::ApplicationOnAClock<SlowModule> server;
  server.app.init();
  auto client = server.connect();
  client.write("POST /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
  server.run();
  bool closed = false;
  server.app.close({}, [&] { closed = true; });
  server.advance(2'999ms);
  EXPECT_FALSE(closed);
  server.advance(1ms);
  auto bytes = client.take();
  EXPECT_EQ(test::take_answer(bytes).status, 201);
  server.advance(10ms);
  EXPECT_TRUE(closed);
}

// --- Who asks, and how often

TEST(Shutdown, CallsBackEverybodyAndClosesOnce) {
  test::ApplicationOnAClock<SlowModule> server;
  server.app.init();
  int called = 0;
  server.app.close("first", [&] { ++called; });
  server.app.close("second", [&] { ++called; });
  server.app.close();
  server.app.close("third", [&] {
    ++called;
    throw 42;
  });
  server.app.close({}, [&] { ++called; });
  EXPECT_EQ(called, 0);
  server.run();
  server.advance(10ms);
  EXPECT_EQ(called, 4);
  server.in_turn([&] { server.app.close({}, [&] { ++called; }); });
  EXPECT_EQ(called, 5);
  server.app.close({}, [&] { ++called; });
  server.run();
  EXPECT_EQ(called, 6);
  EXPECT_EQ(server.app.get<Diary>().lines, (std::vector<std::string>{"store closed first"}));
  EXPECT_TRUE(server.logged("the callback of close has thrown"));
}

TEST(Shutdown, CallsBackAlsoWhenItsOwnRuntimeHasEnded) {
  auto app = Application::create<SlowModule>({.runtime = {.log_level = LogLevel::off}});
  int called = 0;
  app.init();
  app.close({}, [&] { ++called; });
  app.run();
  EXPECT_EQ(called, 1);
  app.close({}, [&] { ++called; });
  EXPECT_EQ(called, 2);
}

TEST(Shutdown, RefusesImpossibleTimeouts) {
  for (core::Milliseconds const timeout : {0ms, -1ms, core::Milliseconds::max()})
    EXPECT_THROW(
        static_cast<void>(testing::create<SlowModule>().options({.shutdown_timeout = timeout}).start()),
        gateway::StartError);
}

// --- Hooks that misbehave

/// What the hooks of `Wild` do: "throw exception", "throw int", "hang".
struct Deed {
  std::string_view hook;
  std::string_view deed;
};

Task<void> misbehave(std::string_view deed) {
  if (deed == "throw exception") throw std::runtime_error("as ordered");
  if (deed == "throw int") throw 42;
  if (deed == "hang") co_await sleep_for(24h);
  co_await sleep_for(1ms);
  if (deed == "throw later") throw 42;
}

class WildHooks {
 public:
  explicit WildHooks(Deed const& deed) : deed_(deed) {}
  Task<void> on_module_destroy() { return obey("on_module_destroy"); }
  Task<void> before_application_shutdown(std::string_view) { return obey("before_application_shutdown"); }
  Task<void> on_application_shutdown(std::string_view) { return obey("on_application_shutdown"); }

 private:
  Task<void> obey(std::string_view hook) {
    if (hook != deed_.hook) return misbehave("nothing");
    // Not within the task.
    if (deed_.deed == "throw at once") throw 42;
    return misbehave(deed_.deed);
  }
  Deed deed_;
};

class TameHooks {
 public:
  explicit TameHooks(Diary& diary) : diary_(diary) {}
  void on_module_destroy() { diary_.lines.emplace_back("destroy"); }
  Task<void> before_application_shutdown(std::string_view) {
    co_await sleep_for(1ms);
    diary_.lines.emplace_back("before");
  }
  void on_application_shutdown(std::string_view) { diary_.lines.emplace_back("shutdown"); }

 private:
  Diary& diary_;
};

TEST(Shutdown, GoesOnWhateverItsHooksDo) {
  for (auto const hook : {"on_module_destroy", "before_application_shutdown", "on_application_shutdown"}) {
    for (auto const deed : {"throw at once", "throw exception", "throw int", "throw later", "hang"}) {
      SCOPED_TRACE(std::string(hook) + ": " + deed);
      static Deed ordered;
      ordered = {hook, deed};
      struct Root {
        static void describe(Module& m) {
          m.provides_value(ordered).provides<Diary>().provides<TameHooks>().provides<WildHooks>();
          m.gateways<SlowGateway>();
        }
      };
      auto app = testing::create<Root>().options({.shutdown_timeout = 1s}).start();
      auto client = app.connect();
      auto const began = app.clock().now();
      app.close();
      EXPECT_FALSE(client.connected());
      auto const& diary = app.get<Diary>();
      for (auto const tame : {"destroy", "before", "shutdown"})
        EXPECT_TRUE(diary.has(tame)) << tame;
      EXPECT_TRUE(app.has_logged(core::concat(
          "the lifecycle hook", deed == std::string_view("hang") ? " " : " of ", "WildHooks::", hook)));
      EXPECT_LT(app.clock().now() - began, 4'500ms);
    }
  }
}

// --- Their order

std::vector<std::string> called;

class LowHooks {
 public:
  void on_module_init() { called.emplace_back("init low"); }
  void on_application_bootstrap() { called.emplace_back("bootstrap low"); }
  void on_module_destroy() { called.emplace_back("destroy low"); }
  void before_application_shutdown(std::string_view) { called.emplace_back("before low"); }
  void on_application_shutdown(std::string_view) { called.emplace_back("shutdown low"); }
};

class HighHooks {
 public:
  explicit HighHooks(LowHooks&) {}
  Task<void> on_module_init() {
    co_await sleep_for(1h);
    called.emplace_back("init high");
  }
  void on_application_bootstrap() { called.emplace_back("bootstrap high"); }
  Task<void> on_module_destroy() {
    co_await sleep_for(1ms);
    called.emplace_back("destroy high");
  }
  void before_application_shutdown(std::string_view) { called.emplace_back("before high"); }
  void on_application_shutdown(std::string_view) { called.emplace_back("shutdown high"); }
};

// As @nestjs/core 12.5.1 was seen to call them.
TEST(Shutdown, CallsHooksOfThoseWhoNeedOthersFirst) {
  struct Root {
    static void describe(Module& m) { m.provides<HighHooks>().provides<LowHooks>(); }
  };
  called.clear();
  auto app = testing::create<Root>().start();
  app.close();
  EXPECT_EQ(called, (std::vector<std::string>{"init low", "init high", "bootstrap low", "bootstrap high",
                                              "destroy high", "destroy low", "before high", "before low",
                                              "shutdown high", "shutdown low"}));
}

// --- Adapters that misbehave

class WildAdapter : public WsAdapter {
 public:
  explicit WildAdapter(std::string_view deed) : deed_(deed) {}
  void close(std::function<void()> done) override {
    if (deed_ == "throw") throw 42;
    if (deed_ == "forget") return;
    done();
    done();
    if (deed_ == "throw after all") throw std::runtime_error("as ordered");
  }

 private:
  std::string_view deed_;
};

TEST(Shutdown, GoesOnWhateverItsAdapterDoes) {
  struct Root {
    static void describe(Module& m) { m.provides<Diary>().provides<TameHooks>(); }
  };
  for (auto const deed : {"throw", "throw after all", "forget", "twice"}) {
    SCOPED_TRACE(deed);
    auto app = testing::create<Root>()
                   .configure([&](Application& application) {
                     application.use_websocket_adapter<WildAdapter>(deed);
                   })
                   .start();
    app.close();
    EXPECT_TRUE(app.get<Diary>().has("shutdown"));
  }
}

// --- Signals

/// Receives signals while a request is under way that does not end; exits with 3 if it was waited for until
/// the deadline.
void run_with_signals(std::initializer_list<int> signals) {
  core::ManualClock clock;
  Runtime runtime({.log_sink =
                       [](LogRecord const& record) {
                         std::fprintf(stderr, "%.*s\n", static_cast<int>(record.message.size()),
                                      record.message.data());
                       },
                   .clock = &clock});
  auto app = Application::create<SlowModule>(runtime);
  app.enable_shutdown_hooks();
  app.enable_shutdown_hooks({SIGTERM});
  app.init();
  auto const advance = [&](core::Milliseconds by) {
    clock.advance(by);
    runtime.shard(0).run_ready();
  };
  auto pair = core::memory_pair(runtime.shard(0));
  app.http().serve(std::move(pair.server));
  pair.client.write("POST /endless HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
  advance(0ms);
  for (auto const signal : signals) {
    std::raise(signal);
    advance(0ms);
  }
  advance(1ms);
  advance(9'998ms);
  auto const waits = app.get<Diary>().lines.empty();
  advance(1ms);
  advance(1ms);
  std::_Exit(waits && app.get<Diary>().has("store closed SIGTERM") ? 3 : 4);
}

TEST(ShutdownDeathTest, ClosesOnASignalAndWaits) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(run_with_signals({SIGTERM}), ::testing::ExitedWithCode(3),
              "closing on SIGTERM; a second signal ends the process at once");
}

TEST(ShutdownDeathTest, EndsAtOnceOnASecondSignalAndSaysWhatStillRuns) {
  ::testing::GTEST_FLAG(death_test_style) = "threadsafe";
  EXPECT_EXIT(run_with_signals({SIGTERM, SIGTERM}), ::testing::KilledBySignal(SIGTERM),
              "ending at once on a second signal, SIGTERM; still running: .*SlowController::endless, 1 HTTP "
              "connection");
  EXPECT_EXIT(run_with_signals({SIGTERM, SIGINT}), ::testing::KilledBySignal(SIGINT),
              "ending at once on a second signal, SIGINT");
}

}}  // namespace aerie::shutdown_cases
