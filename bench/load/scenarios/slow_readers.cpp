#include "load/scenarios/slow_readers.hpp"

#include "load/drain.hpp"
#include "load/measurement.hpp"
#include "load/process.hpp"

#include <algorithm>
#include <stdexcept>

namespace load {

SlowReaders::SlowReaders(Options const& options)
    : options_(options),
      slow_(std::max<std::size_t>(options.connections / 10, 1)),
      crowd_(loop_, options.server(), options.connections + 1),
      ledger_(options.connections + 1) {
  if (options.rate <= 0) throw std::runtime_error("this scenario needs --rate");
  if (options.connections < 2) throw std::runtime_error("this scenario needs two connections at least");
  for (std::size_t i = 0; i < slow_; ++i)
    crowd_.shrink_buffer(i, 4096);
}

Report SlowReaders::run() {
  crowd_.connect();
  crowd_.join([](std::size_t) { return "bench"; }, options_.connections);
  crowd_.deliver_to([this](std::size_t client, std::string_view packet) {
    if (client >= slow_) ledger_.receive(client, packet);
  });
  next_ = Clock::now();
  run_until(after(Clock::now(), options_.warm_up));

  ledger_.latencies().clear();
  run_until(after(Clock::now(), options_.seconds));
  auto const latencies_before = ledger_.latencies();
  auto const kib_before = resident_kib(options_.pids.front());

  for (std::size_t i = 0; i < slow_; ++i)
    crowd_[i].stop_reading();
  stopped_ = true;
  ledger_.latencies().clear();
  auto const delivered_before = ledger_.delivered();
  Measurement measurement(options_.pids);
  run_until(after(Clock::now(), 2 * options_.seconds));
  measurement.stop();
  auto const units = ledger_.delivered() - delivered_before;
  drain(loop_, [this] { return ledger_.outstanding() == 0; });
  auto const latencies = ledger_.latencies();
  auto const dropped = count_dropped();

  Report report;
  measurement.report(report, "delivery", units);
  report.add_latencies("before_", latencies_before);
  report.add_latencies("", latencies);
  report.add("growth_kib_per_slow_reader", (peak_kib_ - kib_before) / static_cast<double>(slow_));
  report.add("slow_readers_dropped", static_cast<double>(dropped));
  report.add_losses(ledger_.outstanding() + ledger_.wrong() + crowd_.broken(slow_, crowd_.size()));
  return report;
}

std::size_t SlowReaders::count_dropped() {
  // A closed connection shows only behind the data that its client has not read.
  for (std::size_t i = 0; i < slow_; ++i)
    crowd_[i].resume_reading();
  auto const limit = after(Clock::now(), 1);
  while (crowd_.broken(0, slow_) < slow_ && Clock::now() < limit)
    loop_.turn(limit);
  return crowd_.broken(0, slow_);
}

void SlowReaders::run_until(TimePoint limit) {
  auto const gap = static_cast<double>(options_.connections) / options_.rate;
  for (auto now = Clock::now(); now < limit; now = Clock::now()) {
    for (; next_ <= now; next_ = after(next_, gap)) {
      crowd_[options_.connections].send(
          ledger_.post({next_, options_.connections - slow_, options_.payload}));
      if (stopped_) peak_kib_ = std::max(peak_kib_, resident_kib(options_.pids.front()));
    }
    loop_.turn(std::min(next_, limit));
  }
}

}  // namespace load
