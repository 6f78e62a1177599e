#include "load/scenarios/connect.hpp"

#include "load/crowd.hpp"
#include "load/latencies.hpp"
#include "load/measurement.hpp"
#include "load/process.hpp"

namespace load {

Report Connect::run() {
  EventLoop loop;
  Crowd crowd(loop, options_.server(), options_.connections, false, dialect_of(options_));
  Latencies latencies;
  auto const memory_before = resident_kib(options_.pids.front());

  Measurement measurement(options_.pids);
  crowd.connect([&](Clock::duration took) { latencies.add(took); });
  measurement.stop();

  auto const settled = after(Clock::now(), options_.settle);
  while (Clock::now() < settled)
    loop.turn(settled);

  Report report;
  measurement.report(report, "connect", crowd.size());
  report.add("kib_per_connection",
             (resident_kib(options_.pids.front()) - memory_before) / static_cast<double>(crowd.size()));
  report.add_latencies("", latencies);
  report.add_losses(crowd.broken());
  return report;
}

}  // namespace load
