#pragma once

#include "load/crowd.hpp"
#include "load/round_trip_scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// Each connection joins `rooms` rooms, one after the other, which are the same for all, leaves them in the
/// same order, and begins again. Every step is acknowledged.
class JoinLeave final : public RoundTripScenario {
 public:
  explicit JoinLeave(Options const& options);

 private:
  void begin() override;
  std::uint64_t broken() const override { return crowd_.broken(); }

  void start(std::size_t client) override { crowd_[client].send(frames_[step_[client]]); }
  void on_packet(std::size_t client, std::string_view packet);

  Crowd crowd_;
  std::vector<std::string> frames_;  // of a whole cycle
  std::vector<std::size_t> step_;    // that each client is at
};

}  // namespace load
