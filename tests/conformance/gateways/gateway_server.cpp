// The servers of robustness.mjs and plain_websocket.mjs. Prints the port when it listens.

#include "plain_gateways.hpp"
#include "unit/gateway/misbehaviour.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

namespace {

template <class RootModule>
void serve(unsigned threads, std::uint16_t port, bool plain) {
  auto app = aerie::Application::create<RootModule>(
      {.runtime = {.threads = threads, .log_level = aerie::LogLevel::off}});
  if (plain) app.template use_websocket_adapter<aerie::WsAdapter>();
  app.enable_cors({.origin = "https://chat.example"});
  app.enable_shutdown_hooks();
  app.listen(port, "127.0.0.1");
  std::cout << app.port() << std::endl;
  app.run();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App options{"Gateways for the tests of robustness and of plain WebSockets"};
  unsigned threads = 1;
  std::uint16_t port = 0;
  bool plain = false;
  options.add_option("--threads", threads, "event loops");
  options.add_option("--port", port, "0 for a free one");
  options.add_flag("--plain", plain, "plain WebSockets instead of Socket.IO");
  CLI11_PARSE(options, argc, argv);
  if (plain) {
    serve<aerie::gateway::test::PlainModule>(threads, port, true);
  } else {
    serve<aerie::gateway::test::WildModule>(threads, port, false);
  }
}
