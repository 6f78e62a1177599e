// Providers that are not there once: for each client, for each who asks, for those who ask late, or not at
// all.
#include "port.hpp"

#include <aerie/cluster/redis_throttle_store.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

struct Prices {
  std::int64_t of(std::string const& thing) const { return static_cast<std::int64_t>(thing.size()); }
};

/// Each client's own: made when it connects, destroyed when its last handler has ended.
class Basket {
 public:
  Basket(aerie::Socket& socket, Prices& prices) : owner_(socket.id()), prices_(prices) {}

  void put(std::string thing) { things_.push_back(std::move(thing)); }
  std::int64_t total() const {
    std::int64_t sum = 0;
    for (auto const& thing : things_)
      sum += prices_.of(thing);
    return sum;
  }
  std::string const& owner() const { return owner_; }

 private:
  std::string owner_;
  Prices& prices_;
  std::vector<std::string> things_;
};

/// A gateway that asks for what belongs to clients is made for each of them.
class ShopGateway {
 public:
  explicit ShopGateway(Basket& basket) : basket_(basket) {}

  static void describe(aerie::Gateway<ShopGateway>& g) {
    g.on<&ShopGateway::put>("put");
    g.on<&ShopGateway::total>("total");
  }

 private:
  void put(std::string const& thing) { basket_.put(thing); }
  std::int64_t total() { return basket_.total(); }

  Basket& basket_;
};

/// One that is there once takes the client's own as a parameter.
class OwnerGateway {
 public:
  static void describe(aerie::Gateway<OwnerGateway>& g) { g.on<&OwnerGateway::owner>("owner"); }

 private:
  std::string owner(aerie::OfConnection<Basket> basket) { return basket->owner(); }
};

/// A guard that counts for each client.
class Patience {
 public:
  explicit Patience(Basket& basket) : basket_(basket) {}
  bool can_activate(aerie::ExecutionContext&) { return basket_.total() < 100; }

 private:
  Basket& basket_;
};

/// Whoever asks for one gets one of their own.
struct Buffer {
  std::string text;
};

struct Metrics {
  std::int64_t printed = 0;
};

class Printer {
 public:
  Printer(Buffer& buffer, aerie::Optional<Metrics> const& metrics) : buffer_(buffer), metrics_(metrics) {}

  std::string print(std::string const& text) {
    buffer_.text += text + "\n";
    if (metrics_) ++metrics_->printed;
    return buffer_.text;
  }

 private:
  Buffer& buffer_;
  aerie::Optional<Metrics> metrics_;  // nobody provides it here
};

/// Built when the first report is asked for, and not when the application starts.
struct ReportsModule {
  static void describe(aerie::Module& m) { m.transient<Buffer>().provides<Printer>(); }
};

class ReportGateway {
 public:
  ReportGateway(aerie::LazyModules& lazy, aerie::ModuleRef& module) : lazy_(lazy), module_(module) {}

  static void describe(aerie::Gateway<ReportGateway>& g) {
    g.on<&ReportGateway::report>("report").use<aerie::Throttle>(
        {.limit = 2, .window = 1s, .block = 1min, .name = "report"});
    g.on<&ReportGateway::price>("price");
  }

 private:
  std::string report(std::string const& text) {
    auto& printer = lazy_.load<ReportsModule>().get<Printer>();
    return printer.print(text);
  }
  std::int64_t price(std::string const& thing) { return module_.get<Prices>().of(thing); }

  aerie::LazyModules& lazy_;
  aerie::ModuleRef& module_;
};

/// Says of a parameter that is no struct what it has to be.
struct Age {
  static constexpr std::string_view name = "age";
  static void describe(aerie::FieldRef field) { field.minimum(0).maximum(150); }
};

class AgeGateway {
 public:
  static void describe(aerie::Gateway<AgeGateway>& g) { g.on<&AgeGateway::celebrate>("celebrate"); }

 private:
  std::int64_t celebrate(aerie::Body<"age", std::int64_t, aerie::Check<std::int64_t, Age>> age) {
    return *age + 1;
  }
};

struct ShopModule {
  static void describe(aerie::Module& m) {
    m.provides<Prices>();
    m.per_connection<Basket>();
    m.gateways<ShopGateway, OwnerGateway, ReportGateway, AgeGateway>();
    m.use_everywhere<Patience>().only(aerie::ContextType::ws);
  }
};

/// Limits for all servers of a cluster, if there is a Redis.
aerie::DynamicModule shop(std::string redis) {
  return aerie::dynamic_module<ShopModule>([redis = std::move(redis)](aerie::Module& m) {
    if (redis.empty()) return;
    m.provides<aerie::ThrottleStore>([redis](aerie::Runtime& runtime) {
      return std::make_unique<aerie::RedisThrottleStore>(runtime, aerie::RedisThrottleOptions{.url = redis});
    });
  });
}

int main(int argc, char** argv) {
  auto app = aerie::Application::create(shop(example::option(argc, argv, "--redis")));
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}
