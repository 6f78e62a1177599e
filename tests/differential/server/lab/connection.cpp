#include "lab/connection.hpp"

#include <chrono>
#include <string>

namespace reference::lab {

using namespace std::chrono_literals;

void Connection::describe(aerie::Gateway<Connection>& g) {
  g.at("/lab");
  g.on<&Connection::bye>("bye");
  g.on<&Connection::bye_and_close>("bye:close");
  g.on<&Connection::ask>("ask");
  g.on<&Connection::flags>("volatile");
  g.on<&Connection::handshake>("handshake");
}

void Connection::bye(aerie::Socket& socket) {
  socket.emit("farewell");
  socket.disconnect();
}

void Connection::bye_and_close(aerie::Socket& socket) {
  socket.disconnect(true);
}

aerie::Task<aerie::Value> Connection::ask(aerie::Socket& socket) {
  auto const reply = co_await socket.timeout(150ms).emit_with_ack("question", 1);
  if (!reply) co_return aerie::Value::object({{"error", to_string(reply.error())}});
  co_return aerie::Value::object({{"answer", reply.get<aerie::Value>()}});
}

void Connection::flags(aerie::Socket& socket) {
  socket.volatile_().emit("vol", 1);
  socket.compress(false).emit("vol", 2);
}

aerie::Value Connection::handshake(aerie::Handshake const& handshake) {
  auto query = handshake.query();
  for (auto const* const name : {"EIO", "transport", "t", "b64"})
    query.erase(name);
  auto const header = handshake.header("x-custom");
  return aerie::Value::object({{"auth", handshake.auth()},
                               {"query", query},
                               {"header", header.empty() ? aerie::Value(nullptr) : aerie::Value(header)},
                               {"xdomain", handshake.cross_domain()},
                               {"secure", handshake.secure()}});
}

}  // namespace reference::lab
