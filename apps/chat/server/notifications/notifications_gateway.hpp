#pragma once

/// \file
/// Notifications over Socket.IO: every tab of a user is told of what is new, as it is stored.

#include "announcer.hpp"
#include "auth/token_watch.hpp"
#include "auth/tokens.hpp"
#include "notifications/notifications.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/socketio/socket.hpp>

namespace chat {

class NotificationsGateway {
 public:
  NotificationsGateway(Announcer& announcer, TokenWatch const& tokens)
      : announcer_(announcer), tokens_(tokens) {}
  static void describe(aerie::Gateway<NotificationsGateway>& g);

 private:
  void announce_in(aerie::Namespace& nsp) { announcer_.announce_notifications_in(&nsp); }
  aerie::Task<void> welcome(aerie::Socket& socket, Identity const& identity);

  Announcer& announcer_;
  TokenWatch const& tokens_;
};

}  // namespace chat
