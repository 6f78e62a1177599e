#include "unit/edges/edges_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

// What a process does as it comes near its limit of memory, and that everything is counted which clients can
// make it hold.
namespace aerie::test { namespace {

constexpr std::size_t memory_limit = std::size_t{16} << 20U;

std::size_t held(ServerOnAClock& server) {
  return server.runtime.stats().shards[0].bytes_held;
}

/// A world whose memory is in use up to that many percent of the limit.
struct FullWorld : EdgesWorld {
  explicit FullWorld(ServerOptions options = {}) : EdgesWorld(std::move(options), memory_limit) {}
  ~FullWorld() { use(0); }

  void use(std::size_t percent) {
    auto const bytes = memory_limit / 100 * percent;
    server->in_turn([&] {
      server->runtime.shard(0).account().charge(bytes - in_use);
      in_use = bytes;
    });
  }
  MemoryState state() const { return server->runtime.stats().memory_state; }
  std::size_t in_use = 0;
};

TEST(MemoryOfTheProcess, StaysBelowItsLimitHoweverManyClientsDoNotRead) {
  EdgesWorld world({}, memory_limit);
  std::vector<std::string> reasons;
  world.io->on_connection([](Socket& socket) { socket.join("all"); });
  world.io->on_disconnect([&](Socket&, DisconnectReason reason) { reasons.emplace_back(to_string(reason)); });
  world.let_the_witness_in();
  auto& healthy = world.add_client(Over::websocket);
  auto& healthy_polling = world.add_client(Over::polling);
  healthy.join();
  healthy_polling.join();
  for (int i = 0; i < 60; ++i) {
    auto& client = world.add_client(i % 2 == 0 ? Over::websocket : Over::polling);
    client.join();
    if (client.websocket) {
      client.websocket->connection.set_window(0);
    } else {
      client.polling->polls.set_window(0);
    }
  }
  std::string const text(10'000, 'x');
  std::size_t heard = 0;
  std::size_t heard_by_polling = 0;
  for (int turn = 0; turn < 60; ++turn) {
    world.server->in_turn([&] { world.io->to("all").emit("n", text); });
    world.server->advance(core::Milliseconds{1});
    ASSERT_LT(held(*world.server), memory_limit) << "turn " << turn;
    heard += healthy.take().size();
    heard_by_polling += healthy_polling.take().size();
    ASSERT_TRUE(world.witness_is_answered());
  }
  auto const stats = world.server->runtime.stats();
  EXPECT_GT(stats.clients_shed, 0U);
  EXPECT_LT(stats.clients_shed, 60U) << "no more than it takes";
  EXPECT_EQ(reasons.size(), stats.clients_shed);
  EXPECT_TRUE(std::ranges::all_of(reasons, [](auto const& reason) { return reason == "transport error"; }));
  EXPECT_EQ(heard, 60U);
  EXPECT_EQ(heard_by_polling, 60U);
  EXPECT_FALSE(healthy.closed() || healthy_polling.closed());
  EXPECT_TRUE(world.server->logged("are closed, the fullest first"));
  EXPECT_FALSE(world.server->logged("outgoing_limit")) << "not what was reached";
}

TEST(MemoryOfTheProcess, RefusesNewcomersAndServesWhoIsThere) {
  FullWorld world;
  world.server->http.get("/page", [](http::Request const&) { return http::Response::text(200, "here"); });
  world.io->on_connection([](Socket& socket) { socket.on("echo", [](int number) { return number; }); });
  auto& websocket = world.add_client(Over::websocket);
  auto& polling = world.add_client(Over::polling);
  websocket.join();
  polling.join();

  auto const handshake = [&](std::string_view transport) {
    auto const upgrade = transport == "websocket"
                             ? "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
                               "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                             : "";
    return world.server->ask(get_request("/socket.io/?EIO=4&transport=" + std::string(transport), upgrade));
  };
  auto const page = [&] { return world.server->ask(get_request("/page")); };

  for (auto const percent : {91U, 97U}) {
    world.use(percent);
    for (auto const& answer : {handshake("websocket"), handshake("polling"), page()}) {
      EXPECT_EQ(answer.status, 503) << percent;
      EXPECT_EQ(answer.header("Retry-After"), "5") << percent;
      EXPECT_EQ(answer.header("Connection"), "close") << percent;
    }
    for (auto* const client : {&websocket, &polling}) {
      client->send("21[\"echo\",5]");
      EXPECT_EQ(client->take_text(), "31[5]") << percent;
      EXPECT_FALSE(client->closed()) << percent;
    }
    EXPECT_NE(polling.join("/witness"), "") << "a client that is there may join namespaces";
  }
  world.use(86);
  EXPECT_EQ(page().status, 503) << "not yet";
  world.use(50);
  EXPECT_EQ(page().status, 200);
  EXPECT_EQ(handshake("websocket").status, 101);
  EXPECT_EQ(handshake("polling").status, 200);
}

TEST(MemoryOfTheProcess, IsNotWaitedForByThoseWhoDoNotSendTheRest) {
  FullWorld world;
  std::vector<std::string> left;
  world.io->on_disconnect([&](Socket&, DisconnectReason reason, DisconnectDescription description) {
    left.push_back(std::string(to_string(reason)) + ": " + std::string(description.text));
  });
  auto& slow = world.add_client();
  auto& other = world.add_client();
  for (auto* const client : {&slow, &other}) {
    client->join();
    client->send(
        "53-[\"file\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1},"
        "{\"_placeholder\":true,\"num\":2}]");
  }
  slow.send_binary(std::string(900'000, 'x'));
  slow.send_binary(std::string(900'000, 'x'));
  other.send_binary("x");
  EXPECT_TRUE(left.empty());
  world.use(88);
  EXPECT_EQ(left, std::vector<std::string>{
                      "transport error: the server has too little memory to wait for the rest of a message"});
  EXPECT_TRUE(slow.closed());
  EXPECT_FALSE(other.closed());
  other.send_binary("y");
  EXPECT_FALSE(other.closed());
}

/// Something that a client can make a server hold.
struct Holding {
  char const* name;
  std::size_t bytes;
  std::function<void(EdgesWorld&, SocketIoClient&)> happens;
};
void PrintTo(Holding const& holding, std::ostream* out) {
  *out << holding.name;
}

class WhatClientsMakeItHold : public ::testing::TestWithParam<Holding> {};

TEST_P(WhatClientsMakeItHold, IsCountedAndGivenBack) {
  auto const& holding = GetParam();
  ServerOptions options;
  options.max_pending_messages = 1;
  options.max_auth_size = 200'000;
  EdgesWorld world(std::move(options));
  std::vector<Next> kept;
  world.io->of("/slow").use([&](Socket&, Next const& next) { kept.push_back(next); });
  world.io->on_connection([&](Socket& socket) {
    socket.on("wait", [](Socket&) -> Task<> { co_await sleep_for(std::chrono::hours{1}); });
    socket.on("ask", [](Socket& to) {
      for (int i = 0; i < 100; ++i)
        to.timeout(std::chrono::hours{1}).emit("question", [](AckReply const&) {});
    });
  });
  auto const empty = held(*world.server);
  auto& client = world.add_client();
  client.join();
  auto const before = held(*world.server);
  holding.happens(world, client);
  auto const now = held(*world.server);
  ASSERT_FALSE(client.closed()) << client.take_text();
  EXPECT_GE(now, before + holding.bytes);
  EXPECT_LE(now, before + 3 * holding.bytes);
  client.websocket->connection.reset();
  world.server->advance(std::chrono::hours{2});
  EXPECT_EQ(held(*world.server), empty);
}

Holding const holdings[] = {
    {"attachments", 50'000,
     [](EdgesWorld&, SocketIoClient& client) {
       client.send("52-[\"file\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
       client.send_binary(std::string(50'000, 'x'));
     }},
    {"packets behind others", 50'000,
     [](EdgesWorld&, SocketIoClient& client) {
       client.websocket->write(websocket::test::text_frame("42[\"wait\"]") +
                               websocket::test::text_frame("42[\"wait\"]") +
                               websocket::test::text_frame("42[\"" + std::string(50'000, 'x') + "\"]"));
     }},
    {"auth that waits for a middleware", 50'000,
     [](EdgesWorld&, SocketIoClient& client) {
       client.send("0/slow,{\"token\":\"" + std::string(50'000, 'x') + "\"}");
     }},
    {"auth that is kept", 50'000,
     [](EdgesWorld& world, SocketIoClient& client) {
       static_cast<void>(world.io->of("/kept"));
       client.send("0/kept,{\"token\":\"" + std::string(50'000, 'x') + "\"}");
     }},
    {"acknowledgements", 100 * 200, [](EdgesWorld&, SocketIoClient& client) { client.send("2[\"ask\"]"); }},
};
INSTANTIATE_TEST_SUITE_P(Each, WhatClientsMakeItHold, ::testing::ValuesIn(holdings));

TEST(WhatHttpClientsMakeItHold, PipelinedRequestsAreCountedAndGivenBack) {
  EdgesWorld world;
  world.server->http.get("/slow", [](http::Request const&) -> Task<http::Response> {
    co_await sleep_for(std::chrono::seconds{10});
    co_return http::Response::text(200, "at last");
  });
  auto const before = held(*world.server);
  auto client = world.server->connect();
  client.write(get_request("/slow"));
  world.server->run();
  EXPECT_LT(held(*world.server), before + 1000);
  client.write(get_request("/slow", "X: " + std::string(10'000, 'x') + "\r\n"));
  world.server->run();
  EXPECT_GE(held(*world.server), before + 10'000);
  world.server->advance(std::chrono::seconds{11});
  EXPECT_LT(held(*world.server), before + 1000) << "it is under way now";
  world.server->advance(std::chrono::seconds{11});
  client.close();
  world.server->run();
  EXPECT_EQ(held(*world.server), before);
}

}}  // namespace aerie::test
