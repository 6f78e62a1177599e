#include "cola/cola_gateway.hpp"

namespace reference::cola {

void ColaGateway::describe(aerie::Gateway<ColaGateway>& g) {
  g.matching(R"(/*.+)");
  g.after_init<&ColaGateway::opened>();
  g.connected<&ColaGateway::connected>().disconnected<&ColaGateway::disconnected>();
  g.on<&ColaGateway::message>();
  g.on<&ColaGateway::join>();
  g.on<&ColaGateway::say>();
  g.on<&ColaGateway::shout>();
  g.on<&ColaGateway::where>();
  g.emits<aerie::Value>("message").emits<std::string>("said").emits<aerie::Value>("shout");
}

void ColaGateway::opened(aerie::ParentNamespace& all) {
  all_ = &all;
  log_.add("init");
}

void ColaGateway::connected(aerie::Namespace& nsp) {
  log_.add("connected " + nsp.name());
}

void ColaGateway::disconnected(aerie::Namespace& nsp) {
  log_.add("disconnected " + nsp.name());
}

void ColaGateway::message(aerie::Namespace& nsp, aerie::Value const& text) {
  nsp.emit("message", aerie::Value::object({{"nsp", nsp.name()}, {"text", text}}));
}

std::vector<std::string> ColaGateway::join(aerie::Socket& socket, std::string const& room) {
  socket.join(room);
  auto rooms = socket.rooms();
  std::erase(rooms, socket.id());
  return rooms;
}

void ColaGateway::say(aerie::Socket& socket, std::vector<std::string> const& room_and_text) {
  socket.to(room_and_text.at(0)).emit("said", room_and_text.at(1));
}

// The server of a pattern is all its namespaces.
void ColaGateway::shout(aerie::Value const& text) {
  all_->emit("shout", text);
}

std::string ColaGateway::where(aerie::Namespace& nsp) {
  return nsp.name();
}

}  // namespace reference::cola
