#include "order_scene.hpp"

#include "order.hpp"

#include <string>

namespace aerie::counts {

using bench::Order;
using bench::place;
using bench::Receipt;

namespace {

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
