#include "events/events_gateway.hpp"

#include "shared/validation.hpp"

#include <stdexcept>

namespace reference::events {

bool WsAuthGuard::can_activate(aerie::ExecutionContext& context) {
  auto& socket = context.socket();
  auto const token = tokens_.verify(socket.handshake());
  if (!token) throw aerie::WsException(aerie::auth::to_code(token.error()));
  socket.set(User{token.claims()["userId"]});
  return true;
}

void WsErrorFilter::on_exception(aerie::WsException const& error, aerie::ExecutionContext& context) {
  auto const code = error.error().is_string() ? error.error() : aerie::Value("INTERNAL_ERROR");
  context.emit("error", aerie::Value::object({{"code", code}, {"message", error.what()}}));
}

void CreateMessage::describe(aerie::Schema<CreateMessage>& s) {
  s.field<&CreateMessage::text>().is_string().not_empty().max_length(10);
  s.field<&CreateMessage::priority>().is_int().minimum(1);
}

void EventsGateway::describe(aerie::Gateway<EventsGateway>& g) {
  g.at("/events");
  g.use<WsErrorFilter>();
  g.on<&EventsGateway::events>();
  g.on<&EventsGateway::response>("events:response");
  g.on<&EventsGateway::secure>().use<WsAuthGuard>();
  g.on<&EventsGateway::create>().use<aerie::ValidationPipe>({.exception_factory = ws_exception_of});
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

// Without `whitelist` the message goes on as it came.
aerie::Event<> EventsGateway::create(aerie::Payload<CreateMessage> const& message) {
  return {"message-created", message.plain()};
}

void EventsGateway::boom() {
  throw std::runtime_error("an inner detail");
}

}  // namespace reference::events
