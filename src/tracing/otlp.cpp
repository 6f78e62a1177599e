#include "tracing/exporter.hpp"

#include <aerie/core/decimal.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/tracing/otlp.hpp>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

OtlpTracer::OtlpTracer(OtlpOptions options)
    : Tracer(options.sampling), exporter_(std::make_unique<tracing::Exporter>(std::move(options))) {}

OtlpTracer::~OtlpTracer() = default;

void OtlpTracer::ended(SpanRecord&& span) {
  exporter_->add(std::move(span));
}

void OtlpTracer::flush(std::function<void()> done) {
  exporter_->flush(std::move(done));
}

OtlpStats OtlpTracer::stats() const {
  return exporter_->stats();
}

void OtlpTracer::collect(core::MetricsPage& page) const {
  auto const now = stats();
  page.counter("aerie_trace_spans_exported_total", "Spans that a collector has taken.",
               static_cast<double>(now.exported));
  constexpr auto dropped = "aerie_trace_spans_dropped_total";
  using Number = std::pair<char const*, std::uint64_t>;
  for (auto const& [reason, count] : {Number{"queue_full", now.dropped_queue_full},
                                      {"unreachable", now.dropped_unreachable},
                                      {"refused", now.dropped_refused}}) {
    page.counter(dropped, "Spans that no collector has, by reason.", static_cast<double>(count),
                 {{"reason", reason}});
  }
  page.gauge("aerie_trace_spans_waiting", "Spans that wait to be sent.", static_cast<double>(now.waiting));
}

std::shared_ptr<OtlpTracer> otlp_tracer(OtlpOptions options) {
  return std::make_shared<OtlpTracer>(std::move(options));
}

// --- The environment

namespace {

using Variable = std::function<std::optional<std::string>(char const*)>;

std::optional<std::string> variable_of_process(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional(std::string(value));
}

std::string_view without_blanks_around(std::string_view text) noexcept {
  auto const begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// `name=value,name=value`; values may be percent-encoded.
std::vector<std::pair<std::string, std::string>> read_pairs(std::string_view name, std::string_view text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!text.empty()) {
    auto const end = std::min(text.find(','), text.size());
    auto const pair = without_blanks_around(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    auto const equals = pair.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      throw std::invalid_argument(
          core::concat("aerie: ", name, " contains \"", pair, "\"; write name=value, separated by commas"));
    }
    std::string value;
    auto const raw = without_blanks_around(pair.substr(equals + 1));
    for (std::size_t i = 0; i < raw.size(); ++i) {
      auto const high = i + 2 < raw.size() ? core::hex_digit(raw[i + 1]) : -1;
      auto const low = i + 2 < raw.size() ? core::hex_digit(raw[i + 2]) : -1;
      if (raw[i] == '%' && high >= 0 && low >= 0) {
        value.push_back(static_cast<char>(high * 16 + low));
        i += 2;
      } else {
        value.push_back(raw[i]);
      }
    }
    pairs.emplace_back(without_blanks_around(pair.substr(0, equals)), std::move(value));
  }
  return pairs;
}

void read_sampler(TraceSampling& sampling, Variable const& variable) {
  auto const name = variable("OTEL_TRACES_SAMPLER");
  if (!name) return;
  struct Sampler {
    std::string_view name;
    std::optional<double> ratio;
    bool parent_based;
  };
  static constexpr std::array<Sampler, 6> samplers{{{"always_on", 1.0, false},
                                                    {"always_off", 0.0, false},
                                                    {"traceidratio", std::nullopt, false},
                                                    {"parentbased_always_on", 1.0, true},
                                                    {"parentbased_always_off", 0.0, true},
                                                    {"parentbased_traceidratio", std::nullopt, true}}};
  for (auto const& sampler : samplers) {
    if (sampler.name != *name) continue;
    sampling.parent_based = sampler.parent_based;
    sampling.ratio = sampler.ratio.value_or(1.0);
    auto const argument = sampler.ratio ? std::nullopt : variable("OTEL_TRACES_SAMPLER_ARG");
    if (!argument) return;
    auto const ratio = core::decimal<double>(*argument);
    if (!ratio || !(*ratio >= 0 && *ratio <= 1)) {
      throw std::invalid_argument(
          core::concat("aerie: OTEL_TRACES_SAMPLER_ARG is \"", *argument, "\"; use a number from 0 to 1"));
    }
    sampling.ratio = *ratio;
    return;
  }
  throw std::invalid_argument(
      core::concat("aerie: OTEL_TRACES_SAMPLER is \"", *name,
                   "\"; use always_on, always_off, traceidratio, or one of these behind "
                   "\"parentbased_\""));
}

}  // namespace

std::optional<OtlpOptions> otlp_options_from_environment(OtlpOptions options, Variable const& given) {
  Variable const variable = given ? given : variable_of_process;
  if (variable("OTEL_SDK_DISABLED") == "true") return std::nullopt;
  if (auto exact = variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")) {
    options.endpoint = std::move(*exact);
  } else if (auto base = variable("OTEL_EXPORTER_OTLP_ENDPOINT")) {
    options.endpoint = core::concat(*base, base->ends_with('/') ? "v1/traces" : "/v1/traces");
  } else {
    return std::nullopt;
  }
  if (auto const headers = variable("OTEL_EXPORTER_OTLP_HEADERS")) {
    for (auto& header : read_pairs("OTEL_EXPORTER_OTLP_HEADERS", *headers))
      options.headers.push_back(std::move(header));
  }
  if (auto const resource = variable("OTEL_RESOURCE_ATTRIBUTES")) {
    for (auto& [name, value] : read_pairs("OTEL_RESOURCE_ATTRIBUTES", *resource)) {
      if (name == "service.name") {
        options.service_name = std::move(value);
      } else {
        options.resource.push_back({std::move(name), std::move(value)});
      }
    }
  }
  if (auto name = variable("OTEL_SERVICE_NAME")) options.service_name = std::move(*name);
  read_sampler(options.sampling, variable);
  return options;
}

}}  // namespace aerie::v1
