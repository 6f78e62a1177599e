#pragma once

#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/steady_scenario.hpp"

namespace load {

/// A sender keeps `in_flight` messages under way to a room of all the other connections: when everybody has
/// one, it sends the next.
class FanOut final : public SteadyScenario {
 public:
  explicit FanOut(Options const& options);

 private:
  void begin() override;
  std::uint64_t done() const override { return ledger_.delivered(); }
  std::uint64_t under_way() const override { return ledger_.outstanding(); }
  std::uint64_t failures() const override { return ledger_.wrong() + crowd_.broken(); }
  Latencies& latencies() override { return ledger_.latencies(); }

  void send();

  Crowd crowd_;  // the last one is the sender
  Ledger ledger_;
};

}  // namespace load
