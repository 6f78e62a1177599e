#include "gateway/socketio_routes.hpp"

#include "gateway/socketio_context.hpp"
#include "gateway/tracing.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/socketio/socket.hpp>

#include <memory>
#include <span>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

/// What a task works on and refers to, in one piece of memory.
struct Running {
  /// `shared` if other routes may answer the same event, too.
  Running(Route const& route, socketio::IncomingEvent const& event, EventAck const& ack,
          std::shared_ptr<EventAck> shared)
      : under_way(event),
        own_ack(ack),
        shared_ack(std::move(shared)),
        context(route, event, shared_ack ? *shared_ack : own_ack) {
    if (route.may_wait) context.own();
    if (route.is_of_any_event) context.set_event(under_way.name());
  }

  socketio::UnderWay under_way;
  EventAck own_ack;
  std::shared_ptr<EventAck> shared_ack;
  SocketIoContext context;
};

/// What a task throws in the end was thrown by a filter: there is nobody left to handle it.
void report(ExecutionContext const& context, core::Outcome<void> const& outcome) noexcept {
  if (!outcome.has_value()) socketio::handler_failed(context.socket(), context.pattern(), outcome.error());
}

/// Runs a task that refers to `running`, which lives until it has ended.
void start(Task<void> task, std::unique_ptr<Running> running, socketio::IncomingEvent const& event) {
  auto& tasks = running->context.route().cancels_on_leave ? socketio::context_until_leave(event)
                                                          : socketio::context_for(event);
  core::start(std::move(task), tasks, [running = std::move(running)](core::Outcome<void>&& outcome) noexcept {
    report(running->context, outcome);
  });
}

/// Calls the handler right here; what has to wait goes on as a task.
void run_route(Route const& route, socketio::IncomingEvent const& event,
               std::shared_ptr<EventAck> const& shared_ack) {
  EventAck own_ack(event.socket, event.ack);
  if (route.is_plain()) {
    SocketIoContext context(route, event, shared_ack ? *shared_ack : own_ack);
    std::exception_ptr error;
    if (run_plain(context, error)) return;
    if (route.filters.empty()) return context.deliver_error(error);
    auto running = std::make_unique<Running>(route, event, own_ack, shared_ack);
    auto task = handle_error(running->context, std::move(error));
    return start(std::move(task), std::move(running), event);
  }
  auto running = std::make_unique<Running>(route, event, own_ack, shared_ack);
  if (auto rest = run(running->context)) start(std::move(*rest), std::move(running), event);
}

/// The same in a span of its own.
void run_traced(Route const& route, socketio::IncomingEvent const& event,
                std::shared_ptr<EventAck> const& shared_ack) {
  auto& shard = event.socket.shard();
  core::SpanHold const hold(span_of_route(shard, route));
  SpanScope const scope(shard, hold.span());
  run_route(route, event, shared_ack);
}

using Routes = std::span<Route const* const>;

void run_routes(Routes first, Routes then, bool are_traced, socketio::IncomingEvent const& event) {
  std::shared_ptr<EventAck> shared_ack;
  if (first.size() + then.size() > 1) shared_ack = std::make_shared<EventAck>(event.socket, event.ack);
  for (auto const& routes : {first, then}) {
    for (auto const* const route : routes) {
      if (are_traced) [[unlikely]] {
        run_traced(*route, event, shared_ack);
      } else {
        run_route(*route, event, shared_ack);
      }
    }
  }
}

Task<void> run_hook(ExecutionContext& context, bool refuses) {
  auto const succeeded = co_await gateway::run_hook(context);
  if (!succeeded && refuses) context.socket().disconnect(true);
}

void run_hook(Route const& route, socketio::IncomingEvent const& event, bool refuses) {
  auto running = std::make_unique<Running>(route, event, EventAck(event.socket, std::nullopt), nullptr);
  auto task = run_hook(running->context, refuses);
  start(std::move(task), std::move(running), event);
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
  EventAck ack(socket, std::nullopt);
  SocketIoContext context(route, event, ack);
  context.set_connecting(true);
  std::exception_ptr error;
  try {
    if (auto rest = ask_guards(context)) co_await std::move(*rest);
  } catch (Cancelled const&) {
    throw;
  } catch (...) {
    error = std::current_exception();
  }
  if (error) throw refusal(error, socket);
}

}  // namespace

void EventRoutes::handle(socketio::IncomingEvent const& event) {
  run_routes(catch_all_->any, routes_, catch_all_->is_traced, event);
}

void CatchAllRoutes::handle(socketio::IncomingEvent const& event, bool handled) const {
  // Those of gateways have been called together with the event's own, with which they share the answer.
  if (events.contains(event.name)) return;
  run_routes(any, handled ? Routes() : Routes(unknown), is_traced, event);
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
