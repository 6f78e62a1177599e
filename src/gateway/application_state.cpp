#include "gateway/application_state.hpp"

#include <aerie/core/completion.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/spawn.hpp>
#include <aerie/gateway/exceptions.hpp>

#include <algorithm>
#include <csignal>
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

/// What every module may ask for.
std::vector<Provider> built_in_providers(Runtime& runtime, http::Server& http) {
  std::vector<Provider> providers;
  providers.push_back(reference_to(runtime));
  providers.push_back(reference_to(http));
  // Shared by all, and only ever read.
  providers.push_back(reference_to(const_cast<Logger&>(runtime.log())));
  providers.push_back(reference_to(const_cast<core::Clock&>(runtime.clock())));
  return providers;
}

std::string signal_name(int signal) {
  auto const* const name = sigabbrev_np(signal);
  return name == nullptr ? std::to_string(signal) : core::concat("SIG", name);
}

/// What the floors below have refused, which know no StartError: a short secret, an impossible limit.
StartError refused(std::invalid_argument const& error) {
  return StartError(error.what());
}

void check_is_for_messages(Route const& route) {
  auto const& handler = *route.handler;
  auto const is_text = [](auto const& parameter) {
    return parameter.source != ArgumentSource::body && parameter.source != ArgumentSource::custom;
  };
  if (handler.result != type_id<http::Response>() && std::ranges::none_of(handler.piped, is_text)) return;
  throw StartError(
      core::concat("aerie: ", route.class_name, "::", handler.name,
                   " handles messages, but takes or returns what only HTTP requests have (Param, "
                   "Query, Header, http::Response); make it a handler of a controller"));
}

}  // namespace

ApplicationState::ApplicationState(ModuleReference const& root, ApplicationOptions options, Runtime* runtime,
                                   Overrides overrides) try
    : own_runtime_(runtime == nullptr ? std::make_unique<Runtime>(options.runtime) : nullptr),
      runtime_(runtime == nullptr ? *own_runtime_ : *runtime),
      http_(runtime_, options.http),
      container_(root, built_in_providers(runtime_, http_), std::move(overrides)),
      adapter_(std::make_unique<SocketIoAdapter>()) {
  container_.build();
} catch (std::invalid_argument const& error) {
  throw refused(error);
}

ApplicationState::~ApplicationState() {
  // Clients first: their handlers refer to gateways.
  adapter_.reset();
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

GlobalLayer& ApplicationState::add_layer(LayerSpec spec) {
  require_not_started("use");
  global_.push_back({std::move(spec), std::nullopt, std::nullopt});
  return global_.back();
}

std::vector<MadeLayer> ApplicationState::global_layers(ContextType type) {
  std::vector<MadeLayer> made;
  auto& root = *container_.modules().back();
  for (auto& layer : global_) {
    if (layer.only && *layer.only != type) continue;
    if (!layer.made) layer.made = make_layer(layer.spec, root);
    made.push_back({*layer.made, layer.spec.on_connection});
  }
  return made;
}

void ApplicationState::init() {
  if (std::exchange(started_, true)) return;
  try {
    bind_gateways();
    controllers_.bind(container_, global_layers(ContextType::http), http_);
  } catch (std::invalid_argument const& error) {
    throw refused(error);
  }
  finish(run_hooks(&LifecycleHooks::module_init, {}));
  finish(run_hooks(&LifecycleHooks::application_bootstrap, {}));
}

void ApplicationState::bind_gateways() {
  auto const global = global_layers(ContextType::ws);
  for (auto const& node : container_.modules()) {
    for (auto const& listed : node->module().gateway_list()) {
      descriptions_.push_back(listed.describe());
      auto const& description = *descriptions_.back();
      auto* const object = node->resolve(listed.type);
      auto& bound = gateways_.emplace_back();
      bound.description = &description;
      bound.object = object;
      if (description.options) bound.options = description.options(*node);
      RouteBuilder routes(description.type, object, *node, global, description.layers, description.metadata);
      for (auto const& subscription : description.subscriptions) {
        auto route = routes.make(subscription.event, *subscription.handler, subscription.layers,
                                 subscription.metadata);
        route.answers_errors = description.answers_errors;
        bound.routes.push_back(std::move(route));
      }
      for (auto const* const handler : description.connected)
        bound.connected.push_back(routes.make_hook("connection", *handler));
      for (auto const* const handler : description.disconnected)
        bound.disconnected.push_back(routes.make_hook("disconnect", *handler));
      bound.connection = routes.make_connection_guards();
      check_clients(bound);
    }
  }
  adapter_->attach({runtime_, http_, cors_});
  if (!gateways_.empty()) adapter_->bind(gateways_);
}

void ApplicationState::check_clients(BoundGateway const& gateway) const {
  for (auto const* const routes : {&gateway.routes, &gateway.connected, &gateway.disconnected}) {
    for (auto const& route : *routes) {
      check_is_for_messages(route);
      auto const wanted = route.handler->client;
      if (wanted == nullptr || wanted == adapter_->client_type()) continue;
      throw StartError(core::concat(
          "aerie: ", route.class_name, "::", route.handler->name, " asks for ", wanted->name,
          "&, but the clients of this application's WebSocket adapter are ", adapter_->client_type()->name,
          "; take that, or an aerie::ExecutionContext&, which fits every adapter"));
    }
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
  }
}

void ApplicationState::listen(std::uint16_t port, std::string const& host) {
  init();
  http_.listen(port, host);
  adapter_->listen(host);
  log_routes();
}

void ApplicationState::run() {
  runtime_.run();
}

void ApplicationState::close_on(std::initializer_list<int> signals) {
  runtime_.on_signal(signals, [this](int signal) { close(signal_name(signal), {}); });
}

void ApplicationState::finish(Task<void> task) {
  auto& shard = runtime_.shard(0);
  bool ended = false;
  core::Outcome<void> result;
  core::start(std::move(task), shard.tasks(), [&](core::Outcome<void>&& outcome) noexcept {
    result = std::move(outcome);
    ended = true;
  });
  while (!ended)
    shard.turn(core::Milliseconds{50});
  result.take();
}

Task<void> ApplicationState::run_hooks(Hook LifecycleHooks::*hook, std::string signal) {
  for (auto const* const hooks : container_.hooks()) {
    if (hooks->*hook) co_await (hooks->*hook)(signal);
  }
}

void ApplicationState::close(std::string signal, std::function<void()> done) {
  if (closing_.exchange(true)) return;
  auto& shard = runtime_.shard(0);
  shard.post([this, &shard, signal = std::move(signal), done = std::move(done)] {
    core::start(closing(signal), shard.tasks(), [this, done](core::Outcome<void>&& outcome) noexcept {
      if (!outcome.has_value()) {
        runtime_.log().error("gateway",
                             core::concat("closing has failed: ", core::describe(outcome.error())));
      }
      if (done) done();
      if (own_runtime_) runtime_.stop();
    });
  });
}

Task<void> ApplicationState::run_closing_hooks(Hook LifecycleHooks::*hook, std::string signal) {
  // One that fails keeps nobody else from closing.
  for (auto const* const hooks : container_.hooks()) {
    if (!(hooks->*hook)) continue;
    std::exception_ptr error;
    try {
      co_await (hooks->*hook)(signal);
    } catch (...) {
      error = std::current_exception();
    }
    if (error) {
      runtime_.log().error("gateway", core::concat("a lifecycle hook has failed: ", core::describe(error)));
    }
  }
}

Task<void> ApplicationState::closing(std::string signal) {
  co_await run_closing_hooks(&LifecycleHooks::module_destroy, signal);
  co_await run_closing_hooks(&LifecycleHooks::before_shutdown, signal);
  core::Completion<> closed;
  adapter_->close([give = std::make_shared<core::Completer<void>>(closed.completer())] { (*give)(); });
  co_await closed;
  http_.close();
  co_await run_closing_hooks(&LifecycleHooks::shutdown, signal);
}

}}}  // namespace aerie::v1::gateway
