#pragma once

/// \file
/// Notifications over Socket.IO: every tab of a user is told of what is new, as it is stored.

#include "auth/identity.hpp"
#include "auth/token_watch.hpp"

#include <aerie/gateway/gateway.hpp>
#include <aerie/socketio/socket.hpp>

namespace chat {

class NotificationsGateway {
 public:
  explicit NotificationsGateway(TokenWatch const& tokens) : tokens_(tokens) {}
  static void describe(aerie::Gateway<NotificationsGateway>& g);

 private:
  void welcome(aerie::Socket& socket, Identity const& identity);

  TokenWatch const& tokens_;
};

}  // namespace chat
