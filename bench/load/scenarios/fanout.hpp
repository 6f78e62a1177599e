#pragma once

#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/steady_scenario.hpp"

namespace load {

/// A sender keeps `in_flight` messages under way to a room of all the other connections: when everybody has
/// one, it sends the next. It may be at another server of their cluster.
class FanOut final : public SteadyScenario {
 public:
  explicit FanOut(Options const& options);

 private:
  void begin() override;
  std::uint64_t done() const override { return ledger_.delivered(); }
  std::uint64_t under_way() const override { return ledger_.outstanding(); }
  std::uint64_t failures() const override { return ledger_.wrong() + receivers_.broken() + sender_.broken(); }
  Latencies& latencies() override { return ledger_.latencies(); }

  void let_the_cluster_know();
  void send();

  Crowd receivers_;
  Crowd sender_;  // of one
  Ledger ledger_;
};

}  // namespace load
