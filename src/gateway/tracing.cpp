#include "gateway/tracing.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

constexpr int first_server_error = 500;

TraceValue text(std::string_view value) {
  return std::string(value);
}

Span span_below(core::Shard& shard, std::string_view name, SpanKind kind, http::RequestHead const& request) {
  if (shard.runtime().tracer() == nullptr) return {};
  auto const said = TraceContext::parse(request.header("traceparent"), request.header("tracestate"));
  return Span::begin(
      shard, {.name = name, .kind = kind, .remote_parent = said ? &*said : nullptr, .is_root = !said});
}

bool is_clients_fault(std::exception_ptr const& error) {
  try {
    std::rethrow_exception(error);
  } catch (HttpException const& exception) {
    return exception.status() < first_server_error;
  } catch (...) {
    return false;
  }
}

}  // namespace

Span span_of_route(core::Shard& shard, Route const& route) {
  if (shard.runtime().tracer() == nullptr) return {};
  auto const handler =
      route.handler == nullptr ? std::string_view("guards") : std::string_view(route.handler->name);
  auto span =
      Span::begin(shard, {.name = core::concat(route.class_name, ".", handler), .holds_parent = true});
  span.set("code.function.name", core::concat(route.class_name, "::", handler));
  return span;
}

Span span_of_request(core::Shard& shard, Route const& route, http::Request const& request) {
  if (shard.runtime().tracer() == nullptr) return {};
  auto const method = request.head.method();
  auto span = span_below(shard, core::concat(method, " ", route.pattern), SpanKind::server, request.head);
  if (!span.recording()) return span;
  span.set("http.request.method", text(method));
  span.set("http.route", route.pattern);
  span.set("url.path", text(request.head.path()));
  span.set("client.address", request.peer.address());
  span.set("code.function.name", core::concat(route.class_name, "::", route.handler->name));
  auto const agent = request.head.header("user-agent");
  if (!agent.empty()) span.set("user_agent.original", text(agent));
  return span;
}

void describe_response(Span const& span, http::Response const& response) {
  if (!span.recording()) return;
  span.set("http.response.status_code", std::int64_t{response.status});
  if (response.status >= first_server_error)
    span.fail(core::concat("the answer is ", std::to_string(response.status)));
}

Span span_of_opening(core::Shard& shard, http::RequestHead const& request) {
  auto span = span_below(shard, core::concat("connect ", request.path()), SpanKind::server, request);
  if (span.recording()) span.set("url.path", text(request.path()));
  return span;
}

Span span_of_message(core::Shard& shard, std::string_view event, http::RequestHead const& request,
                     std::string_view client) {
  auto span = span_below(shard, core::concat(event, " receive"), SpanKind::consumer, request);
  if (!span.recording()) return span;
  span.set("messaging.system", text("websocket"));
  span.set("messaging.destination.name", text(request.path()));
  span.set("messaging.operation.type", text("process"));
  span.set("messaging.client.id", text(client));
  return span;
}

void note_thrown(std::exception_ptr const& error) noexcept {
  auto const span = Span::current();
  if (!span.recording()) return;
  static_cast<void>(core::try_user([&] {
    auto const what = core::describe(error);
    span.add_event("exception", {{"exception.message", what}});
    if (!is_clients_fault(error)) span.fail(what);
  }));
}

}}}  // namespace aerie::v1::gateway
