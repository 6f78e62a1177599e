// A load generator for Socket.IO servers with the contract of bench_server: one thread, one epoll loop. It
// prints one line of JSON: rates, the CPU time of the server and of the generator itself, latencies and
// losses.
#include "load/scenario.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <string>

namespace {

std::string list_of_scenarios() {
  std::string text = "one of:";
  for (auto const& kind : load::scenarios())
    text.append("\n  ").append(kind.name).append(": ").append(kind.description);
  return text;
}

int run(load::Options const& options) {
  auto const kinds = load::scenarios();
  auto const kind = std::ranges::find(kinds, options.scenario, &load::ScenarioKind::name);
  if (kind == kinds.end()) throw std::runtime_error("no scenario is called " + options.scenario);
  auto const report = kind->make(options)->run();
  std::cout << report.json() << std::endl;
  if (report.losses() == 0) return 0;
  std::cerr << "bench_load: " << report.losses()
            << " messages did not come within ten seconds, or connections broke\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Load for servers with the contract of bench_server");
  load::Options options;
  bool tls = false;
  bool resume = false;
  app.add_option("--scenario", options.scenario, list_of_scenarios())->required();
  app.add_option("--port", options.port, "where the server listens on 127.0.0.1")->required();
  app.add_option("--sender-port", options.sender_port,
                 "where the server of a fan-out's sender listens, if it is another one of a cluster");
  app.add_option("--pid", options.pids,
                 "the server's process, for its CPU time and memory; of a cluster, each server's: their CPU "
                 "time is added up")
      ->required();
  app.add_option("--beside-pid", options.beside, "a process whose CPU time is counted by itself");
  app.add_option(
      "--event", options.event,
      "another event than usual: one that is acknowledged with its arguments (echo), or that is passed on as "
      "`msg` (fanout)");
  app.add_option("--connections", options.connections, "clients; in churn, how many cycles at once")
      ->check(CLI::Range(1, 60000));
  app.add_option("--in-flight", options.in_flight,
                 "messages under way: per connection (echo), per sender (stored), in all (fanout)")
      ->check(CLI::Range(1, 1000));
  app.add_option(
         "--rooms", options.rooms,
         "rooms that the connections are spread over (chat, stored), or join each (memberships, join-leave)")
      ->check(CLI::Range(1, 10000));
  app.add_option("--senders", options.senders,
                 "how many of the connections send (stored); those beside them who stay (restart)")
      ->check(CLI::Range(1, 60000));
  app.add_option("--payload", options.payload, "bytes of text in a message");
  app.add_option("--binary", options.binary, "1: an attachment of that many bytes instead (echo)");
  app.add_option("--msgpack", options.msgpack, "1: packets are MessagePack (echo)");
  app.add_option("--tls", tls, "1: with TLS 1.3");
  app.add_option("--resume", resume,
                 "1: each TLS connection offers the ticket of an earlier one (handshakes)");
  app.add_flag("--centrifuge", options.centrifuge,
               "the clients speak Centrifuge's protocol in JSON instead of Socket.IO (connect, fanout)");
  app.add_option("--rate", options.rate,
                 "deliveries per second (fanout-rate, chat, slow-readers); acknowledgements (restart)");
  app.add_option("--warm-up", options.warm_up, "seconds of load before the measurement");
  app.add_option("--seconds", options.seconds, "seconds of the measurement");
  app.add_option("--settle", options.settle,
                 "seconds of silence before memory is read (connect, storm, ...)");
  CLI11_PARSE(app, argc, argv);
  try {
    if (tls) options.tls = std::make_shared<load::TlsContext>(resume);
    return run(options);
  } catch (std::exception const& error) {
    std::cerr << "bench_load: " << error.what() << '\n';
    return 2;
  }
}
