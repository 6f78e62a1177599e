#include "notifications/notifications_gateway.hpp"

#include "auth/signed_in.hpp"

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
  g.after_init<&NotificationsGateway::announce_in>();
  g.connected<&NotificationsGateway::welcome>();
  g.emits<Ready>("ready").emits<Notification>("notification");
}

aerie::Task<void> NotificationsGateway::welcome(aerie::Socket& socket, Identity const& identity) {
  socket.join(tabs_of(identity.user.id));
  socket.emit("ready", Ready{identity.user});
  return tokens_.watch(socket, identity);
}

}  // namespace chat
