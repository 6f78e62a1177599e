#include "order_scene.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aerie::counts {

namespace {

enum class Size { small, medium, large };

void describe(EnumSchema<Size>& s) {
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

  static void describe(Schema<Order>& s) {
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

  static void describe(Schema<Receipt>& s) {
    s.field<&Receipt::item>();
    s.field<&Receipt::quantity>();
  }
};

Receipt place(Order const& order) {
  return {order.item, order.quantity};
}

class OrderGateway {
 public:
  static void describe(Gateway<OrderGateway>& g) { g.on<&OrderGateway::order>(); }

 private:
  Receipt order(Order const& order) { return place(order); }
};

struct Waiter {
  std::string name;
};

struct IsServed {
  bool can_activate(ExecutionContext& context) { return context.find<Waiter>() != nullptr; }
};

struct WsErrors {
  void on_exception(WsException const& error, ExecutionContext& context) {
    context.emit("error", error.error());
  }
};

class GuardedGateway {
 public:
  static void describe(Gateway<GuardedGateway>& g) {
    g.use<IsServed>().use<WsErrors>().connected<&GuardedGateway::opened>();
    g.on<&GuardedGateway::order>().use<ValidationPipe>({.whitelist = true, .transform = true});
  }

 private:
  void opened(Socket& socket) { socket.set(Waiter{"Ada"}); }
  Receipt order(Order const& order) { return place(order); }
};

template <class G>
struct ModuleOf {
  static void describe(Module& m) { m.gateways<G>(); }
};

}  // namespace

OrderScene::OrderScene(Counter counter) {
  if (counter == Counter::socket) {
    io().on("order", &place);
    return;
  }
  app_ = std::make_unique<Application>(counter == Counter::gateway
                                           ? Application::create<ModuleOf<OrderGateway>>(world.runtime)
                                           : Application::create<ModuleOf<GuardedGateway>>(world.runtime));
  app_->init();
  world.entry = &app_->http();
}

OrderScene::~OrderScene() {
  if (!app_) return;
  // Clients that are still there would otherwise meet gateways that are not.
  app_->close();
  run();
}

std::string OrderScene::orders(std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    all += frame(
        R"(217["order",{"customer":"c4711","item":"Flat white","quantity":2,"size":"large","express":true,)"
        R"("extras":["oat milk","cinnamon"],"note":"no sugar, please"}])");
  }
  return all;
}

bool OrderScene::works() {
  auto& client = add_client();
  client.write(orders(1));
  run();
  return client.take().find(R"(4317[{"item":"Flat white","quantity":2}])") != std::string::npos;
}

}  // namespace aerie::counts
