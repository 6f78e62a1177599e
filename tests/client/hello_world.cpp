// The smallest program with a client in it: what it is linked from is checked, and how large it is.
#include <aerie/client.hpp>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  aerie::client::Manager const manager(argv[1]);
  auto const socket = manager.socket();
  socket.on("hello", [](std::string const& name) { std::cout << "hello " << name << std::endl; });
  socket.on("connect", [socket] {
    socket.emit("hello", "world", [](aerie::AckReply const& reply) { std::cout << reply.ok() << std::endl; });
  });
  socket.connect();
  std::cin.get();
}
