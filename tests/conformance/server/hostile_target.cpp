// The server of hostile_server.hpp: `hostile_target --port P`.
#include "hostile_server.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdint>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  CLI::App app("A server for raw inputs");
  std::uint16_t port = 3000;
  app.add_option("--port", port, "where it listens on 127.0.0.1");
  CLI11_PARSE(app, argc, argv);
  try {
    aerie::Server io(conformance::hostile_settings());
    conformance::add_hostile_namespaces(io);
    io.runtime().on_signal({SIGTERM}, [&io](int) { io.close(); });
    io.listen(port, "127.0.0.1");
    std::cout << "listening on http://127.0.0.1:" << io.port() << std::endl;
    io.run();
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
