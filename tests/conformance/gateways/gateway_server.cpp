// The servers of the tests beside it. Prints the port when it listens; what stops the start is the only line
// on the error output.

#include "order_gateways.hpp"
#include "plain_gateways.hpp"
#include "scattered_gateways.hpp"
#include "unit/gateway/misbehaviour.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace {

using namespace aerie::gateway::test;

struct Options {
  std::string kind = "wild";
  unsigned threads = 1;
  std::uint16_t port = 0;
  std::uint16_t own_port = 0;
  std::uint32_t drain_delay = 0;
  std::uint32_t drain_spread = 0;
};

aerie::Application create(Options const& options) {
  aerie::ApplicationOptions settings{
      .runtime = {.threads = options.threads, .log_level = aerie::LogLevel::off},
      .drain_delay = aerie::core::Milliseconds{options.drain_delay},
      .drain_spread = aerie::core::Milliseconds{options.drain_spread}};
  Places const places{.own_port = options.own_port};
  if (options.kind == "wild") return aerie::Application::create<WildModule>(std::move(settings));
  if (options.kind == "orders") return aerie::Application::create<OrderModule>(std::move(settings));
  // What is asked for in the wrong place is said in the log.
  settings.runtime.log_level = aerie::LogLevel::warning;
  if (options.kind == "scattered") {
    return aerie::Application::create(ScatteredModule::for_root(places), std::move(settings));
  }
  if (options.kind == "conflicting") {
    return aerie::Application::create(ConflictingModule::for_root(places), std::move(settings));
  }
  settings.runtime.log_level = aerie::LogLevel::off;
  auto app = aerie::Application::create<PlainModule>(std::move(settings));
  app.use_websocket_adapter<aerie::WsAdapter>();
  return app;
}

void serve(Options const& options) {
  auto app = create(options);
  app.enable_cors({.origin = "https://chat.example"});
  app.enable_shutdown_hooks();
  app.use_health();
  app.listen(options.port, "127.0.0.1");
  std::cout << app.port() << std::endl;
  app.run();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App command{
      "Gateways for tests: misbehaving, on plain WebSockets, on several ports and paths, sent to with "
      "retries"};
  Options options;
  command.add_option("kind", options.kind, "which gateways")
      ->check(CLI::IsMember({"wild", "plain", "scattered", "conflicting", "orders"}));
  command.add_option("--threads", options.threads, "event loops");
  command.add_option("--port", options.port, "0 for a free one");
  command.add_option("--own-port", options.own_port, "the port of gateways that have one");
  command.add_option("--drain-delay", options.drain_delay,
                     "ms from the end of its readiness to the next step");
  command.add_option("--drain-spread", options.drain_spread, "ms over which its clients are disconnected");
  CLI11_PARSE(command, argc, argv);
  try {
    serve(options);
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
  return 0;
}
