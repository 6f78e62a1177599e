#include "tracing/otlp_json.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/value.hpp>

#include <charconv>
#include <chrono>
#include <cstdint>

namespace aerie { inline namespace v1 { namespace tracing {

namespace {

void write_text(json::Writer& writer, std::string_view key, std::string_view text) {
  writer.key(key);
  writer.string(text);
}

void write_time(json::Writer& writer, std::string_view key, core::WallTime time) {
  auto const since = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
  write_text(writer, key, std::to_string(since));
}

void write_value(json::Writer& writer, TraceValue const& value) {
  writer.begin_object();
  if (auto const* const text = std::get_if<std::string>(&value)) {
    write_text(writer, "stringValue", *text);
  } else if (auto const* const integer = std::get_if<std::int64_t>(&value)) {
    write_text(writer, "intValue", std::to_string(*integer));
  } else if (auto const* const number = std::get_if<double>(&value)) {
    writer.key("doubleValue");
    writer.number(*number);
  } else {
    writer.key("boolValue");
    writer.boolean(std::get<bool>(value));
  }
  writer.end_object();
}

void write_attributes(json::Writer& writer, std::vector<TraceAttribute> const& attributes) {
  writer.key("attributes");
  writer.begin_array();
  for (auto const& attribute : attributes) {
    writer.begin_object();
    write_text(writer, "key", attribute.name);
    writer.key("value");
    write_value(writer, attribute.value);
    writer.end_object();
  }
  writer.end_array();
}

void write_events(json::Writer& writer, std::vector<TraceEvent> const& events) {
  writer.key("events");
  writer.begin_array();
  for (auto const& event : events) {
    writer.begin_object();
    write_time(writer, "timeUnixNano", event.time);
    write_text(writer, "name", event.name);
    write_attributes(writer, event.attributes);
    writer.end_object();
  }
  writer.end_array();
}

void write_status(json::Writer& writer, SpanRecord const& span) {
  constexpr std::uint64_t error = 2;
  writer.key("status");
  writer.begin_object();
  if (span.failed) {
    if (!span.error.empty()) write_text(writer, "message", span.error);
    writer.key("code");
    writer.unsigned_integer(error);
  }
  writer.end_object();
}

void write_span(json::Writer& writer, SpanRecord const& span) {
  // Beside the W3C flags: whether it is known if the parent is remote, and whether it is.
  constexpr std::uint64_t knows_remote = 0x100;
  constexpr std::uint64_t is_remote = 0x200;
  writer.begin_object();
  write_text(writer, "traceId", span.context.trace_id.text());
  write_text(writer, "spanId", span.context.span_id.text());
  if (!span.context.state.empty()) write_text(writer, "traceState", span.context.state);
  if (span.parent.valid()) write_text(writer, "parentSpanId", span.parent.text());
  writer.key("flags");
  writer.unsigned_integer(std::uint64_t{span.context.sampled} | knows_remote |
                          (span.has_remote_parent ? is_remote : 0));
  write_text(writer, "name", span.name);
  writer.key("kind");
  writer.unsigned_integer(static_cast<std::uint64_t>(span.kind));
  write_time(writer, "startTimeUnixNano", span.begin);
  write_time(writer, "endTimeUnixNano", span.end);
  write_attributes(writer, span.attributes);
  if (span.dropped > 0) {
    writer.key("droppedAttributesCount");
    writer.unsigned_integer(span.dropped);
  }
  if (!span.events.empty()) write_events(writer, span.events);
  write_status(writer, span);
  writer.end_object();
}

}  // namespace

std::string otlp_json(std::vector<TraceAttribute> const& resource, std::span<SpanRecord const> spans) {
  constexpr std::size_t usual_span = 512;
  std::string out;
  out.reserve(usual_span * (spans.size() + 1));
  json::Writer writer(out);
  writer.begin_object();
  writer.key("resourceSpans");
  writer.begin_array();
  writer.begin_object();
  writer.key("resource");
  writer.begin_object();
  write_attributes(writer, resource);
  writer.end_object();
  writer.key("scopeSpans");
  writer.begin_array();
  writer.begin_object();
  writer.key("scope");
  writer.begin_object();
  write_text(writer, "name", "aerie");
  writer.end_object();
  writer.key("spans");
  writer.begin_array();
  for (auto const& span : spans)
    write_span(writer, span);
  writer.end_array();
  writer.end_object();
  writer.end_array();
  writer.end_object();
  writer.end_array();
  writer.end_object();
  return out;
}

std::size_t rejected_spans(std::string_view answer) {
  if (!utf8::is_valid(answer)) return 0;
  constexpr std::size_t deep_enough = 8;
  json::Reader reader(answer, deep_enough);
  Value value;
  if (!reader.read_value(value) || !reader.finish() || !value.is_object()) return 0;
  auto const& success = value["partialSuccess"];
  if (!success.is_object()) return 0;
  auto const& rejected = success["rejectedSpans"];
  std::size_t count = 0;
  // A number of 64 bits, so a text; some collectors write it as a number.
  if (rejected.is_string()) {
    auto const text = rejected.as_string();
    auto const [behind, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    return error == std::errc() && behind == text.data() + text.size() ? count : 0;
  }
  constexpr double most = 1e9;
  if (auto const number = rejected.get_if<double>(); number && *number > 0 && *number < most)
    count = static_cast<std::size_t>(*number);
  return count;
}

}}}  // namespace aerie::v1::tracing
