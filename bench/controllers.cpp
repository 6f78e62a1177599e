// What `bench_load --scenario post` and `get` measure: `bench_controllers --port P --files DIR`.
//
//   POST /orders        an order of seven fields, validated, answered with its item and quantity
//   GET /files/...      the files below DIR
#include "order.hpp"

#include <aerie/gateway/gateways.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <iostream>
#include <string>

namespace {

class OrdersController {
 public:
  static void describe(aerie::Controller<OrdersController>& c) {
    c.at("orders").use<aerie::ValidationPipe>({.whitelist = true, .transform = true});
    c.post<&OrdersController::place>();
  }

 private:
  bench::Receipt place(bench::Order const& order) { return bench::place(order); }
};

struct AppModule {
  static void describe(aerie::Module& m) { m.controllers<OrdersController>(); }
};

}  // namespace

int main(int argc, char** argv) {
  CLI::App command("Controllers and files that bench_load measures");
  std::uint16_t port = 3000;
  std::string files;
  command.add_option("--port", port, "where it listens on 127.0.0.1");
  command.add_option("--files", files, "the directory below /files/")->required();
  CLI11_PARSE(command, argc, argv);
  auto app = aerie::Application::create<AppModule>();
  app.use_static_files("/files", files);
  app.listen(port, "127.0.0.1");
  std::cout << "listening on http://127.0.0.1:" << app.port() << std::endl;
  app.run();
}
