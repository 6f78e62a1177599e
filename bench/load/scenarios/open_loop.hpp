#pragma once

#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/steady_scenario.hpp"

#include <random>

namespace load {

/// Messages leave by a timetable, whatever the server does, and latency counts from the time in the
/// timetable: so a server that stands still for a second is charged with that second for all who waited, not
/// for one.
class OpenLoop : public SteadyScenario {
 protected:
  /// How the clients are used: the first `receivers` are in rooms.
  struct Cast {
    std::size_t clients;
    std::size_t receivers;
    std::size_t senders_per_room;
  };
  struct Sender {
    std::size_t client;
    std::size_t place;      // among those who send to the same room
    std::size_t receivers;  // of what it sends
  };

  OpenLoop(Options const& options, Cast cast);

  virtual std::string room_of(std::size_t client) const = 0;
  virtual Sender next_sender() = 0;
  /// Seconds from one message to the next.
  virtual double next_gap() = 0;

 private:
  void begin() override;
  void advance(TimePoint limit) override;
  std::uint64_t done() const override { return ledger_.delivered(); }
  std::uint64_t under_way() const override { return ledger_.outstanding(); }
  std::uint64_t failures() const override { return ledger_.wrong() + crowd_.broken(); }
  Latencies& latencies() override { return ledger_.latencies(); }

  Cast cast_;
  Crowd crowd_;
  Ledger ledger_;
  TimePoint next_;
};

/// One sender, even gaps, one room of all the others.
class FanOutAtRate final : public OpenLoop {
 public:
  explicit FanOutAtRate(Options const& options)
      : OpenLoop(options, {options.connections + 1, options.connections, 1}) {}

 private:
  std::string room_of(std::size_t) const override { return "bench"; }
  Sender next_sender() override;
  double next_gap() override;
};

/// Rooms of equal size whose members all send, at the times of a Poisson process.
class Chat final : public OpenLoop {
 public:
  explicit Chat(Options const& options);

 private:
  std::string room_of(std::size_t client) const override;
  Sender next_sender() override;
  double next_gap() override;
  std::size_t room_size() const { return options().connections / options().rooms; }

  std::mt19937 random_;  // with the same seed for every server
};

}  // namespace load
