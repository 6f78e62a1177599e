// Every function that an application gives its gateways and controllers, and what it may do that it should
// not: throw what is no std::exception, disconnect whom it is called for, close the application.

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>
#include <aerie/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { namespace user_code_cases {

using namespace std::chrono_literals;

/// What the function whose turn it is does.
class Orders {
 public:
  static Orders& of(std::string_view place) {
    auto& orders = get();
    orders.asked_ = place;
    return orders;
  }
  static void give(std::string_view place, std::string_view deed, std::function<void()> action = {}) {
    auto& orders = get();
    orders.place_ = place;
    orders.deed_ = deed;
    orders.action_ = std::move(action);
    orders.obeyed_ = false;
  }
  static bool obeyed() { return get().obeyed_; }

  void obey() {
    if (asked_ != place_) return;
    obeyed_ = true;
    if (deed_ == "throw exception") throw std::runtime_error("as ordered");
    if (deed_ == "throw int") throw 42;
    if (action_) action_();
  }

 private:
  static Orders& get() {
    static Orders orders;
    return orders;
  }
  std::string asked_, place_, deed_;
  std::function<void()> action_;
  bool obeyed_ = false;
};

struct Note {
  std::int64_t id = 0;
  static void describe(Schema<Note>& s) { s.field<&Note::id>().minimum(1); }
};

struct Guarding {
  bool can_activate(ExecutionContext&) {
    Orders::of("guard").obey();
    return true;
  }
};

struct Intercepting {
  Task<Reply> intercept(ExecutionContext&, CallHandler& next) {
    auto reply = co_await next();
    Orders::of("interceptor").obey();
    co_return std::move(reply).map([](ReplyItem item) {
      Orders::of("mapping").obey();
      return item;
    });
  }
};

struct Piping {
  Value transform(Value value) {
    Orders::of("pipe").obey();
    return value;
  }
};

/// Has something to do only where an error is.
struct Filtering {
  void on_exception(std::exception_ptr const& error, ExecutionContext& context) {
    Orders::of("filter").obey();
    context.deliver_error(error);
  }
};

struct Causing : BaseWsExceptionFilter {
  Causing()
      : BaseWsExceptionFilter({.cause_factory = [](std::string_view, Value const&) -> Value {
          Orders::of("cause factory").obey();
          return "cause";
        }}) {}
};

ThrottleOptions throttle_options() {
  return {.limit = 1000, .by = [](ExecutionContext&) {
            Orders::of("throttle key").obey();
            return std::string("everybody");
          }};
}

ValidationPipeOptions validation_options() {
  return {.exception_factory = [](std::vector<ValidationError> const&) {
    Orders::of("exception factory").obey();
    return WsException("refused");
  }};
}

struct Extracting {
  static Extracting extract(ExecutionContext&) {
    Orders::of("extractor").obey();
    return {};
  }
};

template <class Builder>
void add_layers(Builder builder) {
  builder.template use<Guarding>().template use<Intercepting>().template use<Piping>();
  builder.template use<Throttle>(throttle_options()).template use<ValidationPipe>(validation_options());
  builder.template use<Filtering>();
}

class WildGateway {
 public:
  static void describe(Gateway<WildGateway>& g) {
    add_layers(g.on<&WildGateway::handle>("handle"));
    add_layers(g.on<&WildGateway::count>("count"));
    g.on<&WildGateway::fail>("fail").use<Causing>();
    g.on<&WildGateway::echo>("echo");
    g.connected<&WildGateway::connected>();
    g.disconnecting<&WildGateway::disconnecting>().disconnected<&WildGateway::disconnected>();
  }

 private:
  Note handle(Note const& note, Extracting const&) {
    Orders::of("handler").obey();
    return note;
  }
  Generator<std::int64_t> count(Note const& note) {
    co_yield note.id;
    co_await sleep_for(1ms);
    co_yield note.id + 1;
  }
  void fail() { throw WsException("failed"); }
  Value echo(Value const& value) { return value; }
  void connected() { Orders::of("connected").obey(); }
  void disconnecting() { Orders::of("disconnecting").obey(); }
  void disconnected() { Orders::of("disconnected").obey(); }
};

class WildController {
 public:
  static void describe(Controller<WildController>& c) {
    add_layers(c.post<&WildController::handle>("handle"));
    c.get<&WildController::echo>("echo");
  }

 private:
  Note handle(Note const& note, Extracting const&) {
    Orders::of("handler").obey();
    return note;
  }
  std::string echo() { return "alive"; }
};

struct WildModule {
  static void describe(Module& m) { m.gateways<WildGateway>().controllers<WildController>(); }
};

struct Place {
  std::string_view name;
  std::string_view event;
  std::int64_t id;  // 0 is refused by the validation
};

constexpr Place places[] = {
    {"guard", "handle", 1},
    {"interceptor", "handle", 1},
    {"mapping", "handle", 1},
    {"mapping", "count", 1},
    {"pipe", "handle", 1},
    {"throttle key", "handle", 1},
    {"exception factory", "handle", 0},
    {"extractor", "handle", 1},
    {"handler", "handle", 1},
    {"filter", "handle", 0},
    {"cause factory", "fail", 1},
    {"connected", "", 0},
    {"disconnecting", "", 0},
    {"disconnected", "", 0},
};
constexpr std::string_view deeds[] = {"throw exception", "throw int", "disconnect everybody",
                                      "close connections", "close the application"};

class UserCodeOfGateways : public ::testing::TestWithParam<unsigned> {};

TEST_P(UserCodeOfGateways, EndsNothingButWhatItSaysItEnds) {
  for (auto const& place : places) {
    for (auto const deed : deeds) {
      SCOPED_TRACE(std::string(place.name) + ": " + std::string(deed));
      Orders::give("", "");
      auto app = testing::create<WildModule>().options({.runtime = {.threads = GetParam()}}).start();
      auto& io = app.application().get<Server>();
      auto bystander = app.connect();
      std::function<void()> action;
      if (deed == "disconnect everybody") action = [&] { io.disconnect_sockets(); };
      if (deed == "close connections") action = [&] { io.disconnect_sockets(true); };
      if (deed == "close the application") action = [&] { app.application().close(); };
      Orders::give(place.name, deed, std::move(action));
      {
        auto client = app.connect();
        if (!place.event.empty()) static_cast<void>(client.ask(place.event, Note{place.id}));
        app.advance(10ms);
        client.lose_connection();
        app.advance(10ms);
      }
      EXPECT_TRUE(Orders::obeyed());
      Orders::give("", "");
      if (deed == "close the application") {
        EXPECT_FALSE(bystander.connected());
        continue;
      }
      EXPECT_EQ(bystander.connected(), deed.starts_with("throw"));
      auto other = app.connect();
      ASSERT_TRUE(other.connected());
      EXPECT_EQ(other.emit_with_ack("echo", "alive"), Value("alive"));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OnShards, UserCodeOfGateways, ::testing::Values(1U, 3U));

TEST(UserCodeOfControllers, EndsNothingButWhatItSaysItEnds) {
  for (auto const& place : places) {
    if (place.event != "handle") continue;
    for (auto const deed : {"throw exception", "throw int", "close the server", "close the application"}) {
      SCOPED_TRACE(std::string(place.name) + ": " + deed);
      Orders::give("", "");
      auto app = testing::create<WildModule>().start();
      std::function<void()> action;
      if (deed == std::string_view("close the server")) action = [&] { app.application().http().close(); };
      if (deed == std::string_view("close the application")) action = [&] { app.application().close(); };
      Orders::give(place.name, deed, std::move(action));
      auto const answer = app.http().post("/handle", Note{place.id});
      EXPECT_TRUE(Orders::obeyed());
      auto const throws = std::string_view(deed).starts_with("throw");
      EXPECT_EQ(answer.status, throws || place.id == 0 ? 500 : 201);
      Orders::give("", "");
      if (throws) {
        EXPECT_EQ(app.http().get("/echo").body, "alive");
      }
    }
  }
}

// --- Plain WebSockets

class EchoGateway {
 public:
  static void describe(Gateway<EchoGateway>& g) { g.on<&EchoGateway::echo>(); }

 private:
  Value echo(Value const& value) { return value; }
};

TEST(UserCodeOfWebSockets, MayBeAParserThatThrows) {
  for (auto const deed : {"throw exception", "throw int"}) {
    SCOPED_TRACE(deed);
    Orders::give("parser", deed);
    WsAdapterOptions options;
    options.message_parser = [](std::string_view, bool) -> std::optional<WsMessage> {
      Orders::of("parser").obey();
      return WsMessage{"echo", Value("parsed")};
    };
    struct Root {
      static void describe(Module& m) { m.gateways<EchoGateway>(); }
    };
    auto app = testing::create<Root>()
                   .configure([&](Application& application) {
                     application.use_websocket_adapter<WsAdapter>(options);
                   })
                   .start();
    auto client = app.connect_websocket();
    client.send_text("x");
    EXPECT_TRUE(Orders::obeyed());
    Orders::give("", "");
    client.send_text("x");
    app.run();
    EXPECT_TRUE(client.is_open());
  }
}

// --- What is called while an application starts: that throws to whoever starts it

struct Settings {
  std::string path = "/socket.io";
};

struct Built {
  explicit Built(Settings const&) { Orders::of("constructor").obey(); }
  void on_module_init() { Orders::of("on_module_init").obey(); }
  void on_application_bootstrap() { Orders::of("on_application_bootstrap").obey(); }
};

struct BuiltGuard {
  BuiltGuard() { Orders::of("constructor of a guard").obey(); }
  bool can_activate(ExecutionContext&) { return true; }
};

class StartingGateway {
 public:
  explicit StartingGateway(Built&) { Orders::of("constructor of a gateway").obey(); }
  static void describe(Gateway<StartingGateway>& g) {
    Orders::of("describe").obey();
    g.options([](Settings const& settings) {
      Orders::of("options").obey();
      GatewayOptions options;
      options.path = settings.path;
      options.server = [](ServerOptions&) { Orders::of("options of the server").obey(); };
      return options;
    });
    g.on<&StartingGateway::echo>().use<BuiltGuard>();
    g.after_init<&StartingGateway::started>();
  }

 private:
  Value echo(Value const& value) { return value; }
  void started(Server&) { Orders::of("after_init").obey(); }
};

struct StartingModule {
  static DynamicModule for_root() {
    return dynamic_module<StartingModule>([](Module& m) {
      Orders::of("dynamic module").obey();
      m.provides<Settings>([] {
        Orders::of("factory").obey();
        return Settings{};
      });
    });
  }
  static void describe(Module& m) { m.provides<Built>().gateways<StartingGateway>(); }
};

struct StartingRoot {
  static void describe(Module& m) { m.imports(StartingModule::for_root()); }
};

TEST(UserCodeOfTheStart, ThrowsToWhoeverStartsAndLeavesNothingBehind) {
  constexpr std::string_view of_the_start[] = {"dynamic module",
                                               "factory",
                                               "constructor",
                                               "on_module_init",
                                               "on_application_bootstrap",
                                               "describe",
                                               "options",
                                               "after_init",
                                               "constructor of a guard",
                                               "constructor of a gateway",
                                               "configure",
                                               "options of the server"};
  auto const start = [] {
    return testing::create<StartingRoot>()
        .configure([](Application&) { Orders::of("configure").obey(); })
        .start();
  };
  for (auto const place : of_the_start) {
    SCOPED_TRACE(place);
    Orders::give(place, "throw exception");
    EXPECT_THROW(static_cast<void>(start()), std::runtime_error);
    EXPECT_TRUE(Orders::obeyed());
    Orders::give(place, "throw int");
    EXPECT_THROW(static_cast<void>(start()), int);
    EXPECT_TRUE(Orders::obeyed());
    // The next one finds nothing of it.
    Orders::give("", "");
    auto app = start();
    EXPECT_EQ(app.connect().emit_with_ack("echo", "alive"), Value("alive"));
  }
}

TEST(UserCodeOfTheStart, MayCloseWhatStarts) {
  for (auto const* const place : {"configure", "on_module_init", "on_application_bootstrap", "describe",
                                  "options", "options of the server", "after_init"}) {
    SCOPED_TRACE(place);
    Application* starting = nullptr;
    Orders::give(place, "close the application", [&] { starting->close(); });
    auto builder = testing::create<StartingRoot>().configure([&](Application& application) {
      starting = &application;
      Orders::of("configure").obey();
    });
    auto app = builder.start();
    EXPECT_TRUE(Orders::obeyed());
    Orders::give("", "");
    EXPECT_FALSE(app.connect().connected());
    // What comes after it is not concerned.
    EXPECT_EQ(testing::create<StartingRoot>().start().connect().emit_with_ack("echo", "alive"),
              Value("alive"));
  }
}

// --- What a test gives

TEST(UserCodeOfTests, ThrowsToTheTestAndTheApplicationGoesOn) {
  for (auto const deed : {"throw exception", "throw int"}) {
    SCOPED_TRACE(deed);
    Orders::give("", "");
    auto app = testing::create<WildModule>().start();
    auto client = app.connect();
    client.on("question", [](Array const&) -> Value {
      Orders::of("handler of a client").obey();
      return "answer";
    });
    Orders::give("handler of a client", deed);
    app.application().get<Server>().emit("question", 1);
    EXPECT_ANY_THROW(app.run());
    EXPECT_TRUE(Orders::obeyed());
    Orders::give("", "");
    EXPECT_EQ(client.emit_with_ack("echo", "alive"), Value("alive"));
  }
}

}}  // namespace aerie::user_code_cases
