// What a server tells its tracer.

#include "examples/memory_adapter.hpp"
#include "unit/support/collected_spans.hpp"
#include "unit/support/socketio_client.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/socketio/server.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace aerie { namespace {

using namespace std::chrono_literals;
using test::attribute;
using test::Over;
using test::SocketIoClient;

constexpr std::string_view example_id = "4bf92f3577b34da6a3ce929d0e0e4736";

class TracesOfAServer : public ::testing::Test {
 protected:
  SpanRecord find(std::string_view name) const { return tracer->find(name); }
  /// A client whose request says what it is part of.
  test::WebSocketClient traced_client() {
    return {world, "/socket.io/?EIO=4&transport=websocket",
            "traceparent: " + std::string(test::example_trace) + "\r\ntracestate: a=1\r\n"};
  }

  std::shared_ptr<test::CollectedSpans> tracer = std::make_shared<test::CollectedSpans>();
  test::ServerOnAClock world{1, 0, tracer};
  Server io{world.http, {.serve_client = false}};
};

TEST_F(TracesOfAServer, TellOfHandshakesAndOfWhoEnters) {
  SocketIoClient client(world, Over::websocket);
  client.join("/");
  auto const handshake = find("handshake");
  EXPECT_EQ(handshake.kind, SpanKind::server);
  EXPECT_EQ(attribute(handshake, "url.path"), "/socket.io/");
  EXPECT_EQ(attribute(handshake, "aerie.session.transport"), "websocket");
  auto const connect = find("connect /");
  EXPECT_EQ(connect.kind, SpanKind::server);
  EXPECT_FALSE(connect.parent.valid());
  EXPECT_FALSE(connect.failed);
  EXPECT_FALSE(attribute(connect, "messaging.client.id").empty());
}

TEST_F(TracesOfAServer, TellOfWhoIsRefused) {
  io.of("/guarded").use([](Socket&) { throw ConnectError("no entry"); });
  SocketIoClient client(world, Over::websocket);
  client.join("/guarded");
  client.join("/nowhere");
  EXPECT_TRUE(find("connect /guarded").failed);
  EXPECT_EQ(find("connect /guarded").error, "no entry");
  EXPECT_EQ(find("connect /nowhere").error, "Invalid namespace");
}

TEST_F(TracesOfAServer, TellOfMiddlewaresThatTakeTheirTime) {
  io.use([](Socket&) -> Task<void> {
    co_await sleep_for(30ms);
    EXPECT_TRUE(Span::current());
    auto const below = Span::begin("ask the database");
  });
  SocketIoClient client(world, Over::websocket);
  client.send("0");
  EXPECT_EQ(find("connect /").name, "");
  world.advance(30ms);
  auto const connect = find("connect /");
  EXPECT_EQ(connect.end - connect.begin, 30ms);
  EXPECT_EQ(find("ask the database").parent, connect.context.span_id);
}

TEST_F(TracesOfAServer, TellOfEvents) {
  io.on("say", [this](Socket& socket) {
    world.clock.advance(5ms);
    EXPECT_TRUE(Span::current().recording());
    socket.emit("said");
  });
  SocketIoClient client(world, Over::websocket);
  client.join();
  client.send(R"(2["say"])");
  auto const span = find("say receive");
  EXPECT_EQ(span.kind, SpanKind::consumer);
  EXPECT_EQ(span.end - span.begin, 5ms);
  EXPECT_FALSE(span.parent.valid());
  EXPECT_EQ(attribute(span, "messaging.system"), "socket.io");
  EXPECT_EQ(attribute(span, "messaging.destination.name"), "/");
  EXPECT_EQ(attribute(span, "messaging.socket.io.event_name"), "say");
  EXPECT_EQ(world.runtime.shard(0).active_span(), nullptr);
}

TEST_F(TracesOfAServer, LastAsLongAsTheHandlers) {
  io.on("slow", []() -> Task<int> {
    co_await sleep_for(20ms);
    auto const below = Span::begin("query");
    co_return 1;
  });
  SocketIoClient client(world, Over::websocket);
  client.join();
  client.send(R"(21["slow"])");
  EXPECT_EQ(find("slow receive").name, "");
  world.advance(20ms);
  auto const span = find("slow receive");
  EXPECT_EQ(span.end - span.begin, 20ms);
  EXPECT_EQ(find("query").parent, span.context.span_id);
}

TEST_F(TracesOfAServer, TellOfHandlersThatThrow) {
  io.on("throw", [] { throw std::runtime_error("broken"); });
  io.on("throw later", []() -> Task<void> {
    co_await sleep_for(1ms);
    throw std::runtime_error("broken later");
  });
  SocketIoClient client(world, Over::websocket);
  client.join();
  client.send(R"(2["throw"])");
  client.send(R"(2["throw later"])");
  world.advance(1ms);
  EXPECT_TRUE(find("throw receive").failed);
  EXPECT_EQ(find("throw receive").error, "broken");
  EXPECT_EQ(find("throw later receive").error, "broken later");
}

TEST_F(TracesOfAServer, GoOnWhatTheRequestSays) {
  io.on("say", [] {});
  auto client = traced_client();
  client.send("40");
  client.send(R"(42["say"])");
  for (auto const* const name : {"handshake", "connect /", "say receive"}) {
    auto const span = find(name);
    EXPECT_EQ(span.context.trace_id.text(), example_id) << name;
    EXPECT_EQ(span.parent.text(), "00f067aa0ba902b7") << name;
    EXPECT_EQ(span.context.state, "a=1") << name;
    EXPECT_TRUE(span.has_remote_parent) << name;
  }
}

TEST_F(TracesOfAServer, GoOnWhatAuthSaysRatherThanTheRequest) {
  io.on("say", [] {});
  auto client = traced_client();
  client.send(
      R"(40{"traceparent":"00-11111111111111111111111111111111-2222222222222222-01","tracestate":"b=2"})");
  client.send(R"(42["say"])");
  for (auto const* const name : {"connect /", "say receive"}) {
    EXPECT_EQ(find(name).context.trace_id.text(), std::string(32, '1')) << name;
    EXPECT_EQ(find(name).context.state, "b=2") << name;
  }
  EXPECT_EQ(find("handshake").context.trace_id.text(), example_id);
}

TEST_F(TracesOfAServer, BelieveNothingThatIsNoTrace) {
  for (auto const* const auth :
       {R"({"traceparent":"nonsense"})", R"({"traceparent":7})", R"({"tracestate":"a=1"})", "{}"}) {
    SocketIoClient client(world, Over::websocket);
    client.join("/", auth);
    EXPECT_FALSE(find("connect /").parent.valid()) << auth;
    tracer->clear();
  }
}

TEST_F(TracesOfAServer, AreThoseOfEventsThatWaitForAMiddleware) {
  io.on_connection([this](Socket& socket) {
    socket.use([this](SocketEvent&) -> Task<void> {
      co_await sleep_for(10ms);
      static_cast<void>(this);
    });
  });
  std::string seen;
  io.on("say", [&] { seen = Span::current().context().span_id.text(); });
  SocketIoClient client(world, Over::websocket);
  client.join();
  client.send(R"(2["say"])");
  world.advance(10ms);
  auto const span = find("say receive");
  EXPECT_EQ(span.context.span_id.text(), seen);
  EXPECT_EQ(span.end - span.begin, 10ms);
}

TEST(TracesOfAServerThatRecordsNone, StillPassOnTheirNumbers) {
  auto const tracer = std::make_shared<test::CollectedSpans>(TraceSampling{.ratio = 0});
  test::ServerOnAClock world(1, 0, tracer);
  Server io(world.http, {.serve_client = false});
  auto recording = true;
  auto has_number = false;
  io.on("say", [&] {
    recording = Span::current().recording();
    has_number = Span::current().context().trace_id.valid();
  });
  SocketIoClient client(world, Over::websocket);
  client.join();
  client.send(R"(2["say"])");
  EXPECT_FALSE(recording);
  EXPECT_TRUE(has_number);
  EXPECT_TRUE(tracer->spans.empty());
}

// --- In a cluster

struct TracedMember {
  explicit TracedMember(MemoryBroker& broker)
      : io(world.http, {.serve_client = false, .adapter = memory_adapter(broker)}) {}
  std::shared_ptr<test::CollectedSpans> tracer = std::make_shared<test::CollectedSpans>();
  test::ServerOnAClock world{2, 0, tracer};
  Server io;
};

TEST(TracesOfACluster, GoFromTheHandlerToTheOtherServers) {
  MemoryBroker broker;
  TracedMember here(broker);
  TracedMember there(broker);
  auto const run = [&] {
    for (int i = 0; i < 4; ++i) {
      here.world.run();
      there.world.run();
    }
  };
  here.io.on("say", [&](Socket& socket) { socket.nsp().emit("said", 1); });
  run();
  // On a shard that does not speak to the cluster itself.
  SocketIoClient client(here.world, Over::websocket, 1);
  client.join();
  SocketIoClient other(there.world, Over::websocket, 1);
  other.join();
  run();
  client.send(R"(2["say"])");
  run();
  EXPECT_EQ(other.take_text(), R"(2["said",1])");
  auto const handler = here.tracer->find("say receive");
  auto const publish = here.tracer->find("cluster publish /");
  auto const receive = there.tracer->find("cluster receive /");
  EXPECT_EQ(publish.kind, SpanKind::producer);
  EXPECT_EQ(publish.parent, handler.context.span_id);
  EXPECT_EQ(receive.kind, SpanKind::consumer);
  EXPECT_EQ(receive.parent, publish.context.span_id);
  EXPECT_TRUE(receive.has_remote_parent);
  EXPECT_EQ(attribute(receive, "messaging.socket.io.event_name"), "said");
  for (auto const& span : {handler, publish, receive})
    EXPECT_EQ(span.context.trace_id, handler.context.trace_id) << span.name;
}

TEST(TracesOfACluster, AreThoseOfServersThatAskEachOther) {
  MemoryBroker broker;
  TracedMember here(broker);
  TracedMember there(broker);
  here.world.run();
  there.world.run();
  std::string seen;
  there.io.on_server_side("ask", [&] { seen = Span::current().context().trace_id.text(); });
  std::string asked;
  here.io.on("say", [&] {
    asked = Span::current().context().trace_id.text();
    here.io.server_side_emit("ask");
  });
  SocketIoClient client(here.world, Over::websocket);
  client.join();
  client.send(R"(2["say"])");
  for (int i = 0; i < 4; ++i) {
    here.world.run();
    there.world.run();
  }
  EXPECT_FALSE(asked.empty());
  EXPECT_EQ(seen, asked);
}

}}  // namespace aerie
