// The floor under every figure: what the kernel's work alone costs. No server with one thread can do the same
// with less.
//
//     bench_floor --port P
#include "server.hpp"

#include <CLI/CLI.hpp>

#include <cstdint>
#include <iostream>

int main(int argc, char** argv) {
  CLI::App app("What the kernel's work alone costs");
  std::uint16_t port = 3000;
  app.add_option("--port", port, "where it listens on 127.0.0.1");
  CLI11_PARSE(app, argc, argv);

  floor_server::Server server(port);
  std::cout << "listening on http://127.0.0.1:" << server.port() << std::endl;
  server.run();
}
