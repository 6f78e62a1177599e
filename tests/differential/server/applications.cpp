#include "applications.hpp"

#include "cola/cola_module.hpp"
#include "events/events_module.hpp"
#include "events/global_layers.hpp"
#include "life/life_module.hpp"
#include "rebook/rebook_module.hpp"
#include "shared/adapters.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/contract/emit.hpp>

#include <utility>

namespace reference {

namespace {

aerie::Application make_rebook(aerie::Runtime& runtime, aerie::NestjsVersion nestjs,
                               aerie::SocketIoAdapter::Options options) {
  auto application =
      aerie::Application::create<rebook::RebookModule>(runtime, {.nestjs_compatibility = nestjs});
  application.enable_cors(client_url_cors());
  application.use_websocket_adapter<ClientUrlAdapter>(options);
  application.use<aerie::ValidationPipe>({.whitelist = true, .forbid_non_whitelisted = true})
      .only(aerie::ContextType::http);
  return application;
}

}  // namespace

std::optional<int> emit_contract(int argc, char const* const* argv) {
  aerie::ContractOptions options;
  options.title = "The reference gateways";
  return aerie::emit_contract<rebook::RebookModule, cola::ColaModule, events::EventsModule, life::LifeModule>(
      argc, argv, options);
}

aerie::Application make_rebook(aerie::Runtime& runtime, aerie::NestjsVersion nestjs) {
  return make_rebook(runtime, nestjs, {.attach = true});
}

aerie::Application make_broken(aerie::Runtime& runtime, aerie::NestjsVersion nestjs) {
  return make_rebook(runtime, nestjs, {.attach = false});
}

aerie::Application make_cola(aerie::Runtime& runtime, aerie::NestjsVersion nestjs) {
  auto application = aerie::Application::create<cola::ColaModule>(runtime, {.nestjs_compatibility = nestjs});
  application.use_websocket_adapter<OfficialAdapter>();
  return application;
}

aerie::Application make_events(aerie::Runtime& runtime, aerie::NestjsVersion nestjs,
                               std::string const& redis) {
  auto application =
      aerie::Application::create<events::EventsModule>(runtime, {.nestjs_compatibility = nestjs});
  aerie::AdapterFactory cluster;
  if (!redis.empty()) cluster = aerie::RedisAdapter{.url = redis, .key = "differential"};
  application.use_websocket_adapter<OfficialAdapter>(std::move(cluster));
  // With NestJS 11 they are for controllers only, with 12 for gateways as well.
  application.use<events::GlobalPipe>();
  application.use<events::GlobalInterceptor>();
  return application;
}

}  // namespace reference
