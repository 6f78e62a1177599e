// Connections that are cut at random points, again and again: what was in flight may be lost, nothing else
// is, and nothing comes twice. And connections that go over to a WebSocket under traffic, which lose nothing.
// How often is said by AERIE_STORM, with a seed of AERIE_SEED:
//
//     AERIE_STORM=100000 AERIE_SEED=7 build/release/bin/unit_client --gtest_filter='*Storm*'
#include "unit/client/client_fixture.hpp"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

std::size_t number_in(char const* variable, std::size_t otherwise) {
  auto const* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// What is sent one way: numbers, of which each connection loses an end at most.
class Line {
 public:
  /// While there is a connection, which may lose it.
  int send_in_flight() { return note(true); }
  int send_waiting() { return note(false); }
  void receive(int number) {
    ASSERT_EQ(number, std::max(number, next_)) << "twice, or out of order";
    for (; next_ < number; ++next_) {
      ASSERT_TRUE(may_be_lost_.at(static_cast<std::size_t>(next_))) << next_ << " is lost, which waited";
      ++lost_;
    }
    ++next_;
    ++received_;
  }
  std::size_t received() const noexcept { return received_; }
  std::size_t lost() const noexcept { return lost_; }

 private:
  int note(bool may_be_lost) {
    may_be_lost_.push_back(may_be_lost);
    return static_cast<int>(may_be_lost_.size()) - 1;
  }
  std::vector<bool> may_be_lost_;
  int next_ = 0;
  std::size_t received_ = 0;
  std::size_t lost_ = 0;
};

class ClientStorm : public ServedFixture, public ::testing::WithParamInterface<std::vector<Transport>> {
 protected:
  /// A few steps of both sides; the bytes between them travel in pieces of their own.
  void some_steps(unsigned count) {
    for (unsigned step = 0; step < count; ++step) {
      runtime.shard(0).run_ready();
      if (wire->pipes.empty()) continue;
      wire->pipes[random_() % wire->pipes.size()]->pump();
    }
  }
  unsigned up_to(unsigned most) { return static_cast<unsigned>(random_() % (most + 1)); }

  std::mt19937 random_{static_cast<unsigned>(number_in("AERIE_SEED", 20'260'101))};
};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Transports, ClientStorm,
                         ::testing::Values(std::vector{Transport::polling}, std::vector{Transport::websocket},
                                           std::vector{Transport::polling, Transport::websocket}));

TEST_P(ClientStorm, OfCutConnectionsLosesNothingThatWasNotInFlight) {
  Line up;
  Line down;
  std::string peer;
  io.on_connection([&](aerie::Socket& to) { peer = to.id(); });
  io.on("up", [&](int number) { up.receive(number); });
  auto const manager =
      make({.transports = GetParam(), .reconnection_delay = 1ms, .reconnection_delay_max = 2ms});
  auto const socket = manager.socket();
  std::size_t connects = 0;
  std::size_t disconnects = 0;
  socket.on("connect", [&] { ++connects; });
  socket.on("disconnect", [&] { ++disconnects; });
  socket.on("down", [&](int number) { down.receive(number); });
  socket.connect();
  auto const cycles = number_in("AERIE_STORM", 3'000) / 3 + 1;
  for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
    for (int tries = 0; !socket.connected() && tries < 100; ++tries)
      advance(10ms);
    ASSERT_TRUE(socket.connected()) << cycle;
    // What is said in both directions is under way when the connection is cut, in the middle of an upgrade
    // perhaps.
    for (auto left = up_to(4); left > 0; --left) {
      socket.emit("up", up.send_in_flight());
      io.to(peer).emit("down", down.send_in_flight());
      some_steps(up_to(3));
    }
    some_steps(up_to(12));
    for (auto const& pipe : wire->pipes)
      pipe->cut();
    wire->pipes.clear();
    runtime.shard(0).run_ready();
    ASSERT_FALSE(socket.connected()) << cycle;
    for (auto left = up_to(3); left > 0; --left)
      socket.emit("up", up.send_waiting());
    if (testing::Test::HasFatalFailure()) return;
  }
  advance(1s);
  // The last ones arrive.
  socket.emit("up", up.send_waiting());
  advance(1s);
  EXPECT_TRUE(socket.connected());
  EXPECT_GE(connects, cycles);
  EXPECT_GE(disconnects, cycles);
  EXPECT_GT(up.received(), cycles);
  EXPECT_GT(up.lost(), 0U);
  EXPECT_GT(down.received(), 0U);
  // Connections that are gone leave nothing behind.
  EXPECT_LE(runtime.shard(0).counts().connections.load(), 8U);
  EXPECT_TRUE(log.empty()) << log.front();
}

namespace {

class ClientUpgradeStorm : public ClientStorm {};

}  // namespace

INSTANTIATE_TEST_SUITE_P(Transports, ClientUpgradeStorm,
                         ::testing::Values(std::vector{Transport::polling, Transport::websocket}));

TEST_P(ClientUpgradeStorm, OfUpgradesUnderTrafficLosesNothingAtAll) {
  std::string peer;
  std::vector<int> up;
  io.on_connection([&](aerie::Socket& to) { peer = to.id(); });
  io.on("up", [&](int number) { up.push_back(number); });
  auto const cycles = number_in("AERIE_STORM", 3'000) / 4 + 1;
  std::size_t sent = 0;
  std::size_t sent_back = 0;
  for (std::size_t cycle = 0; cycle < cycles; ++cycle) {
    peer.clear();
    up.clear();
    std::vector<int> down;
    bool upgraded = false;
    auto const manager = make({.transports = GetParam(), .reconnection = false});
    auto const socket = manager.socket();
    manager.on("upgrade", [&] { upgraded = true; });
    socket.on("down", [&](int number) { down.push_back(number); });
    socket.connect();
    std::vector<int> sent_up;
    std::vector<int> sent_down;
    auto const emit_some = [&] {
      for (auto left = up_to(2); left > 0; --left) {
        socket.emit("up", sent_up.emplace_back(static_cast<int>(sent_up.size())));
        if (!peer.empty())
          io.to(peer).emit("down", sent_down.emplace_back(static_cast<int>(sent_down.size())));
      }
    };
    for (int round = 1; round < 1'000 && !upgraded; ++round) {
      emit_some();
      some_steps(up_to(4));
      // A poll that nothing answers is answered by the server after a while.
      if (round % 16 == 0) advance(100ms);
    }
    ASSERT_TRUE(upgraded) << cycle;
    emit_some();
    advance(10ms);
    ASSERT_EQ(up, sent_up) << cycle;
    ASSERT_EQ(down, sent_down) << cycle;
    sent += sent_up.size();
    sent_back += sent_down.size();
    ASSERT_TRUE(socket.connected());
    manager.close();
    advance(3s);
    wire->pipes.clear();
    run();
  }
  EXPECT_GT(sent, cycles);
  EXPECT_GT(sent_back, cycles);
  EXPECT_TRUE(log.empty()) << log.front();
}

}}}}  // namespace aerie::v1::client::test
