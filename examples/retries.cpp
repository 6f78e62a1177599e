// Orders that are placed once, however often the client's network fails: it sends with `retries`, and the
// answer comes when the order is stored. With `--redis URL` answers outlive this process.
#include "port.hpp"

#include <aerie/cluster/redis_idempotency_store.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;

struct Order {
  std::string id;
  std::string item;
  static void describe(aerie::Schema<Order>& s) {
    s.field<&Order::id>().length(1, 64);
    s.field<&Order::item>().length(1, 100);
  }
};

class Orders {
 public:
  aerie::Task<std::size_t> store(Order order) {
    co_await aerie::sleep_for(200ms);  // as a database may take
    orders_.push_back(std::move(order));
    co_return orders_.size();
  }
  std::size_t count() const { return orders_.size(); }

 private:
  std::vector<Order> orders_;
};

class OrdersGateway {
 public:
  explicit OrdersGateway(Orders& orders) : orders_(orders) {}
  static void describe(aerie::Gateway<OrdersGateway>& g) {
    g.use<aerie::ValidationPipe>();
    g.on<&OrdersGateway::place>("placeOrder").idempotent<"id">({.keep = 1h});
    g.on<&OrdersGateway::look_at>("lookAt").always_acknowledge();
    g.on<&OrdersGateway::count>("count");
  }

 private:
  aerie::Task<std::size_t> place(Order const& order) { return orders_.store(order); }
  void look_at(std::string const&) {}
  std::size_t count() const { return orders_.count(); }

  Orders& orders_;
};

struct AppModule {
  static aerie::DynamicModule with(std::string redis) {
    return aerie::dynamic_module<AppModule>([redis](aerie::Module& m) {
      if (redis.empty()) return;
      m.provides<aerie::IdempotencyStore>([redis](aerie::Runtime& runtime) {
        return std::make_unique<aerie::RedisIdempotencyStore>(runtime,
                                                              aerie::RedisIdempotencyOptions{.url = redis});
      });
    });
  }
  static void describe(aerie::Module& m) { m.provides<Orders>().gateways<OrdersGateway>(); }
};

class RecoveringAdapter : public aerie::SocketIoAdapter {
  void configure(aerie::GatewayServer const&, aerie::ServerOptions& options) override {
    options.connection_state_recovery = aerie::RecoveryOptions{};
  }
};

int main(int argc, char** argv) {
  auto app = aerie::Application::create(AppModule::with(example::option(argc, argv, "--redis")));
  app.use_websocket_adapter<RecoveringAdapter>();
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}
