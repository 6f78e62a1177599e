#include "gateway/application_state.hpp"

#include "gateway/gateway_binding.hpp"

#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/ws_client.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace aerie { inline namespace v1 { namespace gateway {

namespace {

template <class T>
Provider reference_to(T& object) {
  return {type_id<T>(), type_id<T>(), [&object](Resolver&) {
            return Instance{std::shared_ptr<void>(std::shared_ptr<void>(), &object), {}};
          }};
}

/// Of what is only there once the application has started.
template <class T, class Find>
Provider late_reference(Find find) {
  return {type_id<T>(), type_id<T>(), [find](Resolver&) {
            T& object = find();
            return Instance{std::shared_ptr<void>(std::shared_ptr<void>(), &object), {}};
          }};
}

constexpr core::Milliseconds longest_shutdown = std::chrono::hours{24};

core::Milliseconds checked(std::string_view name, core::Milliseconds value, core::Milliseconds least) {
  if (value >= least && value <= longest_shutdown) return value;
  throw StartError(core::concat("aerie: ApplicationOptions::", name, " is ", std::to_string(value.count()),
                                " ms; use ", std::to_string(least.count()), " ms to 24 h"));
}

Shutdown::Patience checked_patience(ApplicationOptions const& options) {
  using std::chrono::milliseconds;
  return {checked("drain_delay", options.drain_delay, milliseconds{0}),
          checked("drain_spread", options.drain_spread, milliseconds{0}),
          checked("shutdown_timeout", options.shutdown_timeout, milliseconds{1})};
}

/// What the floors below have refused, which know no StartError: a short secret, an impossible limit.
StartError refused(std::invalid_argument const& error) {
  return StartError(error.what());
}

}  // namespace

ApplicationState::ApplicationState(ModuleReference const& root, ApplicationOptions options, Runtime* runtime,
                                   Overrides overrides) try
    : own_runtime_(runtime == nullptr ? std::make_unique<Runtime>(options.runtime) : nullptr),
      runtime_(runtime == nullptr ? *own_runtime_ : *runtime),
      http_(runtime_, options.http),
      health_(runtime_, [this] { return has_servers_ ? adapter_->health() : std::vector<HealthPart>(); }),
      metrics_(runtime_, http_, [this](core::MetricsPage& page) { collect(page); }),
      scheduler_(runtime_),
      container_(root, built_in_providers(), std::move(overrides)),
      lazy_(container_),
      adapter_(std::make_unique<SocketIoAdapter>()),
      nestjs_(options.nestjs_compatibility) {
  if (nestjs_ != NestjsVersion::v11 && nestjs_ != NestjsVersion::v12) {
    throw StartError(core::concat("aerie: ApplicationOptions::nestjs_compatibility is ",
                                  std::to_string(static_cast<unsigned>(nestjs_)),
                                  "; use NestjsVersion::v11 or v12"));
  }
  shutdown_.emplace(*this, checked_patience(options), own_runtime_ != nullptr);
  container_.build();
  for (auto* const node : container_.modules_from_root()) {
    for (auto const& layer : node->module().layers()) {
      of_modules_.push_back(layer);
      makers_.push_back(node);
    }
  }
} catch (std::invalid_argument const& error) {
  throw refused(error);
}

ApplicationState::~ApplicationState() {
  // Whatever is under way refers to gateways, controllers and other providers: it goes before them.
  shutdown_.reset();
  adapter_.reset();
  http_.abandon_requests();
  // Then tasks of nobody's, which refer to providers. Those of a shared runtime are whoever's it is.
  for (std::size_t i = 0; own_runtime_ && i < own_runtime_->shard_count(); ++i)
    own_runtime_->shard(i).clear();
}

void ApplicationState::require_not_started(std::string_view what) const {
  if (started_) throw StartError(core::concat("aerie: call ", what, " before init() and listen()"));
}

void ApplicationState::set_adapter(std::unique_ptr<WebSocketAdapter> adapter) {
  require_not_started("use_websocket_adapter");
  adapter_ = std::move(adapter);
}

void ApplicationState::set_cors(http::CorsOptions options) {
  require_not_started("enable_cors");
  http_.cors(options);
  cors_ = std::move(options);
}

void ApplicationState::use_health(HealthOptions options) {
  require_not_started("use_health");
  health_.serve(std::move(options), http_);
}

void ApplicationState::use_metrics(ApplicationMetricsOptions options) {
  require_not_started("use_metrics");
  metrics_.serve(std::move(options), health_);
}

void ApplicationState::use_admin_ui(AdminOptions options) {
  require_not_started("use_admin_ui");
  admin_ = std::move(options);
}

void ApplicationState::collect(core::MetricsPage& page) const {
  core::collect_process(page);
  runtime_.collect(page);
  page.gauge("aerie_http_requests_under_way", "Requests that controllers and other routes are answering.",
             static_cast<double>(http_.requests()));
  if (has_servers_) adapter_->collect(page);
}

void ApplicationState::watch_contract(ContractWatchOptions options) {
  require_not_started("watch_contract");
  contract_ = std::move(options);
}

GlobalLayer& ApplicationState::add_layer(LayerSpec spec) {
  require_not_started("use");
  global_.push_back({std::move(spec), std::nullopt, std::nullopt});
  return global_.back();
}

Layer ApplicationState::part_of(GlobalLayer const& layer, ContextType type) const {
  auto part = *layer.made;
  if (nestjs_ != NestjsVersion::v11 || type != ContextType::ws || layer.only) return part;
  // There the application's pipes and interceptors are for controllers. Its guards are not left out here.
  if (part.pipe || part.interceptor) {
    runtime_.log().warning(
        "gateway",
        core::concat(
            layer.spec.type->name,
            " is for all of the application, but with nestjs_compatibility v11 no message passes such "
            "pipes and interceptors; say .only(aerie::ContextType::http) if that is meant, or use it "
            "in the gateways"));
  }
  part.pipe = nullptr;
  part.interceptor = nullptr;
  return part;
}

ApplicationLayers ApplicationState::global_layers(ContextType type) {
  ApplicationLayers made{{}, nestjs_, type};
  auto const add = [&](GlobalLayer& layer, ModuleNode& maker) {
    if (layer.only && *layer.only != type) return;
    if (!layer.made) layer.made = make_layer(layer.spec, maker);
    require_client(layer.spec, *layer.made, type);
    made.layers.push_back({part_of(layer, type), layer.spec.on_connection});
  };
  for (std::size_t i = 0; i < of_modules_.size(); ++i)
    add(of_modules_[i], *makers_[i]);
  for (auto& layer : global_)
    add(layer, container_.root());
  return made;
}

std::vector<Container::Hooked> ApplicationState::hooks() const {
  auto all = container_.hooks();
  auto const late = lazy_.hooks();
  all.insert(all.end(), late.begin(), late.end());
  return all;
}

void ApplicationState::init(std::function<void()> const& waiting) {
  if (std::exchange(started_, true)) return;
  try {
    open_gateways();
    container_.build();
    bind_gateways();
    controllers_.bind(container_, global_layers(ContextType::http), http_);
    container_.settle();
  } catch (std::invalid_argument const& error) {
    throw refused(error);
  }
  finish(run_hooks(&LifecycleHooks::module_init), waiting);
  finish(run_hooks(&LifecycleHooks::application_bootstrap), waiting);
  health_.enter(HealthEndpoints::Phase::ready);
}

void ApplicationState::open_gateways() {
  for (auto const& node : container_.modules()) {
    for (auto const& listed : node->module().gateway_list()) {
      descriptions_.push_back(listed.describe());
      auto& bound = gateways_.emplace_back();
      bound.description = descriptions_.back().get();
      owners_.push_back(node.get());
      if (!bound.description->options) continue;
      try {
        bound.options = bound.description->options(*node);
      } catch (NotYet) {
        throw StartError(
            core::concat("aerie: the options of ", bound.description->type->name,
                         " are made of something that asks for the server, which is made of these "
                         "options; make them of something else"));
      }
    }
  }
  adapter_->attach({runtime_, http_, cors_, shutdown_->patience(), contract_});
  if (!gateways_.empty()) adapter_->open(gateways_);
  has_servers_ = true;
  if (!admin_) return;
  // Before the gateways' own handlers, so that what these send is seen.
  auto* const server = adapter_->server();
  if (server == nullptr) {
    throw StartError(
        "aerie: use_admin_ui needs a Socket.IO server, and no gateway is on one at the application's own "
        "port and the "
        "path /socket.io; leave use_admin_ui out, or call aerie::instrument in after_init of the gateway "
        "that is "
        "elsewhere");
  }
  instrument(*server, std::move(*admin_));
}

void ApplicationState::bind_gateways() {
  check_clients_asked_for();
  auto const global = global_layers(ContextType::ws);
  for (std::size_t i = 0; i < gateways_.size(); ++i)
    bind_gateway(gateways_[i], container_, *owners_[i], global, adapter_->client_type());
  if (!gateways_.empty()) adapter_->bind(gateways_);
}

// --- What there is to ask for

std::vector<Provider> ApplicationState::built_in_providers() {
  std::vector<Provider> providers;
  providers.push_back(reference_to(runtime_));
  providers.push_back(reference_to(http_));
  providers.push_back(reference_to(scheduler_));
  providers.push_back(reference_to(health_.health()));
  // Shared by all, and only ever read.
  providers.push_back(reference_to(const_cast<Logger&>(runtime_.log())));
  providers.push_back(reference_to(const_cast<core::Clock&>(runtime_.clock())));
  providers.push_back(reference_to(static_cast<NamespacesOfGateways&>(*this)));
  providers.push_back(late_reference<LazyModules>([this]() -> LazyModules& { return lazy_; }));
  // The client, for what is made for each of them.
  for (auto const type : {type_id<Socket>(), type_id<WsClient>()})
    providers.push_back({type, type, nullptr, Scope::connection});
  providers.push_back(late_reference<Server>([this]() -> Server& { return main_server(); }));
  providers.push_back(late_reference<Namespace>([this]() -> Namespace& { return only_namespace(); }));
  return providers;
}

void* ApplicationState::find_provider(TypeId type) {
  try {
    if (auto* const found = container_.find_anywhere(type)) return found;
  } catch (NotYet) {
  } catch (NeedsConnection) {
    throw StartError(core::concat("aerie: there is no one ", type->name, "; each client is one"));
  }
  if (container_.is_built_later(type)) {
    throw StartError(core::concat("aerie: each client, or everybody who asks, has a ", type->name,
                                  " of its own; take aerie::OfConnection in a handler, or "
                                  "ModuleRef::resolve"));
  }
  if (has_servers_ ||
      (type != type_id<Server>() && type != type_id<Namespace>() && !container_.provides(type))) {
    throw StartError(core::concat("aerie: no module of this application provides ", type->name));
  }
  throw StartError(core::concat("aerie: ", type->name,
                                " needs the application's servers, which are there once it has started; call "
                                "init() or listen() first"));
}

Server& ApplicationState::main_server() {
  if (!has_servers_) throw NotYet{};
  if (auto* const server = adapter_->server()) return *server;
  throw StartError(
      "aerie: aerie::Server& is asked for, but no gateway is on Socket.IO at the application's own port and "
      "the "
      "path /socket.io; ask for the aerie::Emitter of a gateway");
}

Namespace& ApplicationState::only_namespace() {
  if (!has_servers_) throw NotYet{};
  Namespace* only = nullptr;
  for (auto const& gateway : gateways_) {
    auto* const nsp = adapter_->find_namespace(gateway);
    if (nsp == nullptr || nsp == only) continue;
    if (only != nullptr) {
      throw StartError(core::concat("aerie: aerie::Namespace& is asked for, but the gateways have several (",
                                    only->name(), ", ", nsp->name(),
                                    "); ask for the aerie::Emitter of a gateway and its nsp()"));
    }
    only = nsp;
  }
  if (only != nullptr) return *only;
  throw StartError("aerie: aerie::Namespace& is asked for, but no gateway has a Socket.IO namespace");
}

Namespace& ApplicationState::namespace_of(TypeId gateway) {
  if (!has_servers_) throw NotYet{};
  auto const is_it = [&](auto const& bound) { return bound.description->type == gateway; };
  auto const found = std::ranges::find_if(gateways_, is_it);
  auto const asked = core::concat("aerie: aerie::Emitter<", gateway->name, "> is asked for, but ");
  if (found == gateways_.end()) {
    throw StartError(
        core::concat(asked, "no module lists that gateway; add m.gateways<", gateway->name, ">()"));
  }
  if (auto* const nsp = adapter_->find_namespace(*found)) return *nsp;
  if (!found->description->pattern.empty()) {
    throw StartError(core::concat(asked, "it has many namespaces, those that match ",
                                  found->description->pattern,
                                  "; ask for aerie::Server& and take `of(name)`"));
  }
  throw StartError(
      core::concat(asked,
                   "the application's WebSocket adapter has no Socket.IO namespaces; use what the "
                   "adapter itself has (WsAdapter::broadcast)"));
}

void ApplicationState::check_clients_asked_for() const {
  for (auto const* const wanted : container_.clients_asked_for()) {
    if (wanted == adapter_->client_type()) continue;
    throw StartError(core::concat("aerie: what each client has of its own asks for ", wanted->name,
                                  "&, but the clients of this application's WebSocket adapter are ",
                                  adapter_->client_type()->name, "; take that"));
  }
}

void ApplicationState::log_routes() const {
  auto const& log = runtime_.log();
  controllers_.log(log);
  for (auto const& gateway : gateways_) {
    auto const name = gateway.description->type->name;
    log.info("gateway", core::concat(name, " on ", adapter_->address(gateway)));
    for (auto const& route : gateway.routes)
      log.info("gateway", core::concat(name, " handles \"", route.pattern, "\" (", route.handler->name, ")"));
    for (auto const& route : gateway.any)
      log.info("gateway", core::concat(name, " handles every event (", route.handler->name, ")"));
    for (auto const& route : gateway.unknown)
      log.info("gateway", core::concat(name, " handles unknown events (", route.handler->name, ")"));
  }
}

void ApplicationState::listen(std::uint16_t port, std::string const& host) {
  health_.listen(host);
  metrics_.listen(host);
  init();
  http_.listen(port, host);
  adapter_->listen(host);
  log_routes();
}

void ApplicationState::run() {
  runtime_.run();
}

void ApplicationState::finish(Task<void> task, std::function<void()> const& waiting) {
  auto& shard = runtime_.shard(0);
  // It may outlive the call: `waiting` may throw.
  auto const result = std::make_shared<std::optional<core::Outcome<void>>>();
  core::start(std::move(task), shard.tasks(),
              [result](core::Outcome<void>&& outcome) noexcept { *result = std::move(outcome); });
  while (!*result) {
    shard.turn(core::Milliseconds{50});
    if (!*result && waiting) waiting();
  }
  (*result)->take();
}

Task<void> ApplicationState::run_hooks(Hook LifecycleHooks::*hook) {
  constexpr std::string_view no_signal;
  // A copy: hooks may load modules.
  auto const hooks_at_start = container_.hooks();
  for (auto const& [type, hooks] : hooks_at_start) {
    if (hooks->*hook) co_await (hooks->*hook)(no_signal);
  }
}

void ApplicationState::for_each_route(std::function<void(Route const&, ContextType)> const& visit) const {
  for (auto const& gateway : gateways_)
    gateway.each_route([&](Route const& route) { visit(route, ContextType::ws); });
  controllers_.for_each([&](Route const& route) { visit(route, ContextType::http); });
}

}}}  // namespace aerie::v1::gateway
