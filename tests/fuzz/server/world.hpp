#pragma once

/// \file
/// A round of the fuzzer: a server on a clock and in memory, an application that misbehaves, and clients that
/// do so, too. Everything follows from the seed.

#include "fuzz/server/application.hpp"
#include "fuzz/server/observer.hpp"
#include "fuzz/server/random.hpp"

#include <aerie/core/memory_stream.hpp>

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::fuzz {

/// A connection, and what its server has sent on it.
struct Connection {
  core::MemoryClient end;
  Observer seen{};
  std::string unsent{};  // goes out bit by bit
};

class World {
 public:
  /// `talks`: tells on the standard error stream what happens.
  World(std::uint64_t seed, bool talks);
  ~World();

  /// Throws Violation. `steps`: how many at most.
  void run(std::size_t steps);
  /// A digest of all that clients have been sent: the same for the same seed.
  std::uint64_t digest() const noexcept { return digest_; }

 private:
  /// A client with its session, on one connection or several.
  struct Player {
    enum class Kind { websocket, polling, stray };
    Kind kind;
    std::deque<Connection> connections;
    std::string sid{};
  };

  void step();
  void enter();
  void leave();
  void say(Player& player);
  void upgrade(Player& player);
  void poll(Player& player);
  void stray(Player& player);
  void write(Connection& connection, std::string_view bytes);
  void take(Connection& connection);
  void take_all(Player& player);
  Connection& connect(Player& player);
  Player* any_player();
  std::string_view any_sid();

  void turn();
  void advance(core::Milliseconds by);
  void settle();
  void look_after_the_witness();
  void check_the_witness();
  void end();
  void check_that_nothing_is_left();

  Random random_;
  Keepsakes keepsakes_;
  core::ManualClock clock_;
  bool talks_;
  std::size_t logged_ = 0;
  std::unique_ptr<Application> application_;  // what its callbacks refer to outlives what calls them
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<http::Server> http_;
  std::deque<Player> players_;
  std::optional<Connection> witness_;
  int asked_ = 0;
  std::uint64_t digest_ = 0xCBF29CE484222325U;
};

}  // namespace aerie::fuzz
