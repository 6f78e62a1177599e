#pragma once

/// \file
/// Spans as OTLP writes them in JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): ids
/// in hexadecimal digits, numbers of 64 bits as texts, enumerations as numbers. Functions without state.

#include <aerie/core/trace.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace tracing {

/// The body of a request: ExportTraceServiceRequest.
std::string otlp_json(std::vector<TraceAttribute> const& resource, std::span<SpanRecord const> spans);

/// How many spans a collector says it has not taken, though it has taken the request: `partialSuccess` of its
/// answer; 0 if the answer says nothing of it.
std::size_t rejected_spans(std::string_view answer);

}}}  // namespace aerie::v1::tracing
