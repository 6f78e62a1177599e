#pragma once

/// \file
/// The rooms over Socket.IO. Its handlers run on the shards of their sockets; what they share is in services
/// that lock.

#include "announcer.hpp"
#include "auth/token_watch.hpp"
#include "auth/tokens.hpp"
#include "rooms/contract.hpp"
#include "rooms/messages.hpp"
#include "rooms/presence.hpp"
#include "rooms/rooms.hpp"
#include "rooms/visitor.hpp"

#include <aerie/core/task.hpp>
#include <aerie/gateway/gateway.hpp>
#include <aerie/socketio/socket.hpp>

namespace chat {

class ChatGateway {
 public:
  ChatGateway(Rooms& rooms, Messages& messages, Presence& presence, Announcer& announcer,
              TokenWatch const& tokens)
      : rooms_(rooms), messages_(messages), presence_(presence), announcer_(announcer), tokens_(tokens) {}
  static void describe(aerie::Gateway<ChatGateway>& g);

 private:
  void announce_in(aerie::Namespace& nsp) { announcer_.announce_rooms_in(&nsp); }
  aerie::Task<void> welcome(aerie::Socket& socket, Identity const& identity);
  void farewell(Visitor& visitor) { visitor.leave_all(); }

  aerie::Task<Joined> join_room(aerie::Socket& socket, Visitor& visitor, RoomRequest const& request);
  Left leave_room(aerie::Socket& socket, Visitor& visitor, RoomRequest const& request);
  aerie::Task<Sent> send_message(aerie::Socket& socket, Visitor const& visitor, SendRequest const& request);
  void typing(aerie::Socket& socket, Visitor const& visitor, TypingRequest const& request) const;

  Rooms& rooms_;
  Messages& messages_;
  Presence& presence_;
  Announcer& announcer_;
  TokenWatch const& tokens_;
};

}  // namespace chat
