#include "gateway/socketio_routes.hpp"

#include "gateway/socketio_context.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/socketio/socket.hpp>

#include <memory>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

using ContextPtr = std::unique_ptr<SocketIoContext>;

/// What a task throws in the end was thrown by a filter: there is nobody left to handle it.
void report(ExecutionContext const& context, core::Outcome<void> const& outcome) noexcept {
  if (!outcome.has_value()) socketio::handler_failed(context.socket(), context.pattern(), outcome.error());
}

/// Runs a task that refers to `context`, which lives until it has ended.
void start(Task<void> task, ContextPtr context, socketio::IncomingEvent const& event) {
  auto& tasks =
      context->route().cancels_on_leave ? socketio::context_until_leave(event) : socketio::context_for(event);
  core::start(std::move(task), tasks,
              [under_way = std::make_unique<socketio::UnderWay>(event), context = std::move(context)](
                  core::Outcome<void>&& outcome) noexcept { report(*context, outcome); });
}

/// A plain route is called right here, anything else runs as a task.
void run_route(Route const& route, socketio::IncomingEvent const& event,
               std::shared_ptr<EventAck> const& shared_ack) {
  if (route.is_plain()) {
    EventAck own_ack(event.socket, event.ack);
    SocketIoContext context(route, event, shared_ack ? *shared_ack : own_ack);
    std::exception_ptr error;
    if (run_plain(context, error)) return;
    if (route.filters.empty()) return context.deliver_error(error);
    auto owning = std::make_unique<SocketIoContext>(
        route, event, shared_ack ? shared_ack : std::make_shared<EventAck>(own_ack));
    auto task = handle_error(*owning, std::move(error));
    return start(std::move(task), std::move(owning), event);
  }
  auto context = std::make_unique<SocketIoContext>(
      route, event, shared_ack ? shared_ack : std::make_shared<EventAck>(event.socket, event.ack));
  auto task = run(*context);
  start(std::move(task), std::move(context), event);
}

Task<void> run_hook(ExecutionContext& context, bool refuses) {
  auto const succeeded = co_await gateway::run_hook(context);
  if (!succeeded && refuses) context.socket().disconnect(true);
}

void run_hook(Route const& route, socketio::IncomingEvent const& event, bool refuses) {
  auto context =
      std::make_unique<SocketIoContext>(route, event, std::make_shared<EventAck>(event.socket, std::nullopt));
  auto task = run_hook(*context, refuses);
  start(std::move(task), std::move(context), event);
}

ConnectError refusal(std::exception_ptr const& error, Socket& socket) {
  try {
    std::rethrow_exception(error);
  } catch (ConnectError const& known) {
    return known;
  } catch (WsException const& known) {
    auto const& value = known.error();
    if (value.is_string()) return ConnectError(known.what(), Value::object({{"code", value}}));
    auto const code = value["code"].get_if<std::string_view>();
    return ConnectError(code ? std::string(*code) : known.what(), value);
  } catch (...) {
    socketio::handler_failed(socket, "connection guard", error);
    return ConnectError("Internal server error");
  }
}

Task<void> guard(Route const& route, Socket& socket) {
  Args const nothing;
  socketio::IncomingEvent const event{socket, "connection", nothing};
  SocketIoContext context(route, event, std::make_shared<EventAck>(socket, std::nullopt));
  context.set_connecting(true);
  std::exception_ptr error;
  try {
    co_await ask_guards(context);
  } catch (Cancelled const&) {
    throw;
  } catch (...) {
    error = std::current_exception();
  }
  if (error) throw refusal(error, socket);
}

}  // namespace

void EventRoutes::handle(socketio::IncomingEvent const& event) {
  std::shared_ptr<EventAck> shared_ack;
  if (routes_.size() > 1) shared_ack = std::make_shared<EventAck>(event.socket, event.ack);
  for (auto const* const route : routes_)
    run_route(*route, event, shared_ack);
}

void ConnectedRoute::handle(socketio::IncomingEvent const& event) {
  run_hook(route_, event, true);
}

void DisconnectedRoute::handle(socketio::IncomingEvent const& event) {
  run_hook(route_, event, false);
}

socketio::Middleware connection_guards(Route const& route) {
  return socketio::make_middleware([&route](Socket& socket) { return guard(route, socket); });
}

}}}  // namespace aerie::v1::gateway
