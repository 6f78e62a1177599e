#include "load/report.hpp"

#include "load/latencies.hpp"

#include <cmath>
#include <sstream>

namespace load {

void Report::add(std::string_view name, double value) {
  std::ostringstream text;
  text.precision(6);
  text << (std::isfinite(value) ? value : 0);
  members_.emplace_back(name, text.str());
}

void Report::add(std::string_view name, std::string_view text) {
  members_.emplace_back(name, '"' + std::string(text) + '"');
}

void Report::add_latencies(std::string_view prefix, Latencies const& latencies) {
  std::string const start(prefix);
  add(start + "p50_us", latencies.percentile_us(0.5));
  add(start + "p99_us", latencies.percentile_us(0.99));
  add(start + "max_us", latencies.percentile_us(1));
}

void Report::add_losses(std::uint64_t count) {
  losses_ = count;
  add("lost", static_cast<double>(count));
}

std::string Report::json() const {
  std::string text = "{";
  for (auto const& [name, value] : members_) {
    if (text.size() > 1) text += ',';
    text.append("\"").append(name).append("\":").append(value);
  }
  return text + '}';
}

}  // namespace load
