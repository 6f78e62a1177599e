#include "realtime/chat_sockets.hpp"

#include "errors.hpp"
#include "realtime/announcer.hpp"

#include <aerie/core/sleep.hpp>

#include <exception>
#include <utility>

namespace chat {

namespace {

using aerie::Args;
using aerie::Socket;
using aerie::Task;

template <class Request>
Request read(Args const& args) {
  try {
    return args.get<Request>(0);
  } catch (aerie::BadArguments const& error) {
    throw ChatError(ErrorCode::bad_request, error.what());
  }
}

Visitor& visitor_of(Socket& socket) {
  return socket.get<Visitor>();
}

}  // namespace

void ChatSockets::install(aerie::Server& io) {
  io.use([this](Socket& socket) { let_in(socket); });
  io.on_connection([this](Socket& socket) { return watch_token(socket); });
  io.on_disconnect([](Socket& socket) { visitor_of(socket).leave_all(); });
  on(io, "joinRoom", &ChatSockets::join_room);
  on(io, "leaveRoom", &ChatSockets::leave_room);
  on(io, "sendMessage", &ChatSockets::send_message);
  io.on("typing", [this](Socket& socket, Args const& args) { typing(socket, args); });
}

void ChatSockets::let_in(Socket& socket) const {
  try {
    auto const token = socket.handshake().auth_text("token");
    socket.set(Visitor(services_.tokens.verify(token.value_or(""))));
  } catch (ChatError const& error) {
    TokenNews const news{error.code(), error.code() == ErrorCode::expired_token};
    throw aerie::ConnectError(std::string(to_string(error.code())), aerie::to_value(news));
  }
}

Task<void> ChatSockets::watch_token(Socket& socket) const {
  auto const left = visitor_of(socket).expires_at() - services_.clock.wall();
  co_await aerie::sleep_for(std::chrono::ceil<std::chrono::milliseconds>(left));
  TokenNews const news{ErrorCode::expired_token, true};
  socket.emit("tokenExpired", news);
  co_await aerie::sleep_for(services_.token_grace);
  socket.disconnect();
}

Task<Joined> ChatSockets::join_room(Socket& socket, RoomRequest const& request) {
  auto room = co_await services_.rooms.find(request.chat_room_id);
  socket.join(channel_of(room.id));
  visitor_of(socket).enter(services_.presence, room.id);
  auto online = services_.presence.online(room.id);
  co_return Joined{true, std::move(room), std::move(online)};
}

Task<Left> ChatSockets::leave_room(Socket& socket, RoomRequest const& request) {
  socket.leave(channel_of(request.chat_room_id));
  visitor_of(socket).leave(request.chat_room_id);
  co_return Left{};
}

Task<Sent> ChatSockets::send_message(Socket& socket, SendRequest const& request) {
  co_await require_member(socket, request.chat_room_id);
  NewMessage message{request.chat_room_id, visitor_of(socket).user(), request.client_id, request.content};
  auto stored = co_await services_.messages.send(std::move(message));
  // The sender sees the message in the room before it is acknowledged.
  co_await services_.announcer.caught_up(socket.shard());
  co_return Sent{true, std::move(stored)};
}

void ChatSockets::typing(Socket& socket, Args const& args) const {
  try {
    auto const request = read<TypingRequest>(args);
    auto const& visitor = visitor_of(socket);
    if (!visitor.is_in(request.chat_room_id)) return;
    TypingNews const news{request.chat_room_id, visitor.user(), request.typing};
    socket.to(channel_of(request.chat_room_id)).emit("typing", news);
  } catch (ChatError const&) {
    // Nobody waits for an answer, and nothing is lost.
  }
}

Task<void> ChatSockets::require_member(Socket& socket, RoomId room) {
  if (visitor_of(socket).is_in(room)) co_return;
  [[maybe_unused]] auto const existing = co_await services_.rooms.find(room);
  throw ChatError(ErrorCode::not_a_member, "Join the room before you write to it.");
}

template <class Request, class Result>
void ChatSockets::on(aerie::Server& io, std::string_view event, Handler<Request, Result> handler) {
  io.on(event, [this, handler](Socket& socket, Args const& args) { return answer(handler, socket, args); });
}

template <class Request, class Result>
Task<Answer<Result>> ChatSockets::answer(Handler<Request, Result> handler, Socket& socket, Args const& args) {
  try {
    auto const request = read<Request>(args);
    auto result = co_await (this->*handler)(socket, request);
    co_return Answer<Result>(std::move(result));
  } catch (ChatError const& error) {
    co_return Answer<Result>(Refused{false, ErrorInfo::of(error)});
  } catch (aerie::Cancelled const&) {
    throw;
  } catch (std::exception const& error) {
    services_.log.error("chat", error.what());
    co_return Answer<Result>(Refused{false, ErrorInfo::internal()});
  }
}

}  // namespace chat
