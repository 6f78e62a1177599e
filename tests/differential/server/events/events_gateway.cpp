#include "events/events_gateway.hpp"

#include <stdexcept>

namespace reference::events {

bool WsAuthGuard::can_activate(aerie::ExecutionContext& context) {
  auto& socket = context.socket();
  auto const check = tokens_.check(socket.handshake());
  if (!check.owner) throw aerie::WsException(code_of(check.problem));
  socket.set(User{check.owner->user_id});
  return true;
}

void WsErrorFilter::on_exception(aerie::WsException const& error, aerie::ExecutionContext& context) {
  auto const code = error.error().is_string() ? error.error() : aerie::Value("INTERNAL_ERROR");
  context.emit("error", aerie::Value::object({{"code", code}, {"message", error.what()}}));
}

void EventsGateway::describe(aerie::Gateway<EventsGateway>& g) {
  g.at("/events");
  g.use<WsErrorFilter>();
  g.on<&EventsGateway::events>();
  g.on<&EventsGateway::response>("events:response");
  g.on<&EventsGateway::secure>().use<WsAuthGuard>();
  g.on<&EventsGateway::boom>();
}

aerie::DynamicReply EventsGateway::events(aerie::Value const& payload) {
  return aerie::DynamicReply(payload);
}

aerie::Event<> EventsGateway::response(aerie::Value const& payload) {
  return {"events", payload};
}

User EventsGateway::secure(User const& user) {
  return user;
}

void EventsGateway::boom() {
  throw std::runtime_error("an inner detail");
}

}  // namespace reference::events
