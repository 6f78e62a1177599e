// The smallest server, and what a handler may look like. Try it with npm's socket.io-client:
//
//     const socket = io("http://localhost:3000");
//     await socket.emitWithAck("echo", { any: ["value"] });
#include "port.hpp"

#include <aerie/aerie.hpp>

#include <csignal>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
  aerie::Server io;

  // A handler's parameters say what it wants of a message; what it returns is the acknowledgement. A Value is
  // anything that JavaScript can send.
  io.on("echo", [](aerie::Value anything) { return anything; });

  // Arguments are checked: a client that sends something else gets no answer, and the log says why. An
  // optional one may be missing. Take `aerie::Socket&` to talk to whoever sent the message.
  io.on("greet", [](aerie::Socket& socket, std::string const& name, std::optional<int> times) {
    for (int i = 0; i < times.value_or(1); ++i)
      socket.emit("greeting", "Hello, " + name + "!", i);
  });

  // Containers, numbers and bytes are taken as such. See typed.cpp for structs of your own.
  io.on("sum", [](std::vector<double> const& numbers) {
    double sum = 0;
    for (double const number : numbers)
      sum += number;
    return sum;
  });
  io.on("reverse", [](aerie::Bytes const& bytes) {
    return aerie::Bytes(std::string(bytes.view().rbegin(), bytes.view().rend()));
  });

  // What is emitted here reaches the client right after it has connected.
  io.on_connection([](aerie::Socket& socket) { socket.emit("welcome", socket.id()); });
  io.on_disconnect([](aerie::Socket& socket, aerie::DisconnectReason reason) {
    std::cout << socket.id() << " has left: " << to_string(reason) << std::endl;
  });

  // Ctrl-C: tell the clients, close the connections, and let `run` return.
  io.runtime().on_signal({SIGINT, SIGTERM}, [&io](int) { io.close(); });
  io.listen(example::port(argc, argv));
  std::cout << "listening on port " << io.port() << std::endl;
  io.run();
}
