#pragma once

#include "load/crowd.hpp"
#include "load/latencies.hpp"
#include "load/scenario.hpp"

#include <string>
#include <vector>

namespace load {

/// What comes after a restart of its neighbour in a cluster: `connections` clients come back at once, in the
/// eyes of a server that has others. Those, `senders` of them, get acknowledgements at a fixed rate, whatever
/// the server does.
class Restart final : public Scenario {
 public:
  /// Throws std::runtime_error without a rate.
  explicit Restart(Options const& options);
  Report run() override;

 private:
  /// Those who come back are opened so many at a time, with a turn of the loop in between.
  static constexpr std::size_t opened_per_turn = 64;
  static constexpr double patience_s = 120;

  void run_until(TimePoint limit);
  /// Sends what is due, and handles what comes until `limit` or until more is due.
  void advance(TimePoint limit);
  void bring_back(Crowd& crowd);
  void on_answer(std::string_view packet);

  Options options_;
  EventLoop loop_;
  Crowd stayed_;
  std::string argument_;
  std::vector<TimePoint> asked_;  // the times in the timetable; afterwards the epoch
  std::size_t answered_ = 0;
  std::size_t wrong_ = 0;
  TimePoint next_;
  Latencies latencies_;
  Latencies delays_;  // of the generator: from the time in the timetable to the sending
};

}  // namespace load
