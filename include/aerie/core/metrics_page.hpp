#pragma once

/// \file
/// A page of metrics in the text format that Prometheus reads.
/// https://prometheus.io/docs/instrumenting/exposition_formats/

#include <aerie/core/api.hpp>
#include <aerie/core/metrics.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace core {

/// Put together from whoever has something to say; what is said of one name stands in one place. Belongs to
/// one thread.
class AERIE_API MetricsPage {
 public:
  /// Names and values; values may be any text.
  using Labels = std::vector<std::pair<std::string, std::string>>;

  /// A number that only grows: its name ends with `_total`.
  void counter(std::string_view name, std::string_view help, double value, Labels const& labels = {});
  void gauge(std::string_view name, std::string_view help, double value, Labels const& labels = {});
  /// Its name ends with its unit, `_seconds`.
  void histogram(std::string_view name, std::string_view help, TimeHistogram::Sum const& sum,
                 Labels const& labels = {});

  /// What is said from now on has these labels, too: to tell several servers apart.
  void set_common_labels(Labels labels) { common_ = std::move(labels); }

  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";
  std::string text() const;

 private:
  struct Family {
    std::string name;
    std::string_view type;
    std::string help;
    std::string samples;
  };

  Family& family(std::string_view name, std::string_view type, std::string_view help);
  void sample(std::string& samples, std::string_view name, Labels const& labels, std::string_view bound,
              double value) const;

  std::vector<Family> families_;
  Labels common_;
};

/// What the operating system says of the process, by the names that all clients of Prometheus have for it.
AERIE_API void collect_process(MetricsPage& page);

}}}  // namespace aerie::v1::core
