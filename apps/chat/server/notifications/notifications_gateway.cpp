#include "notifications/notifications_gateway.hpp"

#include "auth/signed_in.hpp"
#include "room_names.hpp"

namespace chat {

namespace {

/// A client that hears this misses nothing from now on: what it asks for over HTTP next is complete.
struct Ready {
  User user;
  static void describe(aerie::Schema<Ready>& s) { s.field<&Ready::user>(); }
};

}  // namespace

void NotificationsGateway::describe(aerie::Gateway<NotificationsGateway>& g) {
  g.at("/notifications").protect<SignedIn>();
  g.connected<&NotificationsGateway::welcome>();
  g.emits<Ready>("ready").emits<Notification>("notification");
}

void NotificationsGateway::welcome(aerie::Socket& socket, Identity const& identity) {
  auto const user = identity.user();
  socket.join(tabs_of(user.id));
  Ready const ready{user};
  socket.emit("ready", ready);
  tokens_.watch(socket, identity);
}

}  // namespace chat
