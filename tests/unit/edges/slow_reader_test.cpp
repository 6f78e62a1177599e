#include "unit/edges/edges_fixture.hpp"
#include "unit/support/allocated.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace aerie::test { namespace {

// Sends at random to a client that takes nothing, directly and by way of rooms, until it is given up: the
// most that it has cost at the end of a turn.
std::size_t most_for_a_slow_reader(Over transport, unsigned seed, std::size_t largest,
                                   std::size_t each_turn) {
  constexpr std::size_t limit = 256 * 1024;
  std::mt19937 random(seed);
  ServerOptions options;
  options.engine.outgoing_limit = limit;
  EdgesWorld world(std::move(options));
  std::vector<std::string> rooms;
  for (int i = 0; i < 8; ++i)
    rooms.push_back("room-" + std::to_string(i));
  Socket* connected = nullptr;
  world.io->on_connection([&](Socket& socket) {
    connected = &socket;
    socket.join(rooms);
  });
  world.io->on_disconnect([&](Socket&, DisconnectReason) { connected = nullptr; });
  auto& client = world.add_client(transport);
  client.join();
  if (client.websocket) {
    client.websocket->connection.set_window(0);
  } else {
    client.polling->polls.set_window(0);
  }
  std::string const text(largest, 'x');
  auto const before = allocated();
  std::size_t most = 0;
  std::size_t sent = 0;
  while (sent < 4 * limit && connected != nullptr) {
    world.server->in_turn([&] {
      for (auto count = 1 + random() % each_turn; count > 0 && connected != nullptr; --count) {
        std::string_view const part(text.data(), random() % (largest + 1));
        sent += part.size() + 10;  // and what an event consists of besides
        if (random() % 3 == 0) {
          connected->emit("n", part);
        } else {
          world.io->to(rooms[random() % rooms.size()]).emit("n", part);
        }
      }
    });
    // It has been offered something, and has had the time to take it.
    world.server->advance(core::Milliseconds{1});
    if (connected != nullptr) most = std::max(most, allocated() - std::min(before, allocated()));
  }
  EXPECT_EQ(connected, nullptr) << "it was never given up";
  return most;
}

TEST(SlowReaders, CostTheirLimitAnd64KiBWhateverTheyAreSent) {
  for (auto const transport : {Over::websocket, Over::polling}) {
    for (unsigned seed = 0; seed < 2; ++seed) {
      for (std::size_t const largest : {0U, 60U, 1000U, 9000U}) {
        for (std::size_t const each_turn : {1U, 20U}) {
          EXPECT_LE(most_for_a_slow_reader(transport, seed, largest, each_turn), (256 + 64) * 1024)
              << (transport == Over::polling ? "polling" : "websocket") << ", texts up to " << largest
              << ", up to " << each_turn << " in a turn, seed " << seed;
        }
      }
    }
  }
}

}}  // namespace aerie::test
