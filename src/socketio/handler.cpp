#include "socketio/client.hpp"
#include "socketio/local_adapter.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/immortal.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handler_set.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/socket.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

Handshake const& handshake_of(Socket const& socket) noexcept {
  return socket.handshake();
}

std::shared_ptr<Socket> pin(Socket& socket) {
  return socket.shared_from_this();
}

core::TaskContext& context_for(IncomingEvent const& event) {
  return event.socket.adapter_->node().tasks();
}

core::TaskContext& context_until_leave(IncomingEvent const& event) {
  auto& socket = event.socket;
  auto& node = socket.adapter_->node();
  if (socket.state_ == Socket::State::disconnected || socket.client_->is_leaving())
    return node.cancelled_tasks();
  auto& context = socket.state().until_leave;
  if (!context) context = std::make_unique<core::TaskContext>(node.shard());
  return *context;
}

UnderWay::UnderWay(IncomingEvent const& event) : socket_(pin(event.socket)), name_(event.name) {
  auto& node = socket_->adapter_->node();
  node.begun(*this);
  if (node.watch() != EventWatch::none) [[unlikely]]
    watch(node);
  if (auto* const client = socket_->client_) client->begun();
}

void UnderWay::watch(ShardNode const& node) noexcept {
  if (auto* const metrics = node.metrics()) {
    auto const begun = metrics->begin();
    times_ = begun.times;
    begun_ = begun.at;
  }
  if (node.traces()) span_.hold(Span::current());
}

UnderWay::~UnderWay() {
  // When the server ends its node lets go of what is under way first.
  if (linked()) {
    auto& node = socket_->adapter_->node();
    node.ended(*this);
    if (times_ != nullptr) node.metrics()->end({times_, begun_});
  }
  if (auto* const client = socket_->client_) client->ended();
}

void handler_failed(Socket& socket, std::string_view event, std::exception_ptr error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (Cancelled const&) {
    return;  // what tasks are expected to end with
  } catch (...) {
  }
  auto& node = node_of(socket);
  node.counts().handler_failures.add();
  if (node.traces()) static_cast<void>(core::try_user([&] { Span::current().fail(core::describe(error)); }));
  auto const& log = socket.shard().runtime().log();
  for (auto* const handlers : {&socket.nsp().handler_set(), socket.nsp().parent_handlers()}) {
    if (handlers == nullptr || handlers->error.empty()) continue;
    handlers->error.snapshot(handlers->callers()).each([&](auto& listener) {
      core::call_user(log, {"socket.io", "an error listener", socket.nsp().name()}, listener,
                      HandlerError{socket, event, error});
    });
    return;
  }
  // Whatever a client can cause is a warning.
  if (!log.enabled(LogLevel::warning)) return;
  static_cast<void>(core::try_user([&] {
    log.warning("socket.io",
                core::concat("the handler of \"", event, "\" has failed for socket ", socket.id(),
                             " in namespace ", socket.nsp().name(), ": ", core::describe(error)));
  }));
}

void call_all(HandlerList const& handlers, Callers callers, IncomingEvent const& event) noexcept {
  handlers.snapshot(callers).each(
      [&](EventHandler& handler) { call_for(event.socket, event.name, [&] { handler.handle(event); }); });
}

void call_all(HandlerList HandlerSet::*of_namespace, HandlerList SocketState::*of_socket,
              IncomingEvent const& event) noexcept {
  auto& socket = event.socket;
  for (auto const* const handlers : {socket.nsp().parent_handlers(), &socket.nsp().handler_set()}) {
    if (handlers != nullptr) call_all(handlers->*of_namespace, handlers->callers(), event);
  }
  if (of_socket != nullptr && state_of(socket) != nullptr)
    call_all(state_of(socket)->*of_socket, Callers::one_thread, event);
}

Args const& no_args() noexcept {
  static core::Immortal<Args> const none;
  return *none;
}

}}}  // namespace aerie::v1::socketio
