// Whatever handlers, layers and hooks do, the application and its other clients live on.

#include "unit/gateway/misbehaviour.hpp"

#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace aerie::gateway::test { namespace robustness_cases {

class Robustness : public ::testing::TestWithParam<unsigned> {
 protected:
  testing::Application app =
      testing::create<WildModule>().options({.runtime = {.threads = GetParam()}}).start();

  /// A client that the guards have had the time to let in.
  testing::Client connect(Object auth = {}, testing::ConnectOptions options = {}) {
    auto client = app.connect("/", std::move(auth), std::move(options));
    app.advance(2ms);
    return client;
  }
  /// The client is served.
  void expect_served(testing::Client& client) {
    auto const answer = client.ask("echo", "alive");
    app.advance(2ms);
    EXPECT_EQ(answer.value(), Value("alive"));
  }
  /// The application still serves new clients.
  void expect_alive() {
    auto client = connect({}, {.transport = testing::Transport::polling});
    ASSERT_TRUE(client.connected());
    expect_served(client);
  }
};

Value order(std::string_view deed, std::string_view place = "handler") {
  return Value::object({{"do", deed}, {"in", place}});
}

TEST_P(Robustness, SurvivesWhatHandlersDo) {
  auto bystander = connect();
  for (auto const event : events) {
    for (auto const deed : misdeeds) {
      SCOPED_TRACE(std::string(event) + ": " + std::string(deed));
      auto client = connect();
      static_cast<void>(client.ask(event, order(deed)));
      app.advance(10ms);
      EXPECT_EQ(client.connected(), deed.starts_with("throw"));
      if (client.connected()) {
        expect_served(client);
      }
      if (deed == "disconnect all") {
        EXPECT_FALSE(bystander.connected());
        bystander = connect();
      }
      expect_served(bystander);
    }
  }
  expect_alive();
}

TEST_P(Robustness, SurvivesWhatLayersDo) {
  auto bystander = connect();
  for (auto const place : places) {
    for (auto const deed : misdeeds) {
      SCOPED_TRACE(std::string(place) + ": " + std::string(deed));
      auto client = connect();
      auto const message = Value::object({{"do", deed}, {"in", place}});
      static_cast<void>(client.ask("layered", message));
      app.advance(10ms);
      if (client.connected()) {
        expect_served(client);
      }
      if (!bystander.connected()) bystander = connect();
      expect_served(bystander);
    }
  }
  expect_alive();
}

TEST_P(Robustness, SurvivesWhatFiltersDoWithErrors) {
  for (auto const deed : misdeeds) {
    SCOPED_TRACE(deed);
    auto client = connect();
    client.emit("event", Value::object({{"do", deed}, {"in", "filter"}, {"fail", true}}));
    app.advance(10ms);
    expect_alive();
  }
}

TEST_P(Robustness, SurvivesWhatHooksOfConnectionsDo) {
  auto bystander = connect();
  for (auto const hook : {"opened", "closed"}) {
    for (auto const deed : misdeeds) {
      SCOPED_TRACE(std::string(hook) + ": " + std::string(deed));
      auto client = connect({{hook, deed}});
      client.disconnect();
      app.advance(10ms);
      if (!bystander.connected()) bystander = connect();
      expect_served(bystander);
    }
  }
  expect_alive();
}

TEST_P(Robustness, SurvivesWhatGuardsOfConnectionsDo) {
  for (auto const place : {"guard", "later guard"}) {
    for (auto const deed : misdeeds) {
      SCOPED_TRACE(std::string(place) + ": " + std::string(deed));
      auto client = connect({{"do", deed}, {"in", place}});
      app.advance(10ms);
      expect_alive();
    }
  }
}

TEST_P(Robustness, SurvivesClientsThatLeaveWhateverGoesOn) {
  for (auto const event : {"never", "neverStream", "stubborn", "slow", "late", "late_stream", "layered"}) {
    for (auto const leave : {&testing::Client::disconnect, &testing::Client::lose_connection}) {
      SCOPED_TRACE(event);
      auto client = connect();
      static_cast<void>(client.ask(event, Value::object({})));
      (client.*leave)();
      app.advance(1min);
      expect_alive();
    }
  }
  // Whoever was waited for may still come.
  app.get<Waiting>().completers.clear();
  app.run();
  expect_alive();
}

TEST_P(Robustness, SurvivesAnswersThatComeWhenTheClientHasGone) {
  auto client = connect();
  static_cast<void>(client.ask("never"));
  static_cast<void>(client.ask("neverStream"));
  client.disconnect();
  for (auto& completer : app.get<Waiting>().completers)
    completer();
  app.run();
  expect_alive();
}

TEST_P(Robustness, MayBeClosedWithWorkInTheMaking) {
  auto client = connect();
  auto other = connect();
  for (auto const event : {"never", "neverStream", "stubborn", "slow"}) {
    static_cast<void>(client.ask(event));
    static_cast<void>(other.ask(event));
  }
  app.close();
  EXPECT_FALSE(client.connected());
  EXPECT_FALSE(other.connected());
}

TEST_P(Robustness, MayEndWithWorkInTheMaking) {
  auto client = connect();
  for (auto const event : {"never", "neverStream", "stubborn", "slow", "late"})
    static_cast<void>(client.ask(event));
  auto waiting = connect({{"in", "later guard"}});
}

INSTANTIATE_TEST_SUITE_P(OnShards, Robustness, ::testing::Values(1U, 4U));

// --- Lifecycle hooks

struct BadHooks {
  void on_module_destroy() { throw 1; }
  Task<void> before_application_shutdown(std::string_view) {
    co_await sleep_for(0ms);
    throw std::runtime_error("as ordered");
  }
  void on_application_shutdown(std::string_view) { throw std::string("as ordered"); }
};

struct GoodHooks {
  void on_module_destroy() { ++called; }
  void before_application_shutdown(std::string_view) { ++called; }
  void on_application_shutdown(std::string_view) { ++called; }
  int called = 0;
};

struct HooksModule {
  static void describe(Module& m) { m.imports<WildModule>().provides<BadHooks>().provides<GoodHooks>(); }
};

TEST(Lifecycle, ClosesWhateverHooksThrow) {
  auto app = testing::create<HooksModule>().start();
  auto client = app.connect();
  app.close();
  EXPECT_FALSE(client.connected());
  EXPECT_EQ(app.get<GoodHooks>().called, 3);
  EXPECT_TRUE(app.has_logged("the lifecycle hook of BadHooks::on_module_destroy has thrown"));
}

struct EndlessHook {
  Task<void> on_module_destroy() {
    auto const keep = std::make_shared<int>(1);
    core::Completion<> completion;
    waiting.push_back(completion.completer());
    co_await completion;
    last = *keep;
  }
  std::vector<core::Completer<void>> waiting;
  int last = 0;
};

struct EndlessModule {
  static void describe(Module& m) { m.provides<EndlessHook>(); }
};

TEST(Lifecycle, EndsWithHooksThatDoNot) {
  auto app = testing::create<EndlessModule>().start();
  app.close();
  EXPECT_TRUE(app.has_logged("the lifecycle hook EndlessHook::on_module_destroy has not ended in 10000 ms"));
}

struct FailsToStart {
  void on_module_init() { throw std::runtime_error("no database"); }
};

struct FailingModule {
  static void describe(Module& m) { m.imports<WildModule>().provides<FailsToStart>(); }
};

TEST(Lifecycle, DoesNotStartWithoutItsProviders) {
  EXPECT_THROW(static_cast<void>(testing::create<FailingModule>().start()), std::runtime_error);
}

}}  // namespace aerie::gateway::test::robustness_cases
