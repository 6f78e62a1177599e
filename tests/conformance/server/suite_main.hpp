#pragma once

/// \file
/// The command line of the servers for the official protocol test suites: `--port P [--allow-eio3]`.

#include <CLI/CLI.hpp>

#include <cstdint>
#include <exception>
#include <iostream>

namespace conformance {

struct SuiteOptions {
  std::uint16_t port = 3000;
  /// For the suite of Engine.IO protocol 3.
  bool allow_eio3 = false;
};

/// Calls `serve` with the options; returns the program's exit code.
inline int run_suite_server(int argc, char** argv, void (*serve)(SuiteOptions const& options)) {
  SuiteOptions options;
  CLI::App app("A server for the official protocol test suite");
  app.add_option("--port", options.port);
  app.add_flag("--allow-eio3", options.allow_eio3);
  try {
    app.parse(argc, argv);
    serve(options);
    return 0;
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}

}  // namespace conformance
