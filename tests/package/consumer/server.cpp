// What a user's first server is, with a port that nobody else has.
#include <aerie/aerie.hpp>

#include <iostream>
#include <string>

int main() {
  aerie::Server io;
  io.on("hello", [](std::string const& name) { return "hello, " + name; });
  io.listen(0, "127.0.0.1");
  std::cout << io.port() << std::endl;
  io.run();
}
