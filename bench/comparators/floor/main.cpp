// The floor under every figure: what the kernel's work alone costs. No server with one thread can do the same
// with less.
//
//     bench_floor --port P
#include "server.hpp"

#include <iostream>
#include <string>
#include <string_view>

int main(int argc, char** argv) {
  auto const port = argc == 3 && std::string_view(argv[1]) == "--port" ? std::stoi(argv[2]) : 0;
  floor_server::Server server(static_cast<std::uint16_t>(port));
  std::cout << "listening on http://127.0.0.1:" << server.port() << std::endl;
  server.run();
}
