#pragma once

#include "load/clock.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace load {

class Report;

/// What the servers, all together, and the generator spend from its construction to `stop`.
class Measurement {
 public:
  /// `beside`: processes that are counted by themselves.
  explicit Measurement(std::vector<pid_t> servers, std::vector<pid_t> beside = {});

  void stop();
  /// What the servers have spent. REQUIRES: `stop` was called.
  double server_seconds() const { return server_cpu_; }
  /// So many seconds of the servers' were not for the units of work that are reported.
  void discount(double seconds) { discounted_ = seconds; }
  /// How long it was. REQUIRES: `stop` was called.
  double seconds() const { return seconds_; }
  /// Adds how many units of work were done in a second, what one cost the server, the shares of a core that
  /// the server and the generator used, and which of them was the limit. REQUIRES: `stop` was called.
  void report(Report& report, std::string_view unit, std::uint64_t units) const;

 private:
  std::vector<pid_t> servers_;
  std::vector<pid_t> beside_;
  TimePoint begin_;
  double server_cpu_;
  double server_waited_;
  double beside_cpu_;
  double own_cpu_;
  double own_waited_;
  double discounted_ = 0;
  double seconds_ = 0;
};

}  // namespace load
