// says: aerie: a factory takes providers by reference: T& or T const&
#include <aerie/gateway/gateways.hpp>

struct Clock {};
struct Service {
  explicit Service(Clock clock) : clock(clock) {}
  Clock clock;
};

struct ChatModule {
  static void describe(aerie::Module& m) {
    m.provides<Clock>();
    m.provides<Service>([](Clock clock) { return Service(clock); });
  }
};

auto app = aerie::Application::create<ChatModule>();
