#pragma once

/// \file
/// The chat over Socket.IO: lets sockets in, answers their events. Its handlers run on the shards of their
/// sockets; what they share is in services that lock.

#include "auth/tokens.hpp"
#include "realtime/announcer.hpp"
#include "realtime/contract.hpp"
#include "realtime/visitor.hpp"
#include "rooms/messages.hpp"
#include "rooms/presence.hpp"
#include "rooms/rooms.hpp"

#include <aerie/core/task.hpp>
#include <aerie/socketio/server.hpp>

#include <chrono>
#include <string_view>

namespace chat {

/// What the handlers work with; all of it outlives them.
struct SocketServices {
  Tokens const& tokens;
  Rooms& rooms;
  Messages& messages;
  Presence& presence;
  Announcer& announcer;
  aerie::core::Clock const& clock;
  aerie::Logger const& log;
  /// How long a socket may stay after its token has expired.
  std::chrono::seconds token_grace;
};

class ChatSockets {
 public:
  explicit ChatSockets(SocketServices services) : services_(services) {}

  /// REQUIRES: the server does not listen yet; this outlives it.
  void install(aerie::Server& io);

 private:
  template <class Request, class Result>
  using Handler = aerie::Task<Result> (ChatSockets::*)(aerie::Socket&, Request const&);

  void let_in(aerie::Socket& socket) const;
  aerie::Task<void> watch_token(aerie::Socket& socket) const;

  aerie::Task<Joined> join_room(aerie::Socket& socket, RoomRequest const& request);
  aerie::Task<Left> leave_room(aerie::Socket& socket, RoomRequest const& request);
  aerie::Task<Sent> send_message(aerie::Socket& socket, SendRequest const& request);
  void typing(aerie::Socket& socket, aerie::Args const& args) const;

  aerie::Task<void> require_member(aerie::Socket& socket, RoomId room);

  /// Registers a handler whose errors are answered.
  template <class Request, class Result>
  void on(aerie::Server& io, std::string_view event, Handler<Request, Result> handler);
  template <class Request, class Result>
  aerie::Task<Answer<Result>> answer(Handler<Request, Result> handler, aerie::Socket& socket,
                                     aerie::Args const& args);

  SocketServices services_;
};

}  // namespace chat
