#pragma once

/// \file
/// The command line of the servers for the official protocol test suites: `--port P`.

#include <CLI/CLI.hpp>

#include <cstdint>
#include <exception>
#include <iostream>

namespace conformance {

/// Calls `serve` with the port; returns the program's exit code.
inline int run_suite_server(int argc, char** argv, void (*serve)(std::uint16_t port)) {
  std::uint16_t port = 3000;
  CLI::App app("A server for the official protocol test suite");
  app.add_option("--port", port);
  try {
    app.parse(argc, argv);
    serve(port);
    return 0;
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}

}  // namespace conformance
