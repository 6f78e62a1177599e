#include "lab/rooms.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace reference::lab {

using namespace std::chrono_literals;

namespace {

/// Without the room that every socket has for itself.
std::vector<std::string> joined_rooms(aerie::Socket const& socket) {
  auto rooms = socket.rooms();
  std::erase(rooms, socket.id());
  return rooms;
}

std::string_view text_of(aerie::Value const& value) {
  return value.get_if<std::string_view>().value_or("");
}

}  // namespace

void Rooms::describe(aerie::Gateway<Rooms>& g) {
  g.at("/lab");
  g.after_init<&Rooms::opened>();
  g.on<&Rooms::join>("join");
  g.on<&Rooms::leave>("leave");
  g.on<&Rooms::from_server>("room:server");
  g.on<&Rooms::from_socket>("room:socket");
  g.on<&Rooms::except>("room:except");
  g.on<&Rooms::to_union>("room:union");
  g.on<&Rooms::to_all>("all");
  g.on<&Rooms::to_others>("others");
  g.on<&Rooms::count>("count");
  g.on<&Rooms::move_all>("moveall");
  g.on<&Rooms::kick>("kick");
  g.on<&Rooms::direct>("direct");
  g.on<&Rooms::ask_room>("ask:room");
}

void Rooms::opened(aerie::Namespace& nsp) {
  nsp_ = &nsp;
}

Rooms::RoomNames Rooms::join(aerie::Socket& socket, RoomName const& room) {
  socket.join(room);
  return joined_rooms(socket);
}

Rooms::RoomNames Rooms::leave(aerie::Socket& socket, RoomName const& room) {
  socket.leave(room);
  return joined_rooms(socket);
}

bool Rooms::from_server(RoomName const& room) {
  nsp_->to(room).emit("room", room);
  return true;
}

bool Rooms::from_socket(aerie::Socket& socket, RoomName const& room) {
  socket.to(room).emit("room", room);
  return true;
}

bool Rooms::except(RoomNames const& rooms) {
  nsp_->to(rooms.at(0)).except(rooms.at(1)).emit("room", rooms.at(0));
  return true;
}

bool Rooms::to_union(RoomNames const& rooms) {
  nsp_->to(rooms).emit("room", rooms);
  return true;
}

void Rooms::to_all(aerie::Value const& data) {
  nsp_->emit("all", data);
}

void Rooms::to_others(aerie::Socket& socket, aerie::Value const& data) {
  socket.broadcast().emit("others", data);
}

aerie::Task<std::size_t> Rooms::count(RoomName room) {
  auto const sockets = co_await nsp_->in(room).fetch_sockets();
  co_return sockets.size();
}

bool Rooms::move_all(RoomNames const& rooms) {
  nsp_->in(rooms.at(0)).sockets_join(rooms.at(1));
  nsp_->in(rooms.at(0)).sockets_leave(rooms.at(0));
  return true;
}

void Rooms::kick(RoomName const& room) {
  nsp_->in(room).disconnect_sockets();
}

void Rooms::direct(aerie::Socket& socket, std::string const& id) {
  nsp_->to(id).emit("direct", socket.id());
}

aerie::Task<aerie::Value> Rooms::ask_room(RoomName room) {
  auto reply = co_await nsp_->to(room).timeout(300ms).emit_with_ack("question", 2);
  auto answers = std::move(reply.responses);
  std::ranges::sort(answers, {}, text_of);
  co_return aerie::Value(std::move(answers));
}

}  // namespace reference::lab
