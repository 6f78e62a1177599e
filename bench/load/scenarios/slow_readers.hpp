#pragma once

#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/scenario.hpp"

namespace load {

/// A room that hears messages at a fixed rate; then every tenth member stops reading. The others must not
/// notice, and the server's memory has to stay bounded. What the slow ones miss is no loss.
class SlowReaders final : public Scenario {
 public:
  explicit SlowReaders(Options const& options);
  Report run() override;

 private:
  void run_until(TimePoint limit);
  /// How many of the slow readers the server has disconnected.
  std::size_t count_dropped();

  Options options_;
  std::size_t slow_;  // the first ones
  EventLoop loop_;
  Crowd crowd_;
  Ledger ledger_;  // of the others
  TimePoint next_;
  double peak_kib_ = 0;
  bool stopped_ = false;
};

}  // namespace load
