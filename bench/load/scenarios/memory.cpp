#include "load/scenarios/memory.hpp"

#include "load/crowd.hpp"
#include "load/measurement.hpp"
#include "load/polling_crowd.hpp"
#include "load/process.hpp"

namespace load {

namespace {

void settle(EventLoop& loop, double seconds) {
  auto const settled = after(Clock::now(), seconds);
  while (Clock::now() < settled)
    loop.turn(settled);
}

}  // namespace

Report Storm::run() {
  EventLoop loop;
  Crowd crowd(loop, options_.server(), options_.connections);
  auto const server = options_.pids.front();
  auto const before = resident_kib(server);
  Measurement measurement(options_.pids);
  crowd.connect();
  auto const together = resident_kib(server);
  crowd.leave();
  measurement.stop();
  settle(loop, options_.settle);
  auto const afterwards = resident_kib(server);

  Report report;
  measurement.report(report, "connection", crowd.size());
  report.add("resident_kib_before", before);
  report.add("resident_kib_together", together);
  report.add("resident_kib_afterwards", afterwards);
  report.add("afterwards_to_before", afterwards / before);
  report.add_losses(crowd.broken());
  return report;
}

Report Memberships::run() {
  EventLoop loop;
  Crowd crowd(loop, options_.server(), options_.connections);
  auto const server = options_.pids.front();
  crowd.connect();
  settle(loop, options_.settle);
  auto const before = resident_kib(server);
  Measurement measurement(options_.pids);
  for (std::size_t room = 0; room < options_.rooms; ++room)
    crowd.join([&](std::size_t) { return "room " + std::to_string(room); }, crowd.size());
  measurement.stop();
  settle(loop, options_.settle);

  Report report;
  auto const joined = crowd.size() * options_.rooms;
  measurement.report(report, "join", joined);
  report.add("bytes_per_membership", (resident_kib(server) - before) * 1024 / static_cast<double>(joined));
  report.add_losses(crowd.broken());
  return report;
}

Report ConnectPolling::run() {
  EventLoop loop;
  PollingCrowd crowd(loop, options_.server(), options_.connections);
  auto const before = resident_kib(options_.pids.front());
  Measurement measurement(options_.pids);
  crowd.connect();
  measurement.stop();
  settle(loop, options_.settle);

  Report report;
  measurement.report(report, "connect", crowd.size());
  report.add("kib_per_connection",
             (resident_kib(options_.pids.front()) - before) / static_cast<double>(crowd.size()));
  report.add_losses(0);
  return report;
}

}  // namespace load
