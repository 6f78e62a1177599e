// What a server says of itself on a page of metrics.

#include "unit/support/metrics_text.hpp"
#include "unit/support/socketio_client.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/socketio/metrics.hpp>
#include <aerie/socketio/server.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace aerie { namespace {

using namespace std::chrono_literals;
using test::MetricsText;
using test::Over;
using test::SocketIoClient;

class MetricsOfAServer : public ::testing::Test {
 protected:
  explicit MetricsOfAServer(unsigned threads = 1) : world(threads), io(world.http, {.serve_client = false}) {}

  MetricsText page() {
    core::MetricsPage page;
    io.collect(page);
    return MetricsText(page.text());
  }
  double number(std::string const& sample) { return page()[sample]; }

  test::ServerOnAClock world;
  Server io;
};

TEST_F(MetricsOfAServer, CountSessionsWhetherAnythingIsMeasuredOrNot) {
  {
    SocketIoClient polling(world, Over::polling);
    SocketIoClient websocket(world, Over::websocket);
    auto const now = page();
    EXPECT_EQ(now["aerie_engineio_sessions{transport=\"polling\"}"], 1);
    EXPECT_EQ(now["aerie_engineio_sessions{transport=\"websocket\"}"], 1);
    EXPECT_EQ(now["aerie_engineio_sessions_opened_total"], 2);
    EXPECT_FALSE(now.has_family("aerie_socketio_handler_seconds"));
    EXPECT_FALSE(now.has_family("aerie_cluster_state"));
  }
  world.advance(60s);
  auto const later = page();
  EXPECT_EQ(later["aerie_engineio_sessions{transport=\"polling\"}"], 0);
  EXPECT_EQ(later["aerie_engineio_sessions{transport=\"websocket\"}"], 0);
  double closed = 0;
  for (auto const* const reason :
       {"transport error", "transport close", "ping timeout", "parse error", "forced close"})
    closed += later["aerie_engineio_sessions_closed_total{reason=\"" + std::string(reason) + "\"}"];
  EXPECT_EQ(closed, 2);
}

TEST_F(MetricsOfAServer, CountWhoIsRefusedByReason) {
  io.of("/guarded").use([](Socket&) { throw ConnectError("no"); });
  world.ask("GET /socket.io/?EIO=4&transport=carrier-pigeon HTTP/1.1\r\nHost: test\r\n\r\n");
  world.ask("GET /socket.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1\r\nHost: test\r\n\r\n");
  world.ask("GET /socket.io/?EIO=4&transport=polling&sid=nobody HTTP/1.1\r\nHost: test\r\n\r\n");
  SocketIoClient client(world, Over::websocket);
  client.join("/guarded");
  client.join("/nowhere");
  auto const now = page();
  EXPECT_EQ(now["aerie_engineio_refusals_total{reason=\"unknown_transport\"}"], 1);
  EXPECT_EQ(now["aerie_engineio_refusals_total{reason=\"unknown_session\"}"], 2);
  EXPECT_EQ(now["aerie_engineio_refusals_total{reason=\"too_many\"}"], 0);
  EXPECT_EQ(now["aerie_socketio_refusals_total{reason=\"middleware\"}"], 1);
  EXPECT_EQ(now["aerie_socketio_refusals_total{reason=\"no_namespace\"}"], 1);
}

TEST_F(MetricsOfAServer, CountNamespacesRoomsAndSockets) {
  io.of("/chat").on("join", [](Socket& socket, std::string const& room) { socket.join(room); });
  io.of("/chat").on("leave", [](Socket& socket, std::string const& room) { socket.leave(room); });
  SocketIoClient one(world, Over::websocket);
  SocketIoClient two(world, Over::websocket);
  one.join("/chat");
  two.join("/chat");
  for (auto* const client : {&one, &two})
    client->send(R"(2/chat,["join","a"])");
  one.send(R"(2/chat,["join","b"])");
  world.run();
  EXPECT_EQ(number("aerie_socketio_namespaces"), 2);
  EXPECT_EQ(number("aerie_socketio_sockets{namespace=\"/chat\"}"), 2);
  EXPECT_EQ(number("aerie_socketio_sockets{namespace=\"/\"}"), 0);
  EXPECT_EQ(number("aerie_socketio_rooms"), 2);
  two.send(R"(2/chat,["leave","a"])");
  one.send("1/chat,");
  world.run();
  EXPECT_EQ(number("aerie_socketio_rooms"), 0);
  EXPECT_EQ(number("aerie_socketio_sockets{namespace=\"/chat\"}"), 1);
}

TEST_F(MetricsOfAServer, NamespacesThatClientsMakeHaveABoundedNumberOfLines) {
  io.of([](std::string_view, Value const&, ParentNamespace::Accept accept) { accept(true); });
  SocketIoClient client(world, Over::websocket);
  for (int i = 0; i < 60; ++i)
    client.join("/n" + std::to_string(i));
  auto const now = page();
  EXPECT_EQ(now["aerie_socketio_namespaces"], 61);
  // The main one has no socket, so it is the last.
  EXPECT_EQ(now["aerie_socketio_sockets{namespace=\"other\"}"], 10);
}

TEST_F(MetricsOfAServer, CountEventsAndAcknowledgements) {
  io.measure();
  std::optional<AckReply> reply;
  io.on("echo", [](std::string text) { return text; });
  io.on("tell", [this](Socket& socket) {
    socket.emit("told", 1);
    io.emit("all", 2);
    socket.broadcast().emit("others", 3);
  });
  io.on("ask", [&](Socket& socket) {
    socket.timeout(1s).emit_args("question", {}, [&](AckReply answer) { reply = answer; });
  });
  SocketIoClient one(world, Over::websocket);
  SocketIoClient two(world, Over::websocket);
  one.join();
  two.join();
  one.send(R"(21["echo","x"])");
  one.send(R"(2["echo","nobody asks for the answer"])");
  one.send(R"(2["tell"])");
  one.send(R"(2["ask"])");
  world.run();
  auto const now = page();
  EXPECT_EQ(now["aerie_socketio_events_received_total"], 4);
  // told; all, twice; others; question.
  EXPECT_EQ(now["aerie_socketio_events_sent_total"], 5);
  EXPECT_EQ(now["aerie_socketio_acknowledgements_total{kind=\"sent\"}"], 1);
  world.advance(2s);
  EXPECT_EQ(number("aerie_socketio_acknowledgements_total{kind=\"timed_out\"}"), 1);
  one.send(R"(2["ask"])");
  world.run();
  one.send("31[]");
  world.run();
  EXPECT_EQ(number("aerie_socketio_acknowledgements_total{kind=\"received\"}"), reply->ok() ? 1 : 0);
  EXPECT_TRUE(reply->ok());
}

TEST_F(MetricsOfAServer, MeasureHandlersByEvent) {
  io.measure();
  io.on("slow", [this] { world.clock.advance(30ms); });
  io.on("later", []() -> Task<void> { co_await sleep_for(2s); });
  io.on("fails", [] { throw std::runtime_error("on purpose"); });
  io.on_connection([this](Socket& socket) { socket.on("own", [this] { world.clock.advance(3ms); }); });
  SocketIoClient client(world, Over::websocket);
  client.join();
  for (auto const* const event : {"slow", "slow", "later", "fails", "own", "whatever a client makes up"})
    client.send("2[\"" + std::string(event) + "\"]");
  world.run();
  auto const under_way = page();
  EXPECT_EQ(under_way["aerie_socketio_handlers_under_way"], 1);
  EXPECT_EQ(under_way["aerie_socketio_handler_seconds_count{event=\"later\"}"], 0) << "it has not ended";
  EXPECT_EQ(under_way["aerie_socketio_handler_failures_total"], 1);
  EXPECT_EQ(under_way["aerie_socketio_handler_seconds_count{event=\"slow\"}"], 2);
  EXPECT_NEAR(under_way["aerie_socketio_handler_seconds_sum{event=\"slow\"}"], 0.06, 1e-9);
  EXPECT_EQ(under_way["aerie_socketio_handler_seconds_bucket{event=\"slow\",le=\"0.025\"}"], 0);
  EXPECT_EQ(under_way["aerie_socketio_handler_seconds_bucket{event=\"slow\",le=\"0.05\"}"], 2);
  EXPECT_NEAR(under_way["aerie_socketio_handler_seconds_sum{event=\"own\"}"], 0.003, 1e-9);
  EXPECT_EQ(under_way["aerie_socketio_handler_seconds_count{event=\"other\"}"], 1);
  world.advance(2s);
  auto const ended = page();
  EXPECT_EQ(ended["aerie_socketio_handlers_under_way"], 0);
  EXPECT_EQ(ended["aerie_socketio_handler_seconds_count{event=\"later\"}"], 1);
  EXPECT_GE(ended["aerie_socketio_handler_seconds_sum{event=\"later\"}"], 2);
}

TEST_F(MetricsOfAServer, NamesOfHandlersHaveABoundedNumberOfSeries) {
  io.measure();
  for (int i = 0; i < 150; ++i)
    io.on("event" + std::to_string(i), [] {});
  SocketIoClient client(world, Over::websocket);
  client.join();
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 150; ++i)
      client.send("2[\"event" + std::to_string(i) + "\"]");
    world.run();
  }
  auto const now = page();
  EXPECT_EQ(now["aerie_socketio_handler_seconds_count{event=\"event99\"}"], 2);
  EXPECT_FALSE(now.find("aerie_socketio_handler_seconds_count{event=\"event100\"}"));
  EXPECT_EQ(now["aerie_socketio_handler_seconds_count{event=\"other\"}"], 100);
}

class MetricsOfTwoShards : public MetricsOfAServer {
 protected:
  MetricsOfTwoShards() : MetricsOfAServer(2) {}
};

TEST_F(MetricsOfTwoShards, AreAddedUp) {
  io.measure();
  io.on("note", [] {});
  SocketIoClient one(world, Over::websocket, 0);
  SocketIoClient two(world, Over::websocket, 1);
  for (auto* const client : {&one, &two}) {
    client->join();
    client->send(R"(2["note"])");
  }
  world.run();
  EXPECT_EQ(number("aerie_socketio_events_received_total"), 2);
  EXPECT_EQ(number("aerie_socketio_handler_seconds_count{event=\"note\"}"), 2);
  EXPECT_EQ(number("aerie_engineio_sessions{transport=\"websocket\"}"), 2);
}

TEST(ServedMetrics, AreReadByThoseWhoHaveTheToken) {
  test::ServerOnAClock world;
  Server io(world.http, {.serve_client = false});
  serve_metrics(world.http, {&io}, {.path = "/numbers", .token = "open-sesame"});
  auto const ask = [&](std::string const& header) {
    return world.ask("GET /numbers HTTP/1.1\r\nHost: test\r\n" + header + "\r\n");
  };
  for (auto const* const refused : {"", "Authorization: Bearer open\r\n",
                                    "Authorization: Bearer open-sesamf\r\n", "Authorization: Basic x\r\n"})
    EXPECT_EQ(ask(refused).status, 401) << refused;
  auto const answer = ask("Authorization: Bearer open-sesame\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(world.ask("GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n").status, 404);
}

TEST(ServedMetrics, OfSeveralServersAreToldApart) {
  test::ServerOnAClock world;
  Server one(world.http, {.path = "/one", .serve_client = false});
  Server two(world.http, {.path = "/two", .serve_client = false});
  serve_metrics(world.http, {&one, &two});
  test::WebSocketClient client(world, "/two/?EIO=4&transport=websocket", "");
  auto const answer = world.ask("GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  MetricsText const page(answer.body);
  EXPECT_EQ(page["aerie_engineio_sessions{server=\"/one\",transport=\"websocket\"}"], 0);
  EXPECT_EQ(page["aerie_engineio_sessions{server=\"/two\",transport=\"websocket\"}"], 1);
  EXPECT_GT(page["aerie_loop_turn_seconds_count{shard=\"0\"}"], 0);
}

}}  // namespace aerie
