#include "gateway/ws_connection.hpp"

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
      server_(server),
      peer_({.max_message_size = server.options().max_message_size}),
      timer_(core::Timer::calling<&WsConnection::on_timer>(this)),
      tasks_(shard),
      farewells_(shard) {}

WsConnection::~WsConnection() {
  if (!stream_) return;
  stream_->close();
  shard().retire(std::move(stream_));
}

bool WsConnection::is_open() const noexcept {
  return stream_ && peer_.state() == websocket::Peer::State::open;
}

void WsConnection::open(std::unique_ptr<core::Stream> stream, std::string already_read) {
  stream_ = std::move(stream);
  stream_->set_limit(server_.options().outgoing_limit);
  stream_->set_handler(this);
  shard().start(timer_, server_.options().ping_interval);
  for (auto const* const route : server_.connected())
    run_hook(*route, true);
  on_data(already_read);
}

void WsConnection::abandon() noexcept {
  timer_.cancel();
  tasks_.abandon();
  farewells_.abandon();
}

// --- What the client sends

void WsConnection::on_data(std::span<char> bytes) {
  using Kind = websocket::PeerEvent::Kind;
  auto const self = keep();
  heard_something_ = true;
  while (stream_) {
    auto const event = peer_.receive(bytes, shard().now());
    switch (event.kind) {
      case Kind::need_more:
        return;
      case Kind::output:
        // Pongs wait while the client does not read: a flood of pings must not fill its queue.
        if (stream_->unsent() < websocket::max_control_frame * 8) write_control_frames();
        break;
      case Kind::text:
      case Kind::binary:
        handle(event);
        break;
      case Kind::closed:
        write_control_frames();
        return finish(event.error == websocket::Error::none ? DisconnectReason::transport_close
                                                            : DisconnectReason::parse_error);
    }
  }
}

void WsConnection::handle(websocket::PeerEvent const& event) {
  std::string_view const frame(event.payload.data(), event.payload.size());
  auto const is_binary = event.kind == websocket::PeerEvent::Kind::binary;
  auto const& parser = server_.options().message_parser;
  try {
    auto message = parser ? parser(frame, is_binary) : parse_message(frame, is_binary);
    if (message) return dispatch(std::move(*message));
  } catch (...) {
    // The parser of the application does not want it.
  }
  server_.runtime().log().debug("websocket",
                                core::concat("client ", id(), " has sent what is no message; it is dropped"));
}

void WsConnection::dispatch(WsMessage message) {
  auto const* const routes = server_.routes_of(message.event);
  if (routes == nullptr) {
    server_.runtime().log().debug("websocket",
                                  core::concat("client ", id(), " has sent an event that nobody handles"));
    return;
  }
  std::vector<Value> values;
  if (!message.data.is_undefined()) values.push_back(std::move(message.data));
  Args const args(std::move(values));
  for (auto const* const route : *routes)
    run(*route, args);
}

void WsConnection::run(Route const& route, Args const& args) {
  try {
    auto context = std::make_unique<WsContext>(route, shared_from_this(), args);
    if (!route.is_plain()) {
      auto task = gateway::run(*context);
      return start(std::move(task), std::move(context), tasks_);
    }
    std::exception_ptr error;
    if (run_plain(*context, error)) return;
    auto task = handle_error(*context, std::move(error));
    start(std::move(task), std::move(context), tasks_);
  } catch (...) {
    report(route.pattern, std::current_exception());
  }
}

// --- Tasks

void WsConnection::run_hook(Route const& route, bool refuses) {
  auto context = std::make_unique<WsContext>(route, shared_from_this());
  if (reason_) context->set_disconnect_reason(*reason_);
  auto& tasks = refuses ? tasks_ : farewells_;
  auto task = refuses ? welcome(*context) : farewell(*context);
  start(std::move(task), std::move(context), tasks);
}

Task<void> WsConnection::welcome(ExecutionContext& context) {
  auto const succeeded = co_await gateway::run_hook(context);
  if (!succeeded) close(websocket::CloseCode::policy_violation);
}

Task<void> WsConnection::farewell(ExecutionContext& context) {
  co_await gateway::run_hook(context);
}

void WsConnection::start(Task<void> task, std::unique_ptr<ExecutionContext> context,
                         core::TaskContext& tasks) {
  // A client that asks for more than can be done has to wait: what it sends stays in the network.
  if (++pending_ >= server_.options().max_pending_messages && stream_ && !std::exchange(is_paused_, true)) {
    stream_->pause_reading();
  }
  core::start(std::move(task), tasks,
              [this, context = std::move(context)](core::Outcome<void>&& outcome) noexcept {
                task_ended(*context, outcome);
              });
}

void WsConnection::task_ended(ExecutionContext const& context, core::Outcome<void> const& outcome) noexcept {
  // What a task throws in the end was thrown by a filter: there is nobody left to handle it.
  if (!outcome.has_value()) report(context.pattern(), outcome.error());
  if (--pending_ < server_.options().max_pending_messages && stream_ && std::exchange(is_paused_, false)) {
    stream_->resume_reading();
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
  if (is_open()) write_frame(opcode, payload);
}

void WsConnection::write_frame(websocket::Opcode opcode, std::string_view payload) {
  auto* const begin = stream_->prepare(websocket::max_unmasked_header_size + payload.size());
  auto* const at = begin + websocket::encode_header(begin, opcode, payload.size());
  stream_->commit(static_cast<std::size_t>(std::copy(payload.begin(), payload.end(), at) - begin));
}

void WsConnection::write_control_frames() {
  std::array<char, websocket::max_control_frame> frame;
  while (auto const size = peer_.take_output(frame))
    stream_->write({frame.data(), size});
}

// --- How it ends

void WsConnection::begin_close(websocket::CloseCode code, std::string_view reason) {
  if (!is_open()) return;
  peer_.close(code, reason);
  write_control_frames();
  reason_ = DisconnectReason::server_namespace_disconnect;
  shard().start(timer_, websocket::close_timeout);
}

void WsConnection::on_timer() {
  auto const self = keep();
  if (!is_open()) return cut(DisconnectReason::forced_close);  // The client has not answered our close frame.
  if (!expects_pong_) {
    expects_pong_ = true;
    heard_something_ = false;
    write_frame(websocket::Opcode::ping, {});
    shard().start(timer_, server_.options().ping_timeout);
  } else if (heard_something_ || is_paused_) {
    expects_pong_ = false;
    shard().start(timer_, server_.options().ping_interval);
  } else {
    cut(DisconnectReason::ping_timeout);
  }
}

void WsConnection::on_closed(std::error_code) {
  cut(DisconnectReason::transport_close);
}

void WsConnection::on_overflow() {
  server_.runtime().log().debug(
      "websocket", core::concat("client ", id(), " takes less than it is sent: closed as a slow consumer"));
  cut(DisconnectReason::transport_error);
}

void WsConnection::shut_down() {
  if (!stream_) return;
  peer_.close(websocket::CloseCode::going_away);
  write_control_frames();
  finish(DisconnectReason::server_shutting_down);
}

void WsConnection::finish(DisconnectReason reason) {
  if (stream_) core::Stream::finish(std::move(stream_), peer_.has_heard_close());
  ended(reason);
}

void WsConnection::cut(DisconnectReason reason) {
  if (!stream_) return;
  stream_->close();
  shard().retire(std::move(stream_));
  ended(reason);
}

void WsConnection::ended(DisconnectReason reason) {
  if (std::exchange(ended_, true)) return;
  auto const self = keep();
  if (!reason_) reason_ = reason;
  timer_.cancel();
  server_.left();
  tasks_.cancel();
  for (auto const* const route : server_.disconnected())
    run_hook(*route, false);
  forget_if_done();
}

void WsConnection::forget_if_done() {
  if (ended_ && tasks_.idle() && farewells_.idle()) server_.forget(*this);
}

}}}  // namespace aerie::v1::gateway
