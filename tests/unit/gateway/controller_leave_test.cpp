// Requests whose clients leave while they are being answered.

#include "unit/gateway/application_fixture.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/run_blocking.hpp>
#include <aerie/core/sleep.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace aerie { namespace controller_leave_cases {

using namespace std::chrono_literals;

/// What was done, across layers and handlers.
struct Ledger {
  std::vector<std::string> lines;
};

struct SlowGuard {
  Task<bool> can_activate(ExecutionContext&) {
    co_await sleep_for(1s);
    co_return true;
  }
};

struct Narrow {
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    auto reply = co_await next();
    co_await sleep_for(1s);
    ledger->lines.emplace_back("intercepted");
    co_return reply;
  }
  explicit Narrow(Ledger& its_ledger) : ledger(&its_ledger) {}
  Ledger* ledger;
};

class Orders {
 public:
  explicit Orders(Ledger& ledger) : ledger_(ledger) {}
  static void describe(Controller<Orders>& c) {
    c.at("/orders");
    c.post<&Orders::store>("stored");
    c.post<&Orders::store>("guarded").use<SlowGuard>();
    c.post<&Orders::store>("intercepted").use<Narrow>();
    c.post<&Orders::block>("blocked");
    c.post<&Orders::fail>("failed");
    c.get<&Orders::search>("search").cancel_on_leave();
  }

 private:
  Task<void> store() {
    co_await sleep_for(1s);
    ledger_.lines.emplace_back("stored");
  }
  Task<void> block() {
    co_await sleep_for(1s);
    auto work = [this] { ledger_.lines.emplace_back("stored"); };
    co_await run_blocking(work);
    ledger_.lines.emplace_back("told");
  }
  Task<void> fail() {
    co_await sleep_for(1s);
    throw 7;
  }
  Task<void> search() {
    try {
      co_await sleep_for(1s);
      ledger_.lines.emplace_back("searched");
    } catch (Cancelled const&) {
      ledger_.lines.emplace_back("cancelled");
    }
  }

  Ledger& ledger_;
};

struct OrdersModule {
  static void describe(Module& m) { m.provides<Ledger>().controllers<Orders>(); }
};

struct LeaveCase {
  std::string_view method;
  std::string_view path;
  std::vector<std::string> expected;
};

class LeavingClients : public ::testing::TestWithParam<LeaveCase> {};

TEST_P(LeavingClients, AreAnsweredToTheEndUnlessCancellationIsAskedFor) {
  test::ApplicationOnAClock<OrdersModule> server;
  server.app.init();
  auto client = server.connect();
  client.write(core::concat(GetParam().method, " ", GetParam().path,
                            " HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n"));
  server.run();
  client.reset();
  server.run();
  EXPECT_EQ(server.app.http().connections(), 0U);
  for (int i = 0; i < 5; ++i)
    server.advance(1s);
  // A worker may be at it.
  while (server.app.http().requests() > 0) {
    std::this_thread::yield();
    server.run();
  }
  EXPECT_EQ(server.app.get<Ledger>().lines, GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(Requests, LeavingClients,
                         ::testing::Values(LeaveCase{"POST", "/orders/stored", {"stored"}},
                                           LeaveCase{"POST", "/orders/guarded", {"stored"}},
                                           LeaveCase{
                                               "POST", "/orders/intercepted", {"stored", "intercepted"}},
                                           LeaveCase{"POST", "/orders/blocked", {"stored", "told"}},
                                           LeaveCase{"POST", "/orders/failed", {}},
                                           LeaveCase{"GET", "/orders/search", {"cancelled"}}));

}}  // namespace aerie::controller_leave_cases
