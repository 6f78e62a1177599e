#pragma once

/// \file
/// The rooms over Socket.IO. Its handlers run on the shards of their sockets; what they share is in services
/// that lock.

#include "auth/identity.hpp"
#include "auth/token_watch.hpp"
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
  ChatGateway(Rooms& rooms, Messages& messages, Presence& presence, TokenWatch const& tokens)
      : rooms_(rooms), messages_(messages), presence_(presence), tokens_(tokens) {}
  static void describe(aerie::Gateway<ChatGateway>& g);

 private:
  void welcome(aerie::Socket& socket, Identity const& identity);
  void farewell(Visitor& visitor) { visitor.leave_all(); }

  aerie::Task<Joined> join_room(aerie::Socket& socket, Visitor& visitor, RoomRequest const& request);
  aerie::Task<Left> leave_room(aerie::Socket& socket, Visitor& visitor, LeaveRequest const& request);
  aerie::Task<MarkedRead> mark_read(Visitor const& visitor, MarkReadRequest const& request);
  aerie::Task<Sent> send_message(Visitor const& visitor, SendRequest const& request);
  aerie::Task<Sent> send_image(Visitor const& visitor, SendImageRequest const& request);
  aerie::Task<Sent> edit_message(Visitor const& visitor, EditRequest const& request);
  aerie::Task<Sent> delete_message(Visitor const& visitor, DeleteRequest const& request);
  /// Throws ChatError with ROOM_NOT_FOUND or NOT_A_MEMBER.
  aerie::Task<void> require_member(Visitor const& visitor, RoomId room);
  void typing(aerie::Socket& socket, Visitor const& visitor, TypingRequest const& request) const;

  Rooms& rooms_;
  Messages& messages_;
  Presence& presence_;
  TokenWatch const& tokens_;
};

}  // namespace chat
