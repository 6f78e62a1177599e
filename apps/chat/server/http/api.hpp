#pragma once

/// \file
/// The chat over HTTP: signing in, rooms, history. Handlers run on the shards of their connections; what they
/// share is in services that lock.

#include "auth/sign_in.hpp"
#include "auth/tokens.hpp"
#include "rooms/messages.hpp"
#include "rooms/rooms.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/task.hpp>
#include <aerie/http/server.hpp>

#include <string_view>

namespace chat {

/// What the handlers work with; all of it outlives them.
struct ApiServices {
  SignIn& sign_in;
  Tokens const& tokens;
  Rooms& rooms;
  Messages& messages;
  aerie::Logger const& log;
};

class Api {
 public:
  explicit Api(ApiServices services) : services_(services) {}

  /// REQUIRES: the server does not listen yet; this outlives it.
  void install(aerie::http::Server& server);

 private:
  using Reply = aerie::Task<aerie::http::Response>;
  using Handler = Reply (Api::*)(aerie::http::Request const&);

  Reply login(aerie::http::Request const& request);
  Reply me(aerie::http::Request const& request);
  Reply rooms(aerie::http::Request const& request);
  Reply create_room(aerie::http::Request const& request);
  Reply history(aerie::http::Request const& request);
  Reply unknown(aerie::http::Request const& request);

  /// A route that answers the errors of its handler.
  aerie::http::RouteHandler answering(Handler handler);
  Reply answer(Handler handler, aerie::http::Request const& request);
  /// Throws ChatError where there is no good token.
  User require_user(aerie::http::Request const& request) const;

  ApiServices services_;
};

}  // namespace chat
