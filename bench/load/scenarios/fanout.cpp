#include "load/scenarios/fanout.hpp"

#include "load/drain.hpp"
#include "load/measurement.hpp"

namespace load {

FanOut::FanOut(Options const& options)
    : options_(options),
      crowd_(loop_, options.port, options.connections + 1),
      ledger_(options.connections + 1) {}

Report FanOut::run() {
  crowd_.connect();
  crowd_.join([](std::size_t) { return "bench"; }, options_.connections);
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) {
    if (ledger_.receive(client, packet) && !stopping_) send();
  });
  for (std::size_t i = 0; i < options_.in_flight; ++i)
    send();
  run_until(after(Clock::now(), options_.warm_up));

  auto const before = ledger_.delivered();
  ledger_.begin_latencies();
  Measurement measurement(options_.pid);
  run_until(after(Clock::now(), options_.seconds));
  measurement.stop();
  auto const units = ledger_.delivered() - before;
  auto const latencies = ledger_.latencies();

  stopping_ = true;
  drain(loop_, [this] { return ledger_.outstanding() == 0; });

  Report report;
  measurement.report(report, "delivery", units);
  report.add_latencies("", latencies);
  report.add_losses(ledger_.outstanding() + ledger_.wrong() + crowd_.broken());
  return report;
}

void FanOut::send() {
  crowd_[options_.connections].send(ledger_.post({Clock::now(), options_.connections, options_.payload}));
}

void FanOut::run_until(TimePoint limit) {
  while (Clock::now() < limit && crowd_.broken() == 0)
    loop_.turn(limit);
}

}  // namespace load
