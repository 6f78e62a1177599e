#include "rebook/chat_gateway.hpp"

#include "shared/values.hpp"

#include <utility>

namespace reference::rebook {

namespace {

std::string room_name(std::int64_t chat_room_id) {
  return "room:" + std::to_string(chat_room_id);
}

}  // namespace

void RoomRequest::describe(aerie::Schema<RoomRequest>& s) {
  s.field<&RoomRequest::chat_room_id>("chatRoomId");
}

void NewMessage::describe(aerie::Schema<NewMessage>& s) {
  s.field<&NewMessage::chat_room_id>("chatRoomId");
  s.field<&NewMessage::content>();
}

void Joined::describe(aerie::Schema<Joined>& s) {
  s.field<&Joined::joined>();
  s.field<&Joined::as>();
}

void Left::describe(aerie::Schema<Left>& s) {
  s.field<&Left::left>();
}

void Typing::describe(aerie::Schema<Typing>& s) {
  s.field<&Typing::chat_room_id>("chatRoomId");
  s.field<&Typing::who>();
}

void ChatGateway::describe(aerie::Gateway<ChatGateway>& g) {
  // The adapter of this application sets CORS for all gateways, whatever they say.
  g.options({.cors = aerie::http::CorsOptions{}});
  g.after_init<&ChatGateway::opened>();
  g.connected<&ChatGateway::connected>();
  g.on<&ChatGateway::join>("joinRoom");
  g.on<&ChatGateway::leave>("leaveRoom");
  g.on<&ChatGateway::send>("sendMessage");
  g.on<&ChatGateway::typing>();
  g.description("A chat of buyers and sellers, room by room.");
  g.emits<Message>("newMessage", "To all in its room.").emits<Typing>("typing");
}

Message ChatGateway::post(std::int64_t chat_room_id, std::string sender, std::string content) {
  auto const message = store_.add(chat_room_id, std::move(sender), std::move(content));
  server_->to(room_name(chat_room_id)).emit("newMessage", message);
  return message;
}

void ChatGateway::opened(aerie::Server& server) {
  server_ = &server;
}

void ChatGateway::connected(aerie::Socket& socket) {
  auto const token = tokens_.verify(socket.handshake().auth()["token"]);
  socket.set(Member{token ? "user" + as_text(token.claims()["userId"]) : "guest"});
}

Joined ChatGateway::join(aerie::Socket& socket, Member const& member, RoomRequest const& request) {
  socket.join(room_name(request.chat_room_id));
  return {request.chat_room_id, member.name};
}

Left ChatGateway::leave(aerie::Socket& socket, RoomRequest const& request) {
  socket.leave(room_name(request.chat_room_id));
  return {request.chat_room_id};
}

std::int64_t ChatGateway::send(Member const& member, NewMessage const& message) {
  return post(message.chat_room_id, member.name, message.content).id;
}

void ChatGateway::typing(aerie::Socket& socket, Member const& member, RoomRequest const& request) {
  socket.to(room_name(request.chat_room_id)).emit("typing", Typing{request.chat_room_id, member.name});
}

}  // namespace reference::rebook
