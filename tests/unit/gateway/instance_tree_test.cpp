#include "unit/gateway/ws_fixture.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { namespace instance_tree_cases {

using namespace std::chrono_literals;
using gateway::StartError;
using Lines = std::vector<std::string>;

/// What has happened, of all clients.
struct Diary {
  Lines lines;
  bool refuses = false;
};

/// Each client's own.
class Basket {
 public:
  Basket(Socket& socket, Diary& diary) : socket_(socket), diary_(diary) {
    if (diary.refuses) throw std::runtime_error("no baskets left");
    diary_.lines.emplace_back("+basket");
  }
  ~Basket() {
    diary_.lines.push_back(std::string("-basket ") + (socket_.connected() ? "of one who is there" : ""));
  }
  Basket(Basket const&) = delete;

  std::size_t put(std::string const& thing) {
    things_.push_back(thing);
    return things_.size();
  }
  std::string_view owner() const { return socket_.id(); }

 private:
  Socket& socket_;
  Diary& diary_;
  Lines things_;
};

class Till {
 public:
  Till(Basket& given, Diary& diary) : basket(given), diary_(diary) { diary_.lines.emplace_back("+till"); }
  ~Till() { diary_.lines.emplace_back("-till"); }
  Till(Till const&) = delete;
  Basket& basket;

 private:
  Diary& diary_;
};

class ShopGateway {
 public:
  ShopGateway(Till& till, Diary& diary) : till_(till), diary_(diary) {
    diary_.lines.emplace_back("+gateway");
  }
  ~ShopGateway() { diary_.lines.emplace_back("-gateway"); }
  static void describe(Gateway<ShopGateway>& g) {
    g.on<&ShopGateway::put>();
    g.on<&ShopGateway::owner>();
    g.on<&ShopGateway::slowly>();
    g.disconnected<&ShopGateway::gone>();
  }

 private:
  std::size_t put(std::string const& thing) { return till_.basket.put(thing); }
  bool owner(Socket& socket, OfConnection<Basket> basket) {
    return basket->owner() == socket.id() && &*basket == &till_.basket;
  }
  Task<> slowly() {
    co_await sleep_for(1s);
    diary_.lines.push_back("slowly, with " + std::to_string(till_.basket.put("last")));
  }
  void gone() { diary_.lines.emplace_back("gone"); }

  Till& till_;
  Diary& diary_;
};

struct ShopModule {
  static void describe(Module& m) {
    m.provides<Diary>().per_connection<Basket>().per_connection<Till>().gateways<ShopGateway>();
  }
};

TEST(PerConnection, EachClientHasATreeOfItsOwnFromItsConnectionOn) {
  auto app = testing::create<ShopModule>().start();
  auto& lines = app.get<Diary>().lines;
  EXPECT_EQ(lines, Lines());
  auto ada = app.connect();
  EXPECT_EQ(lines, (Lines{"+basket", "+till", "+gateway"}));
  auto bob = app.connect();
  EXPECT_EQ(ada.emit_with_ack("put", "bread"), Value(1));
  EXPECT_EQ(ada.emit_with_ack("put", "salt"), Value(2));
  EXPECT_EQ(bob.emit_with_ack("put", "milk"), Value(1));
  EXPECT_EQ(ada.emit_with_ack("owner"), Value(true));
  lines.clear();
  ada.disconnect();
  app.run();
  EXPECT_EQ(lines, (Lines{"gone", "-gateway", "-till", "-basket "}));
}

TEST(PerConnection, WhatRunsEndsBeforeTheTreeIsDestroyed) {
  auto app = testing::create<ShopModule>().start();
  auto& lines = app.get<Diary>().lines;
  auto ada = app.connect();
  ada.emit("slowly");
  lines.clear();
  ada.lose_connection();
  app.run();
  EXPECT_EQ(lines, Lines{"gone"});
  app.advance(1s);
  EXPECT_EQ(lines, (Lines{"gone", "slowly, with 1", "-gateway", "-till", "-basket "}));
}

TEST(PerConnection, WhatItHoldsIsChargedAndGivenBack) {
  auto app = testing::create<ShopModule>().start();
  auto const& account = app.application().runtime().shard(0).account();
  constexpr auto held = sizeof(Basket) + sizeof(Till) + sizeof(ShopGateway);
  auto ada = app.connect();
  auto const with_her = account.used();
  EXPECT_GE(with_her, held);
  ada.lose_connection();
  app.run();
  EXPECT_GE(with_her, account.used() + held);
}

TEST(PerConnection, AConstructorThatThrowsCostsItsClientTheConnection) {
  auto app = testing::create<ShopModule>().start();
  app.get<Diary>().refuses = true;
  auto ada = app.connect();
  EXPECT_FALSE(ada.connected());
  EXPECT_TRUE(app.has_logged("no baskets left"));
  app.run();
  EXPECT_EQ(app.get<Diary>().lines, Lines()) << "nothing was made whose hook could be told";
  app.get<Diary>().refuses = false;
  EXPECT_TRUE(app.connect().connected());
}

TEST(PerConnection, TreesEndWithTheApplication) {
  std::optional<testing::Application> app = testing::create<ShopModule>().start();
  auto const diary = std::make_shared<Lines>();
  auto ada = app->connect();
  app->close();
  EXPECT_EQ(app->get<Diary>().lines.back(), "-basket ");
}

// --- Layers that ask for what belongs to clients

struct Budget {
  explicit Budget(Socket&) {}
  int left = 2;
};

class SpendsBudget {
 public:
  explicit SpendsBudget(Budget& budget) : budget_(budget) {}
  bool can_activate(ExecutionContext&) { return budget_.left-- > 0; }

 private:
  Budget& budget_;
};

class TellsBudget {
 public:
  explicit TellsBudget(Budget& budget) : budget_(budget) {}
  Reply intercept(ExecutionContext&, CallHandler&) { return Value(budget_.left); }

 private:
  Budget& budget_;
};

class SaysBudget {
 public:
  explicit SaysBudget(Budget& budget) : budget_(budget) {}
  void on_exception(WsException const&, ExecutionContext& context) { context.emit("budget", budget_.left); }

 private:
  Budget& budget_;
};

class SpendingGateway {
 public:
  static void describe(Gateway<SpendingGateway>& g) {
    g.on<&SpendingGateway::spend>().use<SpendsBudget>().use<TellsBudget>().use<SaysBudget>();
  }

 private:
  void spend() {}
};

struct SpendingModule {
  static void describe(Module& m) { m.per_connection<Budget>().gateways<SpendingGateway>(); }
};

TEST(PerConnection, GuardsInterceptorsAndFiltersMayAskForIt) {
  auto app = testing::create<SpendingModule>().start();
  auto ada = app.connect();
  auto bob = app.connect();
  EXPECT_EQ(ada.emit_with_ack("spend"), Value(1));
  EXPECT_EQ(ada.emit_with_ack("spend"), Value(0));
  ada.emit("spend");
  EXPECT_EQ(ada.expect_event<int>("budget"), -1);
  EXPECT_EQ(bob.emit_with_ack("spend"), Value(1));
}

// --- Plain WebSockets

class Visit {
 public:
  Visit(WsClient& client, Diary& diary) : client_(client), diary_(diary) {}
  ~Visit() { diary_.lines.push_back(client_.is_open() ? "open" : "closed"); }
  Visit(Visit const&) = delete;
  std::string path() const { return std::string(client_.request().target()); }

 private:
  WsClient& client_;
  Diary& diary_;
};

class VisitGateway {
 public:
  explicit VisitGateway(Visit& visit) : visit_(visit) {}
  static void describe(Gateway<VisitGateway>& g) { g.on<&VisitGateway::path>(); }

 private:
  std::string path() { return visit_.path(); }
  Visit& visit_;
};

struct VisitModule {
  static void describe(Module& m) { m.provides<Diary>().per_connection<Visit>().gateways<VisitGateway>(); }
};

TEST(PerConnection, WorksOnPlainWebSockets) {
  auto app = testing::create<VisitModule>()
                 .configure([](Application& made) { made.use_websocket_adapter<WsAdapter>(); })
                 .start();
  {
    auto client = app.connect_websocket("/?x=1");
    EXPECT_EQ(gateway::ws_cases::answers(client, R"({"event":"path"})"), Lines{R"("/?x=1")"});
  }
  app.run();
  EXPECT_EQ(app.get<Diary>().lines, Lines{"closed"});
}

// --- What stops the start

template <class Root>
std::string start_error() {
  try {
    static_cast<void>(testing::create<Root>().start());
  } catch (StartError const& error) {
    return error.what();
  }
  return "";
}

struct Audit {
  explicit Audit(Basket&) {}
};
struct AuditModule {
  static void describe(Module& m) { m.provides<Diary>().per_connection<Basket>().provides<Audit>(); }
};
class BasketController {
 public:
  explicit BasketController(Basket&) {}
  static void describe(Controller<BasketController>& c) { c.at("/baskets"); }
};
struct ControllerModule {
  static void describe(Module& m) {
    m.provides<Diary>().per_connection<Basket>().controllers<BasketController>();
  }
};
struct LonelyModule {
  static void describe(Module& m) { m.per_connection<Till>().gateways<ShopGateway>().provides<Diary>(); }
};
struct Hen;
struct Egg {
  explicit Egg(Hen&) {}
};
struct Hen {
  explicit Hen(Egg&) {}
};
struct FarmModule {
  static void describe(Module& m) { m.per_connection<Egg>().per_connection<Hen>(); }
};
class InitialGateway {
 public:
  explicit InitialGateway(Budget&) {}
  static void describe(Gateway<InitialGateway>& g) { g.after_init<&InitialGateway::ready>(); }

 private:
  void ready(Server&) {}
};
struct InitialModule {
  static void describe(Module& m) { m.per_connection<Budget>().gateways<InitialGateway>(); }
};
class BudgetPipe {
 public:
  explicit BudgetPipe(Budget&) {}
  Value transform(Value value) { return value; }
};
class PipedGateway {
 public:
  static void describe(Gateway<PipedGateway>& g) { g.on<&PipedGateway::hear>().use<BudgetPipe>(); }

 private:
  void hear(std::string const&) {}
};
struct PipedModule {
  static void describe(Module& m) { m.per_connection<Budget>().gateways<PipedGateway>(); }
};
struct GuardedController {
  static void describe(Controller<GuardedController>& c) {
    c.get<&GuardedController::say>().use<SpendsBudget>();
  }
  std::string say() { return "said"; }
};
struct GuardedModule {
  static void describe(Module& m) { m.per_connection<Budget>().controllers<GuardedController>(); }
};
struct WsOnSocketIoModule {
  static void describe(Module& m) { m.provides<Diary>().per_connection<Visit>().gateways<VisitGateway>(); }
};

TEST(PerConnection, SaysAtTheStartWhatCannotBe) {
  struct Case {
    std::string said;
    std::string_view expected;
  };
  Case const cases[] = {
      {start_error<AuditModule>(),
       "aerie: Audit → Basket: each client has a Basket of its own, but there is one Audit; provide that "
       "with "
       "m.per_connection<Audit>() as well"},
      {start_error<ControllerModule>(),
       "aerie: BasketController → Basket: each client has a Basket of its own, but there is one "
       "BasketController for all requests, which have none; ask for it in a gateway"},
      {start_error<LonelyModule>(),
       "aerie: Till → Basket: no provider; add m.provides<Basket>() to LonelyModule or import a module that "
       "exports it"},
      {start_error<FarmModule>(),
       "aerie: Egg → Hen → Egg: these need each other; break the cycle with a factory, or move what both "
       "need "
       "into a class of its own"},
      {start_error<InitialModule>(),
       "aerie: InitialGateway is made for each client, as it asks for what each has of its own, but its "
       "after_init belongs to none of them; put that in a gateway of the same namespace that is there once"},
      {start_error<PipedModule>(),
       "aerie: BudgetPipe asks for what each client has of its own, but a pipe is made once and does not "
       "know "
       "whose values it is given; use an interceptor, or an aerie::OfConnection parameter"},
      {start_error<GuardedModule>(),
       "aerie: SpendsBudget asks for what each client of a gateway has of its own, and requests have no such "
       "client; use it in gateways, or say .only(aerie::ContextType::ws)"},
      {start_error<WsOnSocketIoModule>(),
       "aerie: what each client has of its own asks for WsClient&, but the clients of this application's "
       "WebSocket adapter are Socket; take that"},
  };
  for (auto const& each : cases)
    EXPECT_EQ(each.said, each.expected);
}

TEST(PerConnection, AnApplicationHasNoOneOfIt) {
  auto app = testing::create<SpendingModule>().start();
  EXPECT_THROW(app.get<Budget>(), StartError);
  EXPECT_THROW(app.get<Socket>(), StartError);
}

}}  // namespace aerie::instance_tree_cases
