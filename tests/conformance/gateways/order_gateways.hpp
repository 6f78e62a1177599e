#pragma once

/// \file
/// What clients send with `retries`: handlers that take their time, fail, or say nothing.

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace aerie::gateway::test {

struct PlacedOrder {
  std::string id;
  /// What the handler takes before it has stored the order, and after it.
  std::int64_t before = 0;
  std::int64_t after = 0;
  static void describe(Schema<PlacedOrder>& s) {
    s.field<&PlacedOrder::id>();
    s.field<&PlacedOrder::before>();
    s.field<&PlacedOrder::after>();
  }
};

/// Locked by those who use it, on any of the event loops.
struct OrderBook {
  std::mutex mutex;
  std::size_t begun = 0;
  std::vector<std::string> stored;
  std::map<std::string, int> failures;
};

class OrderGateway {
 public:
  explicit OrderGateway(OrderBook& book) : book_(book) {}
  static void describe(Gateway<OrderGateway>& g) {
    g.on<&OrderGateway::place>("place").idempotent<"id">({.by = &user});
    g.on<&OrderGateway::place>("placeAgain");
    g.on<&OrderGateway::fail>("fail").idempotent<"id">({.by = &user});
    g.on<&OrderGateway::note>("note").always_acknowledge();
    g.on<&OrderGateway::book>("book");
  }

 private:
  static std::string user(ExecutionContext& context) { return context.credential("user").value_or("nobody"); }

  Task<std::size_t> place(PlacedOrder const order) {
    begin();
    co_await sleep_for(core::Milliseconds{order.before});
    auto const number = store(order.id);
    co_await sleep_for(core::Milliseconds{order.after});
    co_return number;
  }
  Task<std::size_t> fail(PlacedOrder const order) {
    if (may_not_yet(order.id)) throw WsException("not now");
    co_return co_await place(order);
  }
  Task<> note(PlacedOrder const order) { static_cast<void>(co_await place(order)); }
  Value book() {
    std::scoped_lock const lock(book_.mutex);
    return Value::object({{"begun", book_.begun}, {"stored", to_value(book_.stored)}});
  }

  void begin() {
    std::scoped_lock const lock(book_.mutex);
    ++book_.begun;
  }
  std::size_t store(std::string const& id) {
    std::scoped_lock const lock(book_.mutex);
    book_.stored.push_back(id);
    return book_.stored.size();
  }
  bool may_not_yet(std::string const& id) {
    std::scoped_lock const lock(book_.mutex);
    return book_.failures[id]++ < 2;
  }

  OrderBook& book_;
};

struct OrderModule {
  static void describe(Module& m) { m.provides<OrderBook>().gateways<OrderGateway>(); }
};

}  // namespace aerie::gateway::test
