// reference_gateways: the applications of README.md, which the scenarios are run against.

#include "events/events_module.hpp"
#include "shared/adapter.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  CLI::App program("The reference gateways on Aerie");
  std::uint16_t port = 14100;
  unsigned threads = 1;
  program.add_option("--port", port, "the first of six ports");
  program.add_option("--threads", threads, "event loops");
  CLI11_PARSE(program, argc, argv);
  aerie::Runtime runtime({.threads = threads, .log_level = aerie::LogLevel::warning});
  auto events = aerie::Application::create<reference::events::EventsModule>(runtime);
  events.use_websocket_adapter<reference::OfficialDefaults>(REFERENCE_CLIENT_BUNDLE);
  events.listen(static_cast<std::uint16_t>(port + 2), "127.0.0.1");
  runtime.on_signal({SIGINT, SIGTERM}, [&](int) { runtime.stop(); });
  std::cout << "listening" << std::endl;
  runtime.run();
}
