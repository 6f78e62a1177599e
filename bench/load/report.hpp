#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace load {

class Latencies;

/// The figures of a run, printed as one JSON object in the order in which they were added.
class Report {
 public:
  void add(std::string_view name, double value);
  void add(std::string_view name, std::string_view text);
  /// The median, the 99th percentile and the maximum, in microseconds; `prefix` comes before their names.
  void add_latencies(std::string_view prefix, Latencies const& latencies);
  /// What was sent and never came, came twice or out of order, and connections that broke. A run with any has
  /// failed.
  void add_losses(std::uint64_t count);
  std::uint64_t losses() const { return losses_; }

  std::string json() const;

 private:
  std::vector<std::pair<std::string, std::string>> members_;
  std::uint64_t losses_ = 0;
};

}  // namespace load
