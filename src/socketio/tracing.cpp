#include "socketio/tracing.hpp"

#include "socketio/auth.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

TraceValue text(std::string_view value) {
  return std::string(value);
}

/// As OpenTelemetry's instrumentation of the official server says them.
void describe_message(Span const& span, std::string_view nsp, std::string_view event) {
  span.set("messaging.system", text("socket.io"));
  span.set("messaging.destination.name", text(nsp));
  if (!event.empty()) span.set("messaging.socket.io.event_name", text(event));
}

std::string_view text_of(Value const& value) noexcept {
  return value.is_string() ? value.as_string() : std::string_view();
}

}  // namespace

std::optional<TraceContext> trace_of(http::RequestHead const& request) {
  return TraceContext::parse(request.header("traceparent"), request.header("tracestate"));
}

std::optional<TraceContext> trace_of(std::string_view auth, http::RequestHead const& request) {
  Value value;
  if (!auth.empty()) {
    static_cast<void>(core::try_user([&] { static_cast<void>(read_auth(auth, type_ops<Value>, &value)); }));
  }
  if (value.is_object()) {
    if (auto said = TraceContext::parse(text_of(value["traceparent"]), text_of(value["tracestate"])))
      return said;
  }
  return trace_of(request);
}

Span span_of_session(engineio::Session const& session) {
  auto const parent = trace_of(session.request());
  auto span = Span::begin(
      session.shard(),
      {.name = "handshake", .kind = SpanKind::server, .remote_parent = parent ? &*parent : nullptr});
  if (!span.recording()) return span;
  span.set("url.path", text(session.request().path()));
  span.set("client.address", session.peer().address());
  span.set("aerie.session.transport", text(to_string(session.transport())));
  auto const agent = session.request().header("user-agent");
  if (!agent.empty()) span.set("user_agent.original", text(agent));
  return span;
}

Span span_of_connect(core::Shard& shard, std::string_view nsp, TraceContext const* remote_parent) {
  auto span = Span::begin(shard, {.name = core::concat("connect ", nsp),
                                  .kind = SpanKind::server,
                                  .remote_parent = remote_parent,
                                  .is_root = remote_parent == nullptr});
  describe_message(span, nsp, {});
  return span;
}

Span span_of_event(Socket& socket, std::string_view event) {
  auto const* const state = state_of(socket);
  auto const* const parent = state == nullptr ? nullptr : state->trace.get();
  auto span = Span::begin(socket.shard(), {.name = core::concat(event, " receive"),
                                           .kind = SpanKind::consumer,
                                           .remote_parent = parent,
                                           .is_root = parent == nullptr});
  if (!span.recording()) return span;
  describe_message(span, socket.nsp().name(), event);
  span.set("messaging.operation.type", text("process"));
  span.set("messaging.client.id", text(socket.id()));
  return span;
}

Span span_of_message(core::Shard& shard, ClusterMessage const& message) {
  if (!message.trace || shard.runtime().tracer() == nullptr) return {};
  auto const event = message.payload ? message.payload.event() : std::string();
  auto span = Span::begin(shard, {.name = core::concat("cluster receive ", message.nsp),
                                  .kind = SpanKind::consumer,
                                  .remote_parent = &message.trace->context});
  describe_message(span, message.nsp, event);
  span.set("messaging.operation.type", text("receive"));
  return span;
}

void trace_message(ClusterMessage& message) {
  auto const here = Span::current();
  if (!here || message.options.local) return;
  message.trace = std::make_shared<MessageTrace const>(
      MessageTrace{.context = core::context_below(here), .parent = here.context().span_id});
}

Publishing::Publishing(core::Shard& shard, ClusterMessage const& message) : shard_(shard), message_(message) {
  if (message.trace) begun_ = shard.clock().now();
}

Publishing::~Publishing() {
  if (!message_.trace || !message_.trace->context.sampled) return;
  static_cast<void>(core::try_user([&] {
    SpanRecord record{.name = core::concat("cluster publish ", message_.nsp),
                      .kind = SpanKind::producer,
                      .context = message_.trace->context,
                      .parent = message_.trace->parent};
    record.end = shard_.clock().wall();
    record.begin =
        record.end - std::chrono::duration_cast<core::WallTime::duration>(shard_.clock().now() - begun_);
    record.attributes = {{"messaging.system", text("socket.io")},
                         {"messaging.destination.name", text(message_.nsp)},
                         {"messaging.operation.type", text("send")}};
    record.failed = failed_;
    core::record_span(shard_, std::move(record));
  }));
}

}}}  // namespace aerie::v1::socketio
