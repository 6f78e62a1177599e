#include "gateway/ws_connection.hpp"

#include "gateway/tracing.hpp"
#include "gateway/ws_context.hpp"
#include "gateway/ws_message.hpp"
#include "gateway/ws_server.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

WsConnection::WsConnection(WsServer& server, core::Shard& shard, core::Id id, http::RequestHead request,
                           std::string address)
    : WsClient(shard, id, std::move(request), std::move(address)),
      Link({.max_message_size = server.options().max_message_size}),
      server_(server),
      timer_(core::Timer::calling<&WsConnection::on_timer>(this)),
      tasks_(shard),
      until_leave_(shard) {}

void WsConnection::open(std::unique_ptr<core::Stream> stream, std::string already_read) {
  core::SpanHold const hold(span_of_opening(shard(), request()));
  SpanScope const scope(hold.span());
  attach(std::move(stream), server_.options().outgoing_limit);
  shard().start(timer_, server_.options().ping_interval);
  for (auto const* const route : server_.connected())
    run_hook(*route, true);
  on_data(already_read);
}

void WsConnection::abandon() noexcept {
  timer_.cancel();
  tasks_.abandon();
  until_leave_.abandon();
}

// --- What the client sends

void WsConnection::on_data(std::span<char> bytes) {
  auto const self = keep();
  heard_something_ = true;
  Link::on_data(bytes);
}

void WsConnection::on_message(websocket::PeerEvent const& event) {
  std::string_view const frame(event.payload.data(), event.payload.size());
  auto& counts = server_.counts(shard());
  counts.messages_received.add();
  counts.bytes_received.add(frame.size());
  auto const is_binary = event.kind == websocket::PeerEvent::Kind::binary;
  auto const& parser = server_.options().message_parser;
  try {
    auto message = parser ? parser(frame, is_binary) : parse_message(frame, is_binary);
    if (message) return dispatch(std::move(*message));
  } catch (...) {
    // The parser of the application does not want it.
  }
  counts.dropped.add();
  server_.runtime().log().debug("websocket",
                                core::concat("client ", id(), " has sent what is no message; it is dropped"));
}

void WsConnection::dispatch(WsMessage message) {
  if (is_leaving_) return;  // from the rest of what was read before
  auto const* const routes = server_.routes_of(message.event);
  if (routes == nullptr && server_.unknown().empty()) {
    if (server_.any().empty()) server_.counts(shard()).dropped.add();
    server_.runtime().log().debug("websocket",
                                  core::concat("client ", id(), " has sent an event that nobody handles"));
  }
  core::SpanHold const hold(span_of_message(shard(), message.event, request(), id()));
  SpanScope const scope(hold.span());
  std::vector<Value> values;
  if (!message.data.is_undefined()) values.push_back(std::move(message.data));
  Args const args(std::move(values));
  for (auto const* const list : {&server_.any(), routes == nullptr ? &server_.unknown() : routes}) {
    for (auto const* const route : *list)
      run(*route, message.event, args);
  }
}

void WsConnection::run(Route const& route, std::string_view event, Args const& args) {
  core::SpanHold const hold(span_of_route(shard(), route));
  SpanScope const scope(hold.span());
  try {
    auto context = std::make_unique<WsContext>(route, shared_from_this(), args, &until_leave_);
    if (route.is_of_any_event) context->name_event(event);
    if (!route.is_plain()) {
      if (auto rest = gateway::run(*context)) start(std::move(*rest), std::move(context));
      return;
    }
    std::exception_ptr error;
    if (run_plain(*context, error)) return;
    auto task = handle_error(*context, std::move(error));
    start(std::move(task), std::move(context));
  } catch (...) {
    report(route.pattern, std::current_exception());
  }
}

// --- Tasks

void WsConnection::run_hook(Route const& route, bool refuses) {
  auto context = std::make_unique<WsContext>(route, shared_from_this());
  if (reason_) context->set_disconnect_reason(*reason_);
  auto task = refuses ? welcome(*context) : farewell(*context);
  start(std::move(task), std::move(context));
}

Task<void> WsConnection::welcome(ExecutionContext& context) {
  auto const succeeded = co_await gateway::run_hook(context);
  if (!succeeded) WsClient::close(websocket::CloseCode::policy_violation);
}

Task<void> WsConnection::farewell(ExecutionContext& context) {
  co_await gateway::run_hook(context);
}

void WsConnection::start(Task<void> task, std::unique_ptr<ExecutionContext> context) {
  auto& tasks = context->route().cancels_on_leave ? until_leave_ : tasks_;
  // A client that asks for more than can be done has to wait: what it sends stays in the network.
  if (++pending_ >= server_.options().max_pending_messages) pause();
  core::start(std::move(task), tasks,
              [this, context = std::move(context), hold = core::SpanHold(Span::current())](
                  core::Outcome<void>&& outcome) noexcept { task_ended(*context, outcome); });
}

void WsConnection::pause() noexcept {
  if (attached() && !std::exchange(is_paused_, true)) stream()->pause_reading();
}

void WsConnection::task_ended(ExecutionContext const& context, core::Outcome<void> const& outcome) noexcept {
  // What a task throws in the end was thrown by a filter: there is nobody left to handle it.
  if (!outcome.has_value()) report(context.pattern(), outcome.error());
  if (--pending_ < server_.options().max_pending_messages && !is_leaving_ && attached() &&
      std::exchange(is_paused_, false)) {
    stream()->resume_reading();
  }
  forget_if_done();
}

void WsConnection::report(std::string_view pattern, std::exception_ptr const& error) const noexcept {
  try {
    std::rethrow_exception(error);
  } catch (Cancelled const&) {
    return;  // The client has left: what tasks are expected to end with.
  } catch (...) {
  }
  server_.runtime().log().error(
      "gateway", core::concat("the handling of \"", pattern, "\" has failed: ", core::describe(error)));
}

// --- What is sent

void WsConnection::send(websocket::Opcode opcode, std::string_view payload) {
  if (!is_open()) return;
  auto& counts = server_.counts(shard());
  counts.messages_sent.add();
  counts.bytes_sent.add(payload.size());
  write(opcode, {}, payload);
}

// --- How it ends

void WsConnection::begin_close(websocket::CloseCode code, std::string_view reason) {
  if (!is_open()) return;
  Link::close(code, reason);
  reason_ = DisconnectReason::server_namespace_disconnect;
  shard().start(timer_, websocket::close_timeout);
}

void WsConnection::on_timer() {
  auto const self = keep();
  if (!is_open())
    return drop(DisconnectReason::forced_close);  // The client has not answered our close frame.
  if (!expects_pong_) {
    expects_pong_ = true;
    heard_something_ = false;
    write(websocket::Opcode::ping, {}, {});
    shard().start(timer_, server_.options().ping_timeout);
  } else if (heard_something_ || is_paused_) {
    expects_pong_ = false;
    shard().start(timer_, server_.options().ping_interval);
  } else {
    drop(DisconnectReason::ping_timeout);
  }
}

void WsConnection::on_ended(websocket::LinkEnd end) {
  switch (end) {
    case websocket::LinkEnd::closed:
      finish();
      return ended(DisconnectReason::transport_close);
    case websocket::LinkEnd::violation:
      finish();
      return ended(DisconnectReason::parse_error);
    case websocket::LinkEnd::lost:
      return drop(DisconnectReason::transport_close);
    case websocket::LinkEnd::overflowed:
      server_.report_slow_consumer(*this, stream()->shed());
      return drop(DisconnectReason::transport_error);
  }
}

bool WsConnection::shut_down_when_done() {
  if (!attached()) return true;
  auto const self = keep();
  if (!std::exchange(is_leaving_, true)) {
    until_leave_.cancel();
    pause();
  }
  if (!tasks_.idle()) return false;
  shut_down();
  return true;
}

void WsConnection::shut_down() {
  if (!attached()) return;
  finish(websocket::CloseCode::going_away);
  ended(DisconnectReason::server_shutting_down);
}

void WsConnection::drop(DisconnectReason reason) {
  if (!attached()) return;
  cut();
  ended(reason);
}

void WsConnection::ended(DisconnectReason reason) {
  if (std::exchange(ended_, true)) return;
  auto const self = keep();
  if (!reason_) reason_ = reason;
  timer_.cancel();
  server_.left();
  server_.counts(shard()).count(*reason_);
  until_leave_.cancel();
  for (auto const* const route : server_.disconnected())
    run_hook(*route, false);
  forget_if_done();
}

void WsConnection::forget_if_done() {
  if (ended_ && tasks_.idle() && until_leave_.idle()) server_.forget(*this);
}

}}}  // namespace aerie::v1::gateway
