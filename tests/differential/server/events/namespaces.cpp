#include "events/namespaces.hpp"

#include "shared/values.hpp"

#include <vector>

namespace reference::events {

void RootGateway::describe(aerie::Gateway<RootGateway>& g) {
  g.connected<&RootGateway::connected>();
  g.on<&RootGateway::whoami>();
}

void RootGateway::connected(aerie::Socket& socket) {
  socket.emit("root", "hello");
}

std::string RootGateway::whoami(aerie::Namespace& nsp) {
  return nsp.name();
}

void RoomGateway::describe(aerie::Gateway<RoomGateway>& g) {
  g.matching(R"(^/room-\d+$)");
  g.connected<&RoomGateway::connected>();
  g.on<&RoomGateway::say>();
}

void RoomGateway::connected(aerie::Socket& socket) {
  socket.emit("entered", socket.nsp().name());
}

void RoomGateway::say(aerie::Namespace& nsp, aerie::Value const& text) {
  nsp.emit("said", aerie::Value::object({{"nsp", nsp.name()}, {"text", text}}));
}

void NaiveGateway::describe(aerie::Gateway<NaiveGateway>& g) {
  g.at("/naive");
  g.connected<&NaiveGateway::connected>();
}

void NaiveGateway::connected(aerie::Socket& socket) {
  socket.join("user:" + as_text(socket.data()["userId"]));
  auto rooms = socket.rooms();
  std::erase(rooms, socket.id());
  socket.emit("rooms", rooms);
}

void ChatGateway::describe(aerie::Gateway<ChatGateway>& g) {
  g.at("/chat");
  g.after_init<&ChatGateway::opened>();
}

void ChatGateway::broadcast(aerie::Value const& message) {
  nsp_->emit("message", message);
}

void ChatGateway::opened(aerie::Namespace& nsp) {
  nsp_ = &nsp;
}

}  // namespace reference::events
