// A chat in a terminal: the client of chat_30_lines. What is typed is said, what others say is shown, and a
// connection that is lost is made again.
//
//     chat_30_lines &
//     chat_client --url http://localhost:3000 --name Ada --room lobby
#include "port.hpp"

#include <aerie/client.hpp>

#include <chrono>
#include <iostream>
#include <string>

namespace client = aerie::client;
using namespace std::chrono_literals;

// A coroutine waits for the server's answer without holding up anybody else.
aerie::Task<void> join(client::Socket socket, std::string name, std::string room) {
  auto const welcome = co_await socket.timeout(5s).emit_with_ack<std::string>("join", name, room);
  std::cout << welcome << std::endl;
}

int main(int argc, char** argv) {
  auto const name = example::option(argc, argv, "--name", "somebody");
  auto const room = example::option(argc, argv, "--room", "lobby");
  auto const url = example::option(argc, argv, "--url", "http://localhost:3000");

  client::Options options;
  options.reconnection_delay = 500ms;
  // Asked for each time that a connection is made, so that a token may be a fresh one.
  options.auth = [] { return aerie::Value::object({{"token", "made just now"}}); };

  // On a thread of its own; listeners are called there, one at a time.
  client::Manager const manager(url, options);
  auto const socket = manager.socket();

  // Also after a reconnection: the server knows nothing of the one before.
  socket.on("connect", [socket, name, room] { return join(socket, name, room); });
  socket.on("disconnect", [](std::string const& reason) { std::cout << "(" << reason << ")" << std::endl; });
  socket.on("connect_error", [socket](std::string const& message) {
    std::cout << "(" << message << (socket.active() ? ", trying again)" : ")") << std::endl;
  });

  // A listener's parameters say what it wants of an event.
  socket.on("said", [](std::string const& who, std::string const& text) {
    std::cout << who << ": " << text << std::endl;
  });
  socket.on("joined", [](std::string const& who) { std::cout << who << " is here" << std::endl; });
  socket.on("left", [](std::string const& who) { std::cout << who << " has left" << std::endl; });

  socket.connect();
  for (std::string line; std::getline(std::cin, line);)
    socket.emit("say", line);  // waits for the connection if there is none
}
