#include "events/notifications_gateway.hpp"

#include "shared/values.hpp"

#include <string>

namespace reference::events {

namespace {

std::string room_of(aerie::Value const& user_id) {
  return "user:" + as_text(user_id);
}

}  // namespace

void NotificationsGateway::describe(aerie::Gateway<NotificationsGateway>& g) {
  g.at("/notifications");
  g.after_init<&NotificationsGateway::opened>();
  g.connected<&NotificationsGateway::connected>();
}

void NotificationsGateway::notify(std::int64_t user_id, aerie::Value const& notification) {
  nsp_->to(room_of(user_id)).emit("notification", notification);
}

void NotificationsGateway::opened(aerie::Namespace& nsp) {
  nsp_ = &nsp;
  nsp.use([this](aerie::Socket& socket) { authenticate(socket); });
}

void NotificationsGateway::authenticate(aerie::Socket& socket) {
  auto const token = tokens_.verify(socket.handshake());
  if (token) {
    socket.set(TokenOwner{token.claims()["userId"]});
    return;
  }
  std::string const code(aerie::auth::to_code(token.error()));
  auto const retry = token.error() == aerie::auth::TokenError::expired;
  throw aerie::ConnectError(code, aerie::Value::object({{"code", code}, {"retry", retry}}));
}

void NotificationsGateway::connected(aerie::Socket& socket) {
  auto const& user_id = socket.get<TokenOwner>().user_id;
  socket.join(room_of(user_id));
  socket.emit("ready", aerie::Value::object({{"userId", user_id}}));
}

}  // namespace reference::events
