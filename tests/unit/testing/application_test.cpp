#include "testing/network.hpp"
#include "unit/testing/chat_fixture.hpp"

#include <aerie/core/completion.hpp>

#include <gtest/gtest.h>

namespace aerie::testing { namespace {

Object ada() {
  return {{"name", "Ada"}};
}

std::string text_of(Failure const& failure) {
  return failure.what();
}

/// The text of the failure that `action` ends with.
template <class Action>
std::string failure_of(Action action) {
  try {
    action();
  } catch (Failure const& failure) {
    return text_of(failure);
  }
  return "(no failure)";
}

TEST(TestApplication, ConnectsClientsAndReturnsAcknowledgements) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", {{"name", "Ada"}});
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.expect_event<std::string>("hello"), client.id());
  auto const joined = client.emit_with_ack("join", JoinRoom{3});
  EXPECT_EQ(joined["room"], Value(3));
  EXPECT_EQ(joined["greeting"], Value("welcome to 3"));
}

TEST(TestApplication, ConnectsByPollingAsWell) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada(), {.transport = Transport::polling});
  EXPECT_EQ(client.expect_event<std::string>("hello"), client.id());
  EXPECT_EQ(client.emit_with_ack("echo", Bytes{1, 2, 255}), Value(Bytes{1, 2, 255}));
  app.advance(10min);
  EXPECT_EQ(client.emit_with_ack("echo", "still here"), Value("still here"));
}

TEST(TestApplication, TellsWhyAClientWasRefused) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", {{"name", "Eve"}});
  EXPECT_FALSE(client.connected());
  ASSERT_TRUE(client.connect_error());
  EXPECT_EQ(client.connect_error()->message, "Forbidden resource");
  EXPECT_EQ(
      failure_of([&] { client.emit("say", "hi"); }),
      "aerie: the client in /chat (refused: Forbidden resource, {\"code\":\"Forbidden resource\"}) cannot "
      "send \"say\": it is not connected");
}

TEST(TestApplication, TakesCredentialsFromTheQuery) {
  auto app = create<ChatModule>().start();
  EXPECT_TRUE(app.connect("/chat", {}, {.query = {{"name", "Ada"}}}).connected());
  EXPECT_FALSE(app.connect("/chat", {}, {.query = {{"name", "A&name=Ada"}}}).connected());
}

TEST(TestApplication, SendsBinaryValuesBothWays) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  auto const sent = Value::object({{"one", Bytes{1, 2}}, {"two", Value::array({Bytes{3}, "text"})}});
  EXPECT_EQ(client.emit_with_ack("echo", sent), sent);
}

TEST(TestApplication, LetsClientsHearEachOther) {
  auto app = create<ChatModule>().start();
  auto ada_client = app.connect("/chat", ada());
  auto other = app.connect("/chat", ada(), {.transport = Transport::polling});
  ada_client.emit("say", "good morning");
  EXPECT_EQ(other.expect_event<std::string>("said"), "good morning");
  EXPECT_EQ(ada_client.expect_event<std::string>("said"), "good morning");
  EXPECT_EQ(failure_of([&] { other.expect_event("said"); }),
            "aerie: the client in /chat has not received \"said\", but hello(\"" + other.id() + "\")");
}

TEST(TestApplication, LetsTimePassOnlyWhenItIsTold) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  auto const ack = client.ask("later", "done");
  app.advance(9'999ms);
  EXPECT_FALSE(ack.has_arrived());
  EXPECT_NE(failure_of([&] { ack.value(); }).find("has no acknowledgement, but has received hello("),
            std::string::npos);
  app.advance(1ms);
  EXPECT_EQ(ack.value(), Value("done"));
}

TEST(TestApplication, KeepsClientsAliveForAsLongAsTimePasses) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  app.advance(2h);
  EXPECT_TRUE(client.connected());
  EXPECT_EQ(client.emit_with_ack("echo", 1), Value(1));
}

TEST(TestApplication, RunsBlockingWorkAtOnce) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  EXPECT_EQ(client.emit_with_ack("file"), Value(7));
}

TEST(TestApplication, ReportsExceptionsAsTheClientSeesThem) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  client.emit("fail");
  auto const error = client.expect_event("exception").at(0);
  EXPECT_EQ(error["message"], Value("no"));
  client.expect_no_event("exception");
}

TEST(TestApplication, AnswersWhatTheServerAsks) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  client.on("question",
            [](Array const& args) { return Value(std::string(args.at(0).as_string()) + " because"); });
  client.emit("question");
  EXPECT_EQ(client.expect_event<std::string>("thanks"), "why? because");
}

TEST(TestApplication, ReportsWhatATestsOwnHandlerThrows) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  client.on("said", [](Array const&) -> Value { throw Failure("not this"); });
  EXPECT_EQ(failure_of([&] { client.emit("say", "hello"); }), "not this");
  EXPECT_EQ(client.emit_with_ack("echo", "goes on"), Value("goes on"));
}

TEST(TestApplication, TellsWhatTheServerHasAnsweredInsteadOfConnecting) {
  for (auto const transport : {Transport::websocket, Transport::polling}) {
    auto app = create<ChatModule>().start();
    auto client = app.connect("/chat", ada(), {.transport = transport, .path = "/nowhere/"});
    // What asks for an upgrade and is nobody's is given a second, as in Node.js, and then no answer.
    app.advance(2s);
    EXPECT_FALSE(client.connected());
    ASSERT_TRUE(client.connect_error());
    auto const is_polling = transport == Transport::polling;
    EXPECT_EQ(client.connect_error()->data["status"], is_polling ? Value(404) : Value());
    EXPECT_FALSE(client.connect_error()->data["description"].is_undefined());
    EXPECT_EQ(failure_of([&] { app.connect("/", {}, {.transport = transport, .port = 1}); }),
              "aerie: no gateway of the application has port 1");
  }
}

TEST(TestApplication, TellsHowAConnectionHasEnded) {
  auto app = create<ChatModule>().start();
  auto kicked = app.connect("/chat", ada());
  kicked.emit("leave");
  EXPECT_EQ(kicked.disconnect_reason(), "io server disconnect");
  auto leaving = app.connect("/chat", ada());
  leaving.disconnect();
  EXPECT_EQ(leaving.disconnect_reason(), "io client disconnect");
  auto lost = app.connect("/chat", ada());
  lost.lose_connection();
  EXPECT_EQ(lost.disconnect_reason(), "transport close");
  auto polling = app.connect("/chat", ada(), {.transport = Transport::polling});
  polling.lose_connection();
  EXPECT_EQ(polling.disconnect_reason(), "transport error");
  auto& chat = static_cast<SocketIoAdapter&>(app.application().adapter()).server()->of("/chat");
  EXPECT_EQ(app.await(chat.fetch_sockets()).size(), 0U);
}

TEST(TestApplication, SharesAConnectionAmongNamespaces) {
  auto app = create<ChatModule>().start();
  auto main = app.connect();
  ASSERT_TRUE(main.connected());
  auto chat = main.connect("/chat", ada());
  ASSERT_TRUE(chat.connected());
  main.disconnect();
  EXPECT_TRUE(chat.connected());
  EXPECT_EQ(chat.emit_with_ack("echo", true), Value(true));
  EXPECT_FALSE(chat.connect("/nowhere").connected());
}

TEST(TestApplication, CallsHandlersDirectly) {
  auto app = create<ChatModule>().start();
  auto& gateway = app.get<ChatGateway>();
  EXPECT_EQ(gateway.join({5}).greeting, "welcome to 5");
  EXPECT_EQ(app.await(gateway.soon()), 42);
  EXPECT_EQ(
      failure_of([&] { static_cast<void>(app.await(gateway.later("x"))); }),
      "aerie: the task has not ended: it waits for time to pass, or for something that has not happened");
}

// What never comes, and no clock brings it.
struct EndlessStart {
  Task<void> on_module_init() {
    core::Completion<> never;
    co_await never;
  }
};

TEST(TestApplication, FailsIfItDoesNotStart) {
  struct Root {
    static void describe(Module& m) { m.provides<EndlessStart>(); }
  };
  auto const network = std::make_shared<Network>(gateway::module_reference<Root>(), ApplicationOptions{},
                                                 gateway::Overrides{});
  EXPECT_EQ(failure_of([&] { network->start(1); }),
            "aerie: the application has not started: a lifecycle hook does not end");
}

TEST(TestApplication, IsClosedWithItsHooks) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  app.close("SIGTERM");
  EXPECT_EQ(app.get<Journal>().lines,
            (std::vector<std::string>{"init", "bootstrap", "destroy", "shutdown SIGTERM"}));
  EXPECT_FALSE(client.connected());
}

TEST(TestApplication, MayEndBeforeItsClients) {
  std::optional<Client> client;
  {
    auto app = create<ChatModule>().start();
    client.emplace(app.connect("/chat", ada()));
  }
  EXPECT_FALSE(client->connected());
  EXPECT_FALSE(client->disconnect_reason().empty());
  auto another = client->connect("/chat", ada());
  ASSERT_TRUE(another.connect_error());
  EXPECT_EQ(another.connect_error()->data["description"], Value("aerie: the application under test is gone"));
}

TEST(TestApplication, LetsAClientComeBackOnItsConnection) {
  auto app = create<ChatModule>().start();
  auto main = app.connect();
  auto first = main.connect("/chat", ada());
  EXPECT_NE(
      failure_of([&] { static_cast<void>(main.connect("/chat", ada())); }).find("a client in /chat already"),
      std::string::npos);
  first.disconnect();
  auto second = main.connect("/chat", ada());
  ASSERT_TRUE(second.connected());
  first.forget_received();
  second.emit("say", "once");
  EXPECT_EQ(second.expect_event<std::string>("said"), "once");
  EXPECT_TRUE(first.received().empty());
}

TEST(TestApplication, RunsSeveralShardsOnTheTestsThread) {
  auto app = create<ChatModule>().options({.runtime = {.threads = 3}}).start();
  std::vector<Client> clients;
  for (int i = 0; i < 6; ++i)
    clients.push_back(
        app.connect("/chat", ada(), {.transport = i % 2 ? Transport::polling : Transport::websocket}));
  clients.front().emit("say", "all of you");
  for (auto& client : clients)
    EXPECT_EQ(client.expect_event<std::string>("said"), "all of you");
}

// --- Overrides

TEST(TestApplication, OverridesAProviderWithAnObjectOfTheTest) {
  struct CountingGreeter : Greeter {
    std::string greet(std::int64_t) override { return std::to_string(++count); }
    int count = 0;
  } greeter;
  auto app = create<ChatModule>().override_provider<Greeter>(greeter).start();
  auto client = app.connect("/chat", ada());
  client.emit("join", JoinRoom{});
  client.emit("join", JoinRoom{});
  EXPECT_EQ(greeter.count, 2);
}

TEST(TestApplication, OverridesAProviderWithAClassAValueOrAFactory) {
  auto const greeting = [](ApplicationBuilder& builder) {
    auto app = builder.start();
    return app.get<ChatGateway>().join({1}).greeting;
  };
  EXPECT_EQ(greeting(create<ChatModule>().override_provider<Greeter, RudeGreeter>()), "what do you want?");
  EXPECT_EQ(greeting(create<ChatModule>().override_provider<Greeter>(RudeGreeter{})), "what do you want?");
  EXPECT_EQ(greeting(create<ChatModule>().override_provider<Greeter>(
                [](Journal&) { return std::make_unique<RudeGreeter>(); })),
            "what do you want?");
}

TEST(TestApplication, RefusesToOverrideWhatNobodyProvides) {
  try {
    static_cast<void>(create<ChatModule>().override_provider<Unlisted>(Unlisted{}).start());
    FAIL() << "it has started";
  } catch (gateway::StartError const& error) {
    EXPECT_STREQ(error.what(), "aerie: no module of this application provides Unlisted");
  }
}

TEST(TestApplication, OverridesLayersWhereverTheyAre) {
  struct Everybody {
    bool can_activate(ExecutionContext&) { return true; }
  };
  auto given = create<ChatModule>().override_layer<OnlyAda>(Everybody{}).start();
  EXPECT_TRUE(given.connect("/chat").connected());
  auto injected = create<ChatModule>().override_layer<OnlyAda, Everybody>().start();
  EXPECT_TRUE(injected.connect("/chat").connected());
  EXPECT_EQ(injected.connect("/chat").emit_with_ack("echo", 1), Value(1));
}

TEST(TestApplication, IsConfiguredAsTheRealOne) {
  struct Shout {
    Value transform(Value value) {
      return value.is_string() ? Value(std::string(value.as_string()) + "!") : value;
    }
  };
  auto app = create<ChatModule>().configure([](aerie::Application& real) { real.use<Shout>(); }).start();
  EXPECT_EQ(app.connect("/chat", ada()).emit_with_ack("echo", "hey"), Value("hey!"));
}

/// What answers the newer kinds of requests.
class Kinds {
 public:
  static void describe(aerie::Controller<Kinds>& c) {
    c.sse<&Kinds::ticks>("ticks");
    c.sse<&Kinds::ticks>("refused").use<Nobody>();
    c.post<&Kinds::upload>("upload");
  }

 private:
  struct Nobody {
    bool can_activate(ExecutionContext&) { return false; }
  };
  Generator<Event<int>> ticks() {
    for (int i = 1; i <= 2; ++i) {
      co_yield Event<int>("tick", i);
      co_await sleep_for(20s);
    }
  }
  std::string upload(Body<"title", std::string> title, File<"file"> file) {
    return *title + " " + *file->file_name + " " + file->type + " " + std::string(file->content);
  }
};
struct KindsModule {
  static void describe(aerie::Module& m) { m.controllers<Kinds>(); }
};

TEST(TestApplication, ListensToEvents) {
  auto app = create<KindsModule>().start();
  auto stream = app.http().events("/ticks");
  EXPECT_EQ(stream.response().status, 200);
  EXPECT_EQ(stream.response().header("content-type"), "text/event-stream");
  auto const first = stream.take();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].event, "tick");
  EXPECT_EQ(first[0].data, "1");
  EXPECT_EQ(first[0].id, "1");
  app.advance(19s);
  EXPECT_TRUE(stream.take().empty()) << "a comment is none";
  app.advance(1s);
  EXPECT_EQ(stream.take().size(), 1U);
  EXPECT_FALSE(stream.ended());
  app.advance(20s);
  EXPECT_TRUE(stream.ended());
  EXPECT_EQ(app.http().events("/refused").response().status, 403);
}

TEST(TestApplication, EndsWhatAListenerThatLeavesWasSent) {
  auto app = create<KindsModule>().start();
  auto stream = app.http().events("/ticks");
  EXPECT_EQ(app.application().http().requests(), 1U);
  stream.close();
  EXPECT_EQ(app.application().http().requests(), 0U);
}

TEST(TestApplication, PostsForms) {
  auto app = create<KindsModule>().start();
  auto const response =
      app.http().post_form("/upload", {{"title", "Cat"}, {"file", "PNG", "cat.png", "image/png"}});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "Cat cat.png image/png PNG");
}

TEST(TestApplication, AnswersHttpRequests) {
  auto app = create<ChatModule>()
                 .configure([](aerie::Application& real) {
                   real.http().post("/double", [](http::Request const& request) {
                     return http::Response::json(201, request.body + request.body);
                   });
                 })
                 .start();
  auto const response = app.http().post("/double", 12, {{"X-Test", "1"}});
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(response.json(), Value(1212));
  EXPECT_EQ(app.http().get("/nowhere").status, 404);
}

TEST(TestApplication, KeepsItsLog) {
  auto app = create<ChatModule>().start();
  auto client = app.connect("/chat", ada());
  client.emit("say", "hi");
  EXPECT_FALSE(app.has_logged("ChatGateway.crash has failed on \"crash\": boom"));
  client.emit("crash");
  EXPECT_TRUE(app.has_logged("ChatGateway.crash has failed on \"crash\": boom"));
  EXPECT_EQ(app.log().back().level, LogLevel::error);
}

}}  // namespace aerie::testing
