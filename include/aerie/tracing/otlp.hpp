#pragma once

/// \file
/// Spans for a collector that speaks OTLP over HTTP, such as OpenTelemetry's, Jaeger or Tempo:
///
///     auto app = aerie::Application::create<AppModule>({.runtime = {.tracer = aerie::otlp_tracer(
///         {.endpoint = "http://collector:4318/v1/traces", .service_name = "chat"})}});
///
/// The JSON encoding of https://opentelemetry.io/docs/specs/otlp/. See docs/tracing.md.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/trace.hpp>
#include <aerie/tls/client_options.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

/// Where spans are sent, and how much may wait for that.
struct OtlpOptions {
  /// Where the collector is: http or https.
  std::string endpoint = "http://localhost:4318/v1/traces";
  /// Sent with each request, such as `Authorization`.
  std::vector<std::pair<std::string, std::string>> headers{};
  /// What the collector calls this program.
  std::string service_name = "aerie";
  /// More about it: attributes such as `deployment.environment.name`.
  std::vector<TraceAttribute> resource{};
  /// Which traces are recorded.
  TraceSampling sampling{};
  /// Spans of one request, 1 to 10000.
  std::size_t max_batch = 512;
  /// How long the first span of a request waits for more.
  core::Milliseconds interval{5'000};
  /// Bytes that spans may hold together until they are sent, about; what comes beyond is dropped and counted.
  /// At least 64 KiB.
  std::size_t max_queue_bytes = std::size_t{4} << 20U;
  /// How long one request may take.
  core::Milliseconds timeout{10'000};
  /// How long a batch is offered to a collector that does not take it, then it is dropped and counted.
  core::Milliseconds retry_for{60'000};
  /// How long the tracer's end waits for what has not been sent.
  core::Milliseconds shutdown_timeout{5'000};
  /// For an endpoint with https.
  tls::ClientOptions tls{};
  /// Where is said that a collector takes nothing.
  LogSink log_sink = log_to_stderr;
};

/// What has become of the spans that were recorded.
struct OtlpStats {
  /// Spans that the collector has taken.
  std::uint64_t exported = 0;
  /// Too many at once.
  std::uint64_t dropped_queue_full = 0;
  /// The collector has not taken them in time.
  std::uint64_t dropped_unreachable = 0;
  /// It does not want them, all of a request or some.
  std::uint64_t dropped_refused = 0;
  /// Spans that are still to be sent.
  std::uint64_t waiting = 0;
};

namespace tracing {
class Exporter;
}

/// Sends spans from a thread of its own, so that no event loop waits for a collector. Thread-safe.
class AERIE_API OtlpTracer final : public Tracer {
 public:
  /// Throws std::invalid_argument for options that cannot be, std::runtime_error for TLS options that cannot
  /// be used.
  explicit OtlpTracer(OtlpOptions options = {});
  /// Sends what waits, for `shutdown_timeout` at most.
  ~OtlpTracer() override;

  void ended(SpanRecord&& span) override;
  void collect(core::MetricsPage& page) const override;
  /// What has become of its spans so far. Thread-safe.
  OtlpStats stats() const;
  /// Sends what waits at once, without waiting for `interval`; `done` is called on the tracer's thread when
  /// it has been sent, or dropped.
  void flush(std::function<void()> done = {});

 private:
  core::Owned<tracing::Exporter> exporter_;
};

/// The same, as RuntimeOptions::tracer wants it.
AERIE_API std::shared_ptr<OtlpTracer> otlp_tracer(OtlpOptions options = {});

/// The options with what the environment says, as OpenTelemetry's programs read it:
/// OTEL_EXPORTER_OTLP_ENDPOINT (to which /v1/traces is added), OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
/// OTEL_EXPORTER_OTLP_HEADERS
/// ("name=value,..."), OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES and OTEL_TRACES_SAMPLER (with _ARG).
/// `variable` reads one of them. Nothing if neither endpoint is set, or OTEL_SDK_DISABLED is "true". Throws
/// std::invalid_argument for a value that means nothing.
AERIE_API std::optional<OtlpOptions> otlp_options_from_environment(
    OtlpOptions options = {}, std::function<std::optional<std::string>(char const*)> const& variable = {});

}}  // namespace aerie::v1
