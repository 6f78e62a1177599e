#pragma once

#include "load/crowd.hpp"
#include "load/steady_scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// Each connection joins `rooms` rooms, one after the other, which are the same for all, leaves them in the
/// same order, and begins again. Every step is acknowledged.
class JoinLeave final : public SteadyScenario {
 public:
  explicit JoinLeave(Options const& options);

 private:
  void begin() override;
  std::uint64_t done() const override { return steps_done_; }
  std::uint64_t under_way() const override { return outstanding_; }
  std::uint64_t failures() const override { return wrong_ + crowd_.broken(); }
  Latencies& latencies() override { return latencies_; }

  void send(std::size_t client);
  void on_packet(std::size_t client, std::string_view packet);

  Crowd crowd_;
  std::vector<std::string> frames_;  // of a whole cycle
  std::vector<std::size_t> step_;    // that each client is at
  std::vector<TimePoint> sent_at_;
  Latencies latencies_;
  std::uint64_t steps_done_ = 0;
  std::uint64_t outstanding_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace load
