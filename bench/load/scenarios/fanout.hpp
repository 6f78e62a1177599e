#pragma once

#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/scenario.hpp"

namespace load {

/// A sender keeps `in_flight` messages under way to a room of all the other connections: when everybody has
/// one, it sends the next.
class FanOut final : public Scenario {
 public:
  explicit FanOut(Options const& options);
  Report run() override;

 private:
  void send();
  void run_until(TimePoint limit);

  Options options_;
  EventLoop loop_;
  Crowd crowd_;  // the last one is the sender
  Ledger ledger_;
  bool stopping_ = false;
};

}  // namespace load
