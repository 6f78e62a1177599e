// Traces for a collector of OpenTelemetry's protocol:
//
//     OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 ./tracing --port 3000
//
// Without a collector at hand, `docker run -p 16686:16686 -p 4318:4318 jaegertracing/jaeger` is one.
#include "port.hpp"

#include <aerie/contract/emit.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/gateway/log.hpp>
#include <aerie/tracing/otlp.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace {

class History {
 public:
  aerie::Task<std::int64_t> count(std::string room) {
    auto const span = aerie::Span::begin("count messages", aerie::SpanKind::client);
    aerie::SpanScope const scope(span);
    span.set("room", room);
    co_await aerie::sleep_for(5ms);  // a database would be asked here
    if (room.empty()) {
      span.fail("there is no room without a name");
      co_return 0;
    }
    co_return static_cast<std::int64_t>(room.size());
  }
};

class ChatGateway {
 public:
  ChatGateway(History& history, aerie::Logger const& logger)
      : history_(history), log_(aerie::Log::of<ChatGateway>(logger)) {}

  static void describe(aerie::Gateway<ChatGateway>& g) { g.on<&ChatGateway::count>(); }

 private:
  aerie::Task<std::int64_t> count(std::string room) {
    log_.info("somebody counts");  // ... trace_id=4bf92f... span_id=00f067...
    co_return co_await history_.count(room);
  }

  History& history_;
  aerie::Log log_;
};

struct AppModule {
  static void describe(aerie::Module& m) { m.provides<History>().gateways<ChatGateway>(); }
};

std::shared_ptr<aerie::Tracer> tracer() {
  auto const options = aerie::otlp_options_from_environment({.service_name = "chat", .interval = 1s});
  return options ? aerie::otlp_tracer(*options) : nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  if (auto const status = aerie::emit_contract<AppModule>(argc, argv)) return *status;
  auto app = aerie::Application::create<AppModule>({.runtime = {.tracer = tracer()}});
  app.enable_shutdown_hooks();
  app.listen(example::port(argc, argv));
  app.run();
}
