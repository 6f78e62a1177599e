// A gateway for clients that do not speak Socket.IO:
//
//     ./plain_websocket --port 3000
//
//     const socket = new WebSocket("ws://localhost:3000/prices?name=Ada");
//     socket.onmessage = ({ data }) => console.log(JSON.parse(data));
//     socket.onopen = () => socket.send(JSON.stringify({ event: "watch", data: { symbol: "ABC" } }));
#include "port.hpp"

#include <aerie/contract/emit.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/ws_adapter.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

using namespace std::chrono_literals;

namespace {

struct Watch {
  std::string symbol;
  static void describe(aerie::Schema<Watch>& s) { s.field<&Watch::symbol>().length(1, 8); }
};

struct Price {
  std::string symbol;
  std::int64_t cents = 0;
  static void describe(aerie::Schema<Price>& s) {
    s.field<&Price::symbol>();
    s.field<&Price::cents>();
  }
};

struct HasName {
  bool can_activate(aerie::ExecutionContext& context) { return context.credential("name").has_value(); }
};

class PricesGateway {
 public:
  static void describe(aerie::Gateway<PricesGateway>& g) {
    g.options({.path = "/prices"});
    g.protect<HasName>();
    g.on<&PricesGateway::watch>();
    g.on<&PricesGateway::leave>();
    g.connected<&PricesGateway::opened>();
  }

 private:
  // Sent one by one, as {"event":"price","data":{...}}, until the client leaves.
  aerie::Generator<aerie::Event<Price>> watch(Watch request) {
    for (std::int64_t cents = 1000;; ++cents) {
      aerie::Event<Price> event{"price", {request.symbol, cents}};
      co_yield std::move(event);
      co_await aerie::sleep_for(100ms);
    }
  }
  void leave(aerie::WsClient& client) { client.close(aerie::websocket::CloseCode::normal, "as you wish"); }
  void opened(aerie::WsClient& client) { client.emit("welcome", client.id()); }
};

struct AppModule {
  static void describe(aerie::Module& m) { m.gateways<PricesGateway>(); }
};

}  // namespace

int main(int argc, char** argv) {
  if (auto const status = aerie::emit_contract<AppModule>(argc, argv)) return *status;
  auto app = aerie::Application::create<AppModule>();
  app.use_websocket_adapter<aerie::WsAdapter>(aerie::WsAdapterOptions{.ping_interval = 10s});
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}
