// What a user's first application is: a gateway that is made with what the application itself provides, which
// a shared library has to know by the same identity as the program.
#include <aerie/gateway/gateways.hpp>

#include <iostream>
#include <string>

struct Visits {
  int count = 0;
};

class HelloGateway {
 public:
  HelloGateway(aerie::Runtime& runtime, aerie::Scheduler& scheduler, aerie::Logger& logger)
      : runtime_(runtime), scheduler_(scheduler), logger_(logger) {}

  static void describe(aerie::Gateway<HelloGateway>& g) {
    g.connected<&HelloGateway::opened>();
    g.on<&HelloGateway::hello>("hello");
  }

 private:
  void opened(aerie::Socket& socket) { socket.set(Visits{}); }

  std::string hello(aerie::Socket& socket, std::string const& name) {
    ++socket.get<Visits>().count;
    return "hello, " + name;
  }

  aerie::Runtime& runtime_;
  aerie::Scheduler& scheduler_;
  aerie::Logger& logger_;
};

struct AppModule {
  static void describe(aerie::Module& m) { m.gateways<HelloGateway>(); }
};

int main() {
  auto app = aerie::Application::create<AppModule>();
  app.listen(0, "127.0.0.1");
  std::cout << app.port() << std::endl;
  app.run();
}
