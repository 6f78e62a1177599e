// What `bench_load --scenario post` and `get` measure: `bench_controllers --port P --files DIR`.
//
//   POST /orders        an order of seven fields, validated, answered with its item and quantity
//   GET /files/...      the files below DIR
#include <aerie/gateway/gateways.hpp>

#include <CLI/CLI.hpp>

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace {

enum class Size { small, medium, large };

void describe(aerie::EnumSchema<Size>& s) {
  s.value<Size::small>().value<Size::medium>().value<Size::large>();
}

struct Order {
  std::string customer;
  std::string item;
  std::int64_t quantity = 0;
  Size size = Size::medium;
  bool express = false;
  std::vector<std::string> extras;
  std::optional<std::string> note;

  static void describe(aerie::Schema<Order>& s) {
    s.field<&Order::customer>().is_string().is_alphanumeric();
    s.field<&Order::item>().is_string().length(1, 64);
    s.field<&Order::quantity>().is_int().minimum(1).maximum(100);
    s.field<&Order::size>().is_enum();
    s.field<&Order::express>().is_bool();
    s.field<&Order::extras>().is_array().array_max_size(8).is_string().each();
    s.field<&Order::note>().optional().is_string().max_length(200);
  }
};

struct Receipt {
  std::string item;
  std::int64_t quantity = 0;

  static void describe(aerie::Schema<Receipt>& s) {
    s.field<&Receipt::item>();
    s.field<&Receipt::quantity>();
  }
};

class OrdersController {
 public:
  static void describe(aerie::Controller<OrdersController>& c) {
    c.at("orders").use<aerie::ValidationPipe>({.whitelist = true, .transform = true});
    c.post<&OrdersController::place>();
  }

 private:
  Receipt place(Order const& order) { return {order.item, order.quantity}; }
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
