#include "unit/socketio/socketio_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <thread>

namespace aerie::socketio::test { namespace {

/// A client that takes what it is sent only when it is told to.
class BackPressure : public SocketIoFixture {
 protected:
  void start_server(aerie::ServerOptions options = {}) {
    io.reset();
    start(std::move(options));
    io->on_connection([this](aerie::Socket& connected) { socket = &connected; });
    io->on_disconnect([this](aerie::Socket&) { events.emplace_back("left"); });
  }
  SocketIoClient slow_client(std::size_t window = 0) {
    auto made = client();
    made.take();
    made.websocket->connection.set_window(window);
    return made;
  }
  static void read_everything(SocketIoClient& of) { of.websocket->connection.set_window(100'000'000); }
  std::size_t buffered() {
    std::size_t bytes = 0;
    world.in_turn([&] { bytes = socket->buffered_amount(); });
    return bytes;
  }

  aerie::Socket* socket = nullptr;
  core::TaskContext tasks{world.runtime.shard(0)};
};

TEST_F(BackPressure, TellsHowMuchWaitsForAClient) {
  start_server();
  auto slow = slow_client();
  world.in_turn([this] {
    EXPECT_TRUE(socket->writable());
    EXPECT_EQ(socket->buffered_amount(), 0U);
    socket->emit("event", std::string(1000, 'x'));
    EXPECT_FALSE(socket->writable());
    io->emit("event", std::string(1000, 'x'));
    EXPECT_GT(socket->buffered_amount(), 2000U);
  });
  EXPECT_GT(buffered(), 2000U);
  read_everything(slow);
  world.run();
  EXPECT_EQ(buffered(), 0U);
}

TEST_F(BackPressure, ATaskWaitsUntilItsClientHasTakenWhatItWasSent) {
  start_server();
  auto slow = slow_client();
  io->on("work", [this](aerie::Socket& of) -> aerie::Task<void> {
    auto const at_once = co_await of.drained();
    events.emplace_back(at_once ? "at once" : "?");
    of.emit("a lot", std::string(1000, 'x'));
    auto const connected = co_await of.drained();
    events.emplace_back(connected ? "drained" : "gone");
  });
  slow.send("2[\"work\"]");
  EXPECT_EQ(take_events(), Strings{"at once"});
  world.advance(1s);
  EXPECT_EQ(take_events(), Strings{});
  read_everything(slow);
  world.run();
  EXPECT_EQ(take_events(), Strings{"drained"});
}

TEST_F(BackPressure, WaitingEndsWithTheClientHoweverItGoes) {
  struct Way {
    char const* name;
    std::function<void(SocketIoClient&)> go;
  };
  std::vector<Way> const ways{
      {"reset", [](auto& of) { of.websocket->connection.reset(); }},
      {"leaves", [this](auto&) { world.in_turn([this] { socket->conn()->close(); }); }},
      {"closed", [this](auto&) { world.in_turn([this] { socket->disconnect(true); }); }},
      {"timeout", [this](auto&) { world.advance(25s), world.advance(20s); }},
      {"server closes", [this](auto&) { io->close(); }},
  };
  for (auto const& way : ways) {
    SCOPED_TRACE(way.name);
    start_server();
    auto slow = slow_client();
    world.in_turn([this] {
      socket->emit("event", std::string(1000, 'x'));
      socket->when_drained([this](bool connected) { events.emplace_back(connected ? "drained" : "gone"); });
    });
    EXPECT_EQ(take_events(), Strings{});
    way.go(slow);
    world.run();
    std::ranges::sort(events);
    EXPECT_EQ(take_events(), (Strings{"gone", "left"}));
    world.advance(1s);
  }
}

TEST_F(BackPressure, NobodyIsWaitedForByAServerThatCloses) {
  struct Way {
    char const* name;
    std::function<aerie::Task<bool>(aerie::Socket&)> wait;
  };
  std::vector<Way> const ways{
      {"drained", [](aerie::Socket& of) { return of.drained(); }},
      {"emit_paced", [](aerie::Socket& of) { return of.emit_paced("event", std::string(1000, 'x')); }},
      {"a handle", [](aerie::Socket& of) { return of.handle().drained(); }},
  };
  for (auto const& way : ways) {
    SCOPED_TRACE(way.name);
    start_server({.close_timeout = 3s, .high_water_mark = 100});
    io->on("work", [&](aerie::Socket& of) -> aerie::Task<std::string> {
      of.emit("a lot", std::string(1000, 'x'));
      for (int i = 0; i < 2; ++i) {
        auto waiting = way.wait(of);
        auto const drained = co_await std::move(waiting);
        events.emplace_back(drained ? "drained" : "in vain");
      }
      co_return "done";
    });
    auto slow = slow_client();
    slow.send(R"(21["work"])");
    EXPECT_EQ(take_events(), Strings{});
    io->close([this] { events.emplace_back("closed"); });
    world.run();
    EXPECT_EQ(take_events(), (Strings{"in vain", "in vain"})) << "at once";
    world.advance(3s);
    EXPECT_EQ(take_events(), (Strings{"left", "closed"}));
  }
}

TEST_F(BackPressure, OfANamespaceThatWasLeftIsFalse) {
  start_server();
  auto slow = slow_client();
  world.in_turn([this] {
    socket->emit("event", std::string(1000, 'x'));
    socket->when_drained([this](bool connected) { events.emplace_back(connected ? "drained" : "gone"); });
    socket->disconnect();
    socket->when_drained([this](bool connected) { events.emplace_back(connected ? "drained" : "gone"); });
  });
  EXPECT_EQ(take_events(), (Strings{"left", "gone"}));
  read_everything(slow);
  world.run();
  EXPECT_EQ(take_events(), Strings{"gone"});
}

TEST_F(BackPressure, WhatWaitingThrowsEndsNothing) {
  start_server();
  io->on_error([this](aerie::HandlerError const& error) { events.emplace_back(error.event); });
  auto slow = slow_client();
  world.in_turn([this] {
    socket->when_drained([](bool) { throw 1; });
    socket->emit("event");
    socket->when_drained([](bool) { throw std::runtime_error("no"); });
  });
  read_everything(slow);
  world.run();
  EXPECT_EQ(take_events(), (Strings{"drained", "drained"}));
  EXPECT_EQ(slow.take_text(), "2[\"event\"]");
}

TEST_F(BackPressure, APacedProducerIsAheadOfItsClientByTheMarkAndOneEvent) {
  start_server({.high_water_mark = 20'000});
  auto slow = slow_client(5'000);
  std::size_t most = 0;
  io->on("produce", [&](aerie::Socket& of) -> aerie::Task<int> {
    std::string const text(3'000, 'x');
    int sent = 0;
    for (; sent < 100; ++sent) {
      auto const connected = co_await of.emit_paced("part", sent, text);
      if (!connected) break;
      most = std::max(most, of.buffered_amount());
    }
    co_return sent;
  });
  slow.send("21[\"produce\"]");
  std::vector<std::string> received;
  for (int reads = 0; reads < 100; ++reads) {
    EXPECT_LT(buffered(), 24'000U);
    for (auto& packet : slow.take())
      received.push_back(std::move(packet));
    world.run();
  }
  ASSERT_EQ(received.size(), 101U);
  for (std::size_t i = 0; i < 100; ++i)
    EXPECT_TRUE(received[i].starts_with("2[\"part\"," + std::to_string(i) + ",")) << i;
  EXPECT_EQ(received.back(), "31[100]");
  EXPECT_LE(most, 20'000U);
}

TEST_F(BackPressure, IsHandedToOtherThreadsByHandles) {
  start_server();
  auto slow = slow_client();
  std::optional<aerie::SocketHandle> handle;
  world.in_turn([&] { handle = socket->handle(); });
  auto const wait = [&](aerie::Task<bool> task) {
    world.in_turn([&] {
      core::start(std::move(task), tasks, [this](core::Outcome<bool>&& outcome) noexcept {
        events.emplace_back(outcome.take() ? "drained" : "gone");
      });
    });
  };
  std::optional<aerie::Task<bool>> made_elsewhere;
  std::thread([&] { made_elsewhere = handle->emit_paced("event", std::string(100'000, 'x')); }).join();
  wait(std::move(*made_elsewhere));
  EXPECT_EQ(take_events(), Strings{});
  read_everything(slow);
  world.run();
  EXPECT_EQ(take_events(), Strings{"drained"});
  slow.websocket->connection.set_window(0);
  wait(handle->emit_paced("event", std::string(100'000, 'x')));
  slow.websocket->connection.reset();
  world.run();
  EXPECT_EQ(take_events(), (Strings{"left", "gone"}));
  wait(handle->drained());
  EXPECT_EQ(take_events(), Strings{"gone"});
  io.reset();
  wait(handle->emit_paced("event"));
  EXPECT_EQ(take_events(), Strings{"gone"});
}

TEST_F(BackPressure, WaitsForPollsAsWell) {
  start_server();
  SocketIoClient polling(world, Over::polling);
  polling.join();
  io->on("produce", [](aerie::Socket& of) -> aerie::Task<void> {
    for (int i = 0; i < 3; ++i) {
      of.emit("part", i);
      co_await of.drained();
    }
  });
  polling.send("2[\"produce\"]");
  Strings received;
  for (int polls = 0; polls < 10; ++polls) {
    for (auto& packet : polling.take())
      received.push_back(std::move(packet));
  }
  EXPECT_EQ(received, (Strings{"2[\"part\",0]", "2[\"part\",1]", "2[\"part\",2]"}));
}

TEST_F(BackPressure, AMarkBeyondTheLimitIsRefused) {
  EXPECT_THROW(start({.engine = {.outgoing_limit = 1000}, .high_water_mark = 1000}), std::invalid_argument);
  start({.engine = {.outgoing_limit = 1000}});
  auto fast = client();
  io->on("mark", [](aerie::Socket& of) { return of.high_water_mark(); });
  fast.send("21[\"mark\"]");
  EXPECT_EQ(fast.take_text(), "31[250]");
}

/// Producers that pace themselves, and readers that read as chance has it: the account holds no more than the
/// marks allow, everything arrives in its order, and nothing is left at the end.
TEST_F(BackPressure, ForManySlowReadersTheAccountHolds) {
  constexpr std::size_t count = 12;
  constexpr std::size_t mark = 16'000;
  constexpr std::size_t largest = 4'000;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    io.reset();
    start({.high_water_mark = mark});
    io->on("produce", [](aerie::Socket& of, std::vector<std::size_t> sizes) -> aerie::Task<void> {
      std::size_t number = 0;
      for (auto const size : sizes) {
        std::string const text(size, 'x');
        auto const connected = co_await of.emit_paced("part", number, text);
        ++number;
        if (!connected) co_return;
      }
      of.emit("end", number);
    });
    auto const before = world.runtime.stats().shards.front().bytes_held;
    std::deque<SocketIoClient> readers;
    for (std::size_t i = 0; i < count; ++i) {
      auto& reader = readers.emplace_back(client());
      reader.take();
      reader.websocket->connection.set_window(300 + random() % 3'000);
      std::string sizes;
      for (int parts = 0; parts < 40; ++parts)
        sizes += (parts == 0 ? "" : ",") + std::to_string(random() % largest);
      reader.send("2[\"produce\",[" + sizes + "]]");
    }
    std::vector<Strings> received(count);
    auto const all_done = [&] {
      return std::ranges::all_of(received, [](auto const& packets) { return packets.size() == 41; });
    };
    for (int step = 0; step < 20'000 && !all_done(); ++step) {
      auto const i = random() % count;
      for (auto& packet : readers[i].take())
        received[i].push_back(std::move(packet));
      world.run();
      auto const held = world.runtime.stats().shards.front().bytes_held_for_slow_peers;
      // What holds the bytes takes at most a page more for each.
      ASSERT_LE(held, count * (mark + largest + 100 + 8'192));
    }
    ASSERT_TRUE(all_done());
    for (auto const& packets : received) {
      for (std::size_t i = 0; i < 40; ++i)
        ASSERT_TRUE(packets[i].starts_with("2[\"part\"," + std::to_string(i) + ","));
      EXPECT_EQ(packets.back(), "2[\"end\",40]");
    }
    EXPECT_EQ(world.runtime.stats().shards.front().bytes_held_for_slow_peers, 0U);
    EXPECT_EQ(io->engine().slow_consumers(), 0U);
    readers.clear();
    world.run();
    EXPECT_LE(world.runtime.stats().shards.front().bytes_held, before);
  }
}

}}  // namespace aerie::socketio::test
