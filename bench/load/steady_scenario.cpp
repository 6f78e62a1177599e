#include "load/steady_scenario.hpp"

#include "load/drain.hpp"
#include "load/measurement.hpp"

namespace load {

Report SteadyScenario::run() {
  begin();
  run_until(after(Clock::now(), options_.warm_up));

  auto const before = done();
  auto const deliveries_before = deliveries();
  latencies().clear();
  Measurement measurement(options_.pids, options_.beside);
  run_until(after(Clock::now(), options_.seconds));
  measurement.stop();
  auto const units = done() - before;
  auto const delivered = deliveries() - deliveries_before;

  ending_ = true;
  drain(loop_, [this] { return under_way() == 0; });

  Report report;
  measurement.report(report, unit_, units);
  if (delivered > 0) report.add("deliveries_per_s", static_cast<double>(delivered) / measurement.seconds());
  if (options_.rate > 0) report.add("wanted_per_s", options_.rate);
  // The stragglers of the drain count as well: they are the ones that were late.
  report.add_latencies("", latencies());
  report.add_losses(under_way() + failures());
  return report;
}

void SteadyScenario::run_until(TimePoint limit) {
  while (Clock::now() < limit && failures() == 0)
    advance(limit);
}

}  // namespace load
