// What an application tells its tracer.

#include "unit/gateway/application_fixture.hpp"
#include "unit/support/collected_spans.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

namespace aerie { namespace tracing_cases {

using namespace std::chrono_literals;
using test::attribute;

class Chat {
 public:
  static void describe(Gateway<Chat>& g) {
    g.on<&Chat::say>();
    g.on<&Chat::slow>();
    g.on<&Chat::refuse>();
    g.on<&Chat::crash>();
  }

 private:
  std::string say(std::string text) {
    auto const below = Span::begin("look up");
    return text;
  }
  Task<int> slow() {
    co_await sleep_for(20ms);
    auto const below = Span::begin("query");
    co_return 1;
  }
  void refuse() { throw WsException("no"); }
  Task<void> crash() {
    co_await sleep_for(1ms);
    throw std::runtime_error("broken");
  }
};

class Users {
 public:
  static void describe(Controller<Users>& c) {
    c.at("users");
    c.get<&Users::find>(":id");
    c.get<&Users::later>("later/:id");
    c.get<&Users::crash>("crash/now");
  }

 private:
  std::string find(Param<"id", std::string> id) {
    if (*id == "nobody") throw NotFoundException("nobody");
    auto const below = Span::begin("look up");
    return *id;
  }
  Task<std::string> later(Param<"id", std::string> id) {
    co_await sleep_for(5ms);
    auto const below = Span::begin("query");
    co_return *id;
  }
  std::string crash() { throw std::runtime_error("broken"); }
};

struct TracedModule {
  static void describe(Module& m) { m.gateways<Chat>().controllers<Users>(); }
};

class TracesOfAnApplication : public ::testing::Test {
 protected:
  SpanRecord find(std::string_view name) const { return tracer->find(name); }

  std::shared_ptr<test::CollectedSpans> tracer = std::make_shared<test::CollectedSpans>();
  test::ApplicationOnAClock<TracedModule> server{1, 0, tracer};
};

TEST_F(TracesOfAnApplication, TellOfTheHandlersOfGateways) {
  auto client = server.client();
  client.send(R"(21["say","hello"])");
  auto const event = find("say receive");
  auto const handler = find("Chat.say");
  EXPECT_EQ(handler.parent, event.context.span_id);
  EXPECT_EQ(attribute(handler, "code.function.name"), "Chat::say");
  EXPECT_EQ(find("look up").parent, handler.context.span_id);
  EXPECT_EQ(client.take_text(), R"(31["hello"])");
}

TEST_F(TracesOfAnApplication, LastAsLongAsTheHandlers) {
  auto client = server.client();
  client.send(R"(21["slow"])");
  EXPECT_EQ(find("Chat.slow").name, "");
  EXPECT_EQ(find("slow receive").name, "");
  server.advance(20ms);
  auto const handler = find("Chat.slow");
  EXPECT_EQ(handler.end - handler.begin, 20ms);
  auto const event = find("slow receive");
  EXPECT_EQ(event.end - event.begin, 20ms);
  EXPECT_EQ(find("query").parent, handler.context.span_id);
}

TEST_F(TracesOfAnApplication, TellWhatHandlersThrow) {
  auto client = server.client();
  client.send(R"(2["refuse"])");
  client.send(R"(2["crash"])");
  server.advance(1ms);
  auto const refused = find("Chat.refuse");
  EXPECT_TRUE(refused.failed);
  EXPECT_EQ(refused.error, "no");
  ASSERT_EQ(refused.events.size(), 1U);
  EXPECT_EQ(refused.events[0].name, "exception");
  auto const crashed = find("Chat.crash");
  EXPECT_TRUE(crashed.failed);
  EXPECT_EQ(crashed.error, "broken");
}

TEST_F(TracesOfAnApplication, TellOfRequests) {
  EXPECT_EQ(server.get("/users/7", "traceparent: " + std::string(test::example_trace) + "\r\n").status, 200);
  auto const span = find("GET /users/:id");
  EXPECT_EQ(span.kind, SpanKind::server);
  EXPECT_EQ(span.parent.text(), "00f067aa0ba902b7");
  EXPECT_EQ(attribute(span, "http.route"), "/users/:id");
  EXPECT_EQ(attribute(span, "url.path"), "/users/7");
  EXPECT_EQ(attribute(span, "http.request.method"), "GET");
  EXPECT_FALSE(span.failed);
  EXPECT_EQ(find("look up").parent, span.context.span_id);
}

std::int64_t status_of(SpanRecord const& span) {
  for (auto const& each : span.attributes) {
    if (each.name == "http.response.status_code") return std::get<std::int64_t>(each.value);
  }
  return 0;
}

TEST_F(TracesOfAnApplication, TellHowRequestsWereAnswered) {
  server.get("/users/nobody");
  EXPECT_EQ(status_of(find("GET /users/:id")), 404);
  EXPECT_FALSE(find("GET /users/:id").failed) << "it is the client's mistake";
  ASSERT_EQ(find("GET /users/:id").events.size(), 1U);
  server.get("/users/crash/now");
  EXPECT_EQ(status_of(find("GET /users/crash/now")), 500);
  EXPECT_TRUE(find("GET /users/crash/now").failed);
}

TEST_F(TracesOfAnApplication, TellOfRequestsThatTakeTheirTime) {
  server.app.init();
  auto client = server.connect();
  client.write("GET /users/later/3 HTTP/1.1\r\nHost: test\r\n\r\n");
  server.run();
  EXPECT_EQ(find("GET /users/later/:id").name, "");
  server.advance(5ms);
  auto const span = find("GET /users/later/:id");
  EXPECT_EQ(span.end - span.begin, 5ms);
  EXPECT_EQ(status_of(span), 200);
  EXPECT_EQ(find("query").parent, span.context.span_id);
  EXPECT_EQ(server.runtime.shard(0).active_span(), nullptr);
}

// --- On plain WebSockets

struct PlainModule {
  static void describe(Module& m) { m.gateways<Chat>(); }
};

TEST(TracesOfPlainWebSockets, GoOnWhatTheRequestSays) {
  auto const tracer = std::make_shared<test::CollectedSpans>();
  test::ApplicationOnAClock<PlainModule> server(1, 0, tracer);
  server.app.use_websocket_adapter<WsAdapter>();
  server.app.init();
  test::WebSocketClient client(server, "/", "traceparent: " + std::string(test::example_trace) + "\r\n");
  client.send(R"({"event":"slow"})");
  server.advance(20ms);
  auto const event = tracer->find("slow receive");
  EXPECT_EQ(event.end - event.begin, 20ms);
  EXPECT_EQ(attribute(event, "messaging.system"), "websocket");
  auto const handler = tracer->find("Chat.slow");
  EXPECT_EQ(handler.parent, event.context.span_id);
  EXPECT_EQ(tracer->find("query").parent, handler.context.span_id);
  for (auto const* const name : {"connect /", "slow receive", "query"})
    EXPECT_EQ(tracer->find(name).context.trace_id.text(), "4bf92f3577b34da6a3ce929d0e0e4736") << name;
}

class Greeter {
 public:
  static void describe(Gateway<Greeter>& g) { g.connected<&Greeter::note>(); }

 private:
  void note(WsClient&) {}
};

class SlowGreeter {
 public:
  static void describe(Gateway<SlowGreeter>& g) { g.connected<&SlowGreeter::greet>(); }

 private:
  Task<void> greet(WsClient&) { co_await sleep_for(20ms); }
};

struct GreetingModule {
  static void describe(Module& m) { m.gateways<Greeter, SlowGreeter>(); }
};

TEST(TracesOfPlainWebSockets, EndAConnectionWithItsLastHook) {
  auto const tracer = std::make_shared<test::CollectedSpans>();
  test::ApplicationOnAClock<GreetingModule> server(1, 0, tracer);
  server.app.use_websocket_adapter<WsAdapter>();
  server.app.init();
  test::WebSocketClient const client(server, "/");
  server.advance(20ms);
  auto const connect = tracer->find("connect /");
  EXPECT_EQ(connect.end - connect.begin, 20ms);
}

}}  // namespace aerie::tracing_cases
