// What a user's first client is: says hello to the server at argv[1], and prints the answer.
#include <aerie/client.hpp>

#include <future>
#include <iostream>
#include <string>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  aerie::client::Manager const manager(argv[1]);
  auto const socket = manager.socket();
  std::promise<std::string> answer;
  socket.on("connect", [&] {
    socket.emit("hello", "C++",
                [&](aerie::AckReply const& reply) { answer.set_value(reply.get<std::string>()); });
  });
  socket.connect();
  std::cout << answer.get_future().get() << std::endl;
}
