// A namespace for each room: its number is a parameter of handlers, and no event goes unnoticed.
#include "port.hpp"

#include <aerie/contract/emit.hpp>
#include <aerie/contract/serve.hpp>
#include <aerie/gateway/gateways.hpp>

#include <cstdint>
#include <map>
#include <string>

class RoomsGateway {
 public:
  static void describe(aerie::Gateway<RoomsGateway>& g) {
    g.matching("^/rooms/(?P<room>\\d+)$");
    g.on_any<&RoomsGateway::counted>();
    g.on<&RoomsGateway::whoami>("whoami");
    g.on<&RoomsGateway::counts>("counts");
    g.refuse_unknown();
  }

 private:
  void counted(aerie::EventName const& event) { ++counts_[event.name]; }
  std::string whoami(aerie::Socket& socket, aerie::Param<"room", std::int64_t> room) {
    return std::string(socket.id()) + " in room " + std::to_string(*room);
  }
  aerie::Value counts() {
    aerie::Object counts;
    for (auto const& [event, count] : counts_)
      counts.set(event, count);
    return counts;
  }

  std::map<std::string, std::int64_t> counts_;
};

struct AppModule {
  static void describe(aerie::Module& m) { m.gateways<RoomsGateway>(); }
};

int main(int argc, char** argv) {
  if (auto const status = aerie::emit_contract<AppModule>(argc, argv)) return *status;
  auto app = aerie::Application::create<AppModule>();
  app.enable_shutdown_hooks();
  aerie::serve_contract<AppModule>(app);  // GET /docs
  app.listen(example::port(argc, argv));
  app.run();
}
