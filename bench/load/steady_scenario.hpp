#pragma once

#include "load/event_loop.hpp"
#include "load/latencies.hpp"
#include "load/scenario.hpp"

#include <string_view>

namespace load {

/// A scenario whose load is the same all the time: it begins, warms up, is measured, and ends when everything
/// that was under way has arrived.
class SteadyScenario : public Scenario {
 public:
  Report run() final;

 protected:
  SteadyScenario(Options const& options, std::string_view unit) : options_(options), unit_(unit) {}

  Options const& options() const { return options_; }
  EventLoop& loop() { return loop_; }
  /// Nothing new is to be sent.
  bool is_ending() const { return ending_; }

 private:
  /// Connects, and sends the first messages.
  virtual void begin() = 0;
  /// Does what is due, and waits for what comes, until `limit` at most.
  virtual void advance(TimePoint limit) { loop_.turn(limit); }
  /// How many units of work have been done since the beginning.
  virtual std::uint64_t done() const = 0;
  /// How many deliveries there have been, where a unit of work is something else that causes them.
  virtual std::uint64_t deliveries() const { return 0; }
  /// How many are still to come.
  virtual std::uint64_t under_way() const = 0;
  /// How many went wrong; a run ends early with the first.
  virtual std::uint64_t failures() const = 0;
  virtual Latencies& latencies() = 0;

  void run_until(TimePoint limit);

  Options options_;
  std::string_view unit_;
  EventLoop loop_;
  bool ending_ = false;
};

}  // namespace load
