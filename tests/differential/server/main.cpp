// reference_gateways: the applications of README.md, which the scenarios are run against.

#include "applications.hpp"
#include "life/life_server.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace {

struct Options {
  std::uint16_t port = 14100;
  unsigned threads = 1;
  std::string redis;
  int nestjs = 11;
};

void serve(Options const& options) {
  auto const port = [&](int offset) { return static_cast<std::uint16_t>(options.port + offset); };
  constexpr auto* host = "127.0.0.1";

  auto const nestjs = static_cast<aerie::NestjsVersion>(options.nestjs);
  aerie::Runtime runtime({.threads = options.threads, .log_level = aerie::LogLevel::warning});
  runtime.on_signal({SIGINT, SIGTERM}, [&](int) { runtime.stop(); });
  auto rebook = reference::make_rebook(runtime, nestjs);
  auto cola = reference::make_cola(runtime, nestjs);
  auto events = reference::make_events(runtime, nestjs, options.redis);
  std::optional<aerie::Application> second_events;
  if (!options.redis.empty()) second_events.emplace(reference::make_events(runtime, nestjs, options.redis));
  auto broken = reference::make_broken(runtime, nestjs);
  rebook.listen(port(0), host);
  cola.listen(port(1), host);
  events.listen(port(2), host);
  if (second_events) second_events->listen(port(3), host);
  reference::life::LifeServer const life(port(4), options.threads);
  broken.listen(port(5), host);
  // Flushed: who starts the program waits for this line.
  std::cout << "reference_gateways listening on port " << options.port << std::endl;
  runtime.run();
}

}  // namespace

int main(int argc, char** argv) {
  if (auto const status = reference::emit_contract(argc, argv)) return *status;
  Options options;
  CLI::App program("The reference gateways on Aerie");
  program.add_option("--port", options.port, "the first of six ports")->check(CLI::Range(1, 65530));
  program.add_option("--threads", options.threads, "event loops of each application")
      ->check(CLI::Range(1, 64));
  program.add_option(
      "--redis", options.redis,
      "a Redis through which a second instance of the events is one with the first: redis://host:6379");
  program.add_option("--nestjs", options.nestjs, "the version of NestJS whose answers are given")
      ->check(CLI::IsMember({11, 12}));
  CLI11_PARSE(program, argc, argv);
  try {
    serve(options);
    return EXIT_SUCCESS;
  } catch (std::exception const& error) {
    std::cerr << "reference_gateways: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
