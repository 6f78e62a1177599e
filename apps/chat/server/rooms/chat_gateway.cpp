#include "rooms/chat_gateway.hpp"

#include "auth/signed_in.hpp"
#include "auth/throttle_by_identity.hpp"
#include "error_answers.hpp"
#include "errors.hpp"
#include "room_names.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace chat {

using aerie::Socket;
using aerie::Task;
using namespace std::chrono_literals;

void ChatGateway::describe(aerie::Gateway<ChatGateway>& g) {
  g.protect<SignedIn>().use<ErrorAnswers>();
  g.connected<&ChatGateway::welcome>().disconnected<&ChatGateway::farewell>();
  g.on<&ChatGateway::join_room>("joinRoom");
  g.on<&ChatGateway::leave_room>("leaveRoom");
  g.on<&ChatGateway::send_message>("sendMessage").use<MessageThrottle>().use<MentionThrottle>();
  g.on<&ChatGateway::send_image>("sendImage")
      .use<MessageThrottle>()
      .use<MentionThrottle>()
      .use<ThrottleByIdentity>(30, 1min);
  g.on<&ChatGateway::edit_message>("editMessage").use<MessageThrottle>().use<MentionThrottle>();
  g.on<&ChatGateway::delete_message>("deleteMessage").use<MessageThrottle>();
  g.on<&ChatGateway::mark_read>("markRead").use<ThrottleByIdentity>(1200, 1min);
  g.on<&ChatGateway::typing>("typing");
  g.description("Rooms, for those who have signed in.");
  g.auth<aerie::TokenAuth>().error_codes<ErrorCode>().refuses_with<Refused>();
  g.emits<Message>("newMessage", "To all in its room, its sender included.");
  g.emits<Message>("messageChanged", "To all in its room: its sender has changed or deleted it.");
  g.emits<Room>("roomCreated").emits<TypingNews>("typing");
  g.emits<OnlineNews>("online", "Who is in a room, whenever that changes.");
  g.emits<TokenNews>("tokenExpired", "Come back with a new token, or be disconnected soon.");
}

void ChatGateway::welcome(Socket& socket, Identity const& identity) {
  auto& visitor = socket.set(Visitor(identity.user()));
  // One that comes back is in its rooms already.
  for (auto const& channel : socket.rooms()) {
    if (auto const room = room_of(channel)) visitor.enter(presence_, *room);
  }
  tokens_.watch(socket, identity);
}

Task<Joined> ChatGateway::join_room(Socket& socket, Visitor& visitor, RoomRequest const& request) {
  auto room = co_await rooms_.find(request.chat_room_id);
  socket.join(channel_of(room.id));
  visitor.enter(presence_, room.id);
  auto online = presence_.online(room.id);
  co_return Joined{true, std::move(room), std::move(online)};
}

Task<Left> ChatGateway::leave_room(Socket& socket, Visitor& visitor, LeaveRequest const& request) {
  socket.leave(channel_of(request.chat_room_id));
  visitor.leave(request.chat_room_id);
  if (request.everywhere.value_or(false)) {
    co_await messages_.forget_room(visitor.user().id, request.chat_room_id);
  }
  co_return Left{};
}

Task<MarkedRead> ChatGateway::mark_read(Visitor const& visitor, MarkReadRequest const& request) {
  auto const room = co_await rooms_.find(request.chat_room_id);
  auto const state = co_await messages_.read_up_to(visitor.user().id, room.id, request.up_to);
  co_return MarkedRead{true, state};
}

Task<Sent> ChatGateway::send_message(Visitor const& visitor, SendRequest const& request) {
  co_await require_member(visitor, request.chat_room_id);
  NewMessage message{request.chat_room_id, visitor.user(), request.client_id, request.content};
  // The store tells the room before it answers, so the sender, too, sees the message before it is
  // acknowledged.
  auto stored = co_await messages_.send(std::move(message));
  co_return Sent{true, std::move(stored)};
}

Task<Sent> ChatGateway::send_image(Visitor const& visitor, SendImageRequest const& request) {
  co_await require_member(visitor, request.chat_room_id);
  NewMessage message{request.chat_room_id, visitor.user(), request.client_id, request.content};
  auto stored = co_await messages_.send_image(std::move(message), request.image);
  co_return Sent{true, std::move(stored)};
}

Task<Sent> ChatGateway::edit_message(Visitor const& visitor, EditRequest const& request) {
  co_await require_member(visitor, request.chat_room_id);
  MessageChange change{request.chat_room_id, request.id, visitor.user(), request.content};
  auto changed = co_await messages_.change(std::move(change));
  co_return Sent{true, std::move(changed)};
}

Task<Sent> ChatGateway::delete_message(Visitor const& visitor, DeleteRequest const& request) {
  co_await require_member(visitor, request.chat_room_id);
  MessageChange change{request.chat_room_id, request.id, visitor.user(), std::nullopt};
  auto changed = co_await messages_.change(std::move(change));
  co_return Sent{true, std::move(changed)};
}

Task<void> ChatGateway::require_member(Visitor const& visitor, RoomId room) {
  if (visitor.is_in(room)) co_return;
  [[maybe_unused]] auto const existing = co_await rooms_.find(room);
  throw ChatError(ErrorCode::not_a_member, "Join the room before you write to it.");
}

void ChatGateway::typing(Socket& socket, Visitor const& visitor, TypingRequest const& request) const {
  if (!visitor.is_in(request.chat_room_id)) return;
  TypingNews const news{request.chat_room_id, visitor.user(), request.typing};
  socket.to(channel_of(request.chat_room_id)).emit("typing", news);
}

}  // namespace chat
