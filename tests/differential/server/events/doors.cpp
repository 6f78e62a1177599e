#include "events/doors.hpp"

#include <aerie/core/sleep.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace reference::events {

using namespace std::chrono_literals;

void BouncerGateway::describe(aerie::Gateway<BouncerGateway>& g) {
  g.at("/bouncer");
  g.connected<&BouncerGateway::connected>();
  g.disconnected<&BouncerGateway::disconnected>();
  g.on<&BouncerGateway::hi>();
}

void BouncerGateway::connected(aerie::Socket& socket) {
  auto const& handshake = socket.handshake();
  auto token = handshake.query("token");
  if (!token) token = handshake.auth_text("token");
  if (token == "ok") return socket.emit("welcome", aerie::Value::object({{"extraArgs", 0}}));
  socket.emit("rejected", "no pass");
  socket.disconnect(token == "hard");
}

void BouncerGateway::disconnected(aerie::Socket& socket) {
  auto const name = socket.handshake().auth_text("name");
  socket.nsp().emit("left", name.value_or("anonymous"));
}

std::string BouncerGateway::hi() {
  return "hi";
}

void GateGateway::describe(aerie::Gateway<GateGateway>& g) {
  g.at("/gate");
  g.after_init<&GateGateway::opened>();
  g.connected<&GateGateway::connected>();
  g.on<&GateGateway::trail>();
}

void GateGateway::opened(aerie::Namespace& nsp) {
  nsp.use([](aerie::Socket& socket) { socket.set(Trail{"first"}); });
  nsp.use([this](aerie::Socket& socket) { return admit(socket); });
}

aerie::Task<> GateGateway::admit(aerie::Socket& socket) {
  socket.get<Trail>().emplace_back("second");
  auto const key = socket.handshake().auth_text("key");
  if (key == "sesame") co_return;
  if (key == "slow") {
    co_await aerie::sleep_for(30ms);
    co_return;
  }
  if (key == "data") {
    auto const why = aerie::Value::array({"x"});
    throw aerie::ConnectError("with data", aerie::Value::object({{"code", 7}, {"why", why}}));
  }
  throw aerie::ConnectError("closed");
}

void GateGateway::connected(aerie::Socket& socket) {
  socket.use([](aerie::SocketEvent& event) {
    if (event.name == "forbidden") throw std::runtime_error("packet refused");
  });
  socket.on_error([&socket](std::string_view message) { socket.emit("packet-error", message); });
}

GateGateway::Trail GateGateway::trail(aerie::Socket& socket) {
  return socket.get<Trail>();
}

}  // namespace reference::events
