#pragma once

#include "load/clock.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string_view>

namespace load {

class Report;

/// What the server and the generator spend from its construction to `stop`.
class Measurement {
 public:
  explicit Measurement(pid_t server);

  void stop();
  /// Adds how many units of work were done in a second, what one cost the server, the shares of a core that
  /// the server and the generator used, and which of them was the limit. REQUIRES: `stop` was called.
  void report(Report& report, std::string_view unit, std::uint64_t units) const;

 private:
  pid_t server_;
  TimePoint begin_;
  double server_cpu_;
  double server_waited_;
  double own_cpu_;
  double own_waited_;
  double seconds_ = 0;
};

}  // namespace load
