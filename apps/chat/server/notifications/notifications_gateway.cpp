#include "notifications/notifications_gateway.hpp"

#include "auth/signed_in.hpp"
#include "notifications/contract.hpp"
#include "room_names.hpp"

namespace chat {

void NotificationsGateway::describe(aerie::Gateway<NotificationsGateway>& g) {
  g.at("/notifications").protect<SignedIn>();
  g.connected<&NotificationsGateway::welcome>();
  g.description("What concerns a user, wherever in the page he is.");
  g.auth<aerie::TokenAuth>().error_codes<ErrorCode>().refuses_with<Refused>();
  g.emits<Ready>("ready", "From here on nothing is missed: what is asked over HTTP now is complete.");
  g.emits<Notification>("notification").emits<ReadNews>("notificationRead");
  g.emits<ReadState>("roomRead", "How far the user has read a room, in whichever tab.");
  g.emits<RoomLeftNews>("roomLeft", "The user has left a room for good, in whichever tab.");
  g.emits<TokenNews>("tokenExpired", "Come back with a new token, or be disconnected soon.");
}

void NotificationsGateway::welcome(aerie::Socket& socket, Identity const& identity) {
  auto const user = identity.user();
  socket.join(tabs_of(user.id));
  Ready const ready{user};
  socket.emit("ready", ready);
  tokens_.watch(socket, identity);
}

}  // namespace chat
