#include "load/measurement.hpp"

#include "load/process.hpp"
#include "load/report.hpp"

#include <algorithm>
#include <utility>

namespace load {

namespace {

double sum(std::vector<pid_t> const& servers, double (*of)(pid_t)) {
  double result = 0;
  for (auto const server : servers)
    result += of(server);
  return result;
}

}  // namespace

Measurement::Measurement(std::vector<pid_t> servers, std::vector<pid_t> beside)
    : servers_(std::move(servers)),
      beside_(std::move(beside)),
      begin_(Clock::now()),
      server_cpu_(sum(servers_, &cpu_seconds)),
      server_waited_(sum(servers_, &waited_seconds)),
      beside_cpu_(sum(beside_, &cpu_seconds)),
      own_cpu_(cpu_seconds(0)),
      own_waited_(waited_seconds(0)) {}

void Measurement::stop() {
  seconds_ = Seconds(Clock::now() - begin_).count();
  server_cpu_ = sum(servers_, &cpu_seconds) - server_cpu_;
  server_waited_ = sum(servers_, &waited_seconds) - server_waited_;
  beside_cpu_ = sum(beside_, &cpu_seconds) - beside_cpu_;
  own_cpu_ = cpu_seconds(0) - own_cpu_;
  own_waited_ = waited_seconds(0) - own_waited_;
}

void Measurement::report(Report& report, std::string_view unit, std::uint64_t units) const {
  constexpr double busy = 0.95;
  auto const count = static_cast<double>(std::max<std::uint64_t>(units, 1));
  auto const server_busy = (server_cpu_ + server_waited_) / seconds_;
  auto const own_busy = (own_cpu_ + own_waited_) / seconds_;
  report.add("unit", unit);
  report.add("units", static_cast<double>(units));
  report.add("seconds", seconds_);
  report.add("per_s", static_cast<double>(units) / seconds_);
  report.add("server_us_per_unit", (server_cpu_ - discounted_) * 1e6 / count);
  if (!beside_.empty()) report.add("beside_us_per_unit", beside_cpu_ * 1e6 / count);
  report.add("server_cpu", server_cpu_ / seconds_);
  report.add("server_waited", server_waited_ / seconds_);
  report.add("generator_cpu", own_cpu_ / seconds_);
  report.add("generator_waited", own_waited_ / seconds_);
  // With both at their limit the rate says nothing about the server, so the generator is named.
  report.add("limit", own_busy > busy ? "generator" : server_busy > busy ? "server" : "none");
}

}  // namespace load
