#pragma once

/// \file
/// An application: a module and everything it imports, built, connected and listening.
///
///     int main() {
///       auto app = aerie::Application::create<AppModule>();
///       app.enable_cors({.origin = "https://chat.example"});
///       app.use<aerie::ValidationPipe>();
///       app.listen(3000);
///       app.run();
///     }

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/gateway/contract_watch.hpp>
#include <aerie/gateway/exceptions.hpp>
#include <aerie/gateway/health.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/metrics.hpp>
#include <aerie/gateway/module.hpp>
#include <aerie/gateway/overrides.hpp>
#include <aerie/gateway/socketio_adapter.hpp>
#include <aerie/gateway/type_id.hpp>
#include <aerie/gateway/versioning.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/files.hpp>
#include <aerie/http/server_options.hpp>
#include <aerie/socketio/admin.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

class Server;

/// What an application is made with, beyond its modules.
struct ApplicationOptions {
  /// The threads and the log; of an application that makes its own runtime.
  RuntimeOptions runtime{};
  /// HTTP limits and TLS.
  http::ServerOptions http{};
  /// How long closing waits for each of its steps: a lifecycle hook, or the clients with all handlers and
  /// requests that are under way. What has not ended by then is named in the log and left behind. 1 ms to 24
  /// h.
  core::Milliseconds shutdown_timeout = std::chrono::seconds{10};
  /// How long a closing application goes on as before, but says that it is not ready: the time that load
  /// balancers need to see it. Up to 24 h.
  core::Milliseconds drain_delay{0};
  /// Over which time clients are disconnected then, evenly, so that they do not all come back to the other
  /// instances at once; meanwhile no new ones are taken. Up to 24 h. Behind both, closing takes the steps
  /// above.
  core::Milliseconds drain_spread{0};
  /// Which NestJS' answers are given where a client sees a difference: of pipes that parse texts.
  NestjsVersion nestjs_compatibility = NestjsVersion::v12;
};

namespace gateway {

class ApplicationState;

}  // namespace gateway

/// Thread contract: it is made, set up, started and destroyed on one thread; `close` may be called on any.
/// With `threads = 1` everything of the user's runs on that thread as well.
class AERIE_API Application {
 public:
  /// Builds the module and all it imports, with a runtime of its own. Throws gateway::StartError, with the
  /// chain of who needs whom, where something is missing.
  template <class RootModule>
  static Application create(ApplicationOptions options = {}) {
    return Application(gateway::module_reference<RootModule>(), std::move(options), nullptr, {});
  }
  /// The same on a runtime that outlives it.
  template <class RootModule>
  static Application create(Runtime& runtime, ApplicationOptions options = {}) {
    return Application(gateway::module_reference<RootModule>(), std::move(options), &runtime, {});
  }
  /// The same of a module with settings of its own (`AppModule::for_root(options)`).
  static Application create(DynamicModule root, ApplicationOptions options = {}) {
    return Application(std::move(root.reference), std::move(options), nullptr, {});
  }
  Application(gateway::ModuleReference root, ApplicationOptions options, Runtime* runtime,
              gateway::Overrides overrides);
  Application(Application&&) noexcept;
  ~Application();

  // --- To be said before it starts

  /// A layer around every handler of every gateway and controller; `app.use<T>(...).only(ContextType::http)`
  /// for one kind. Unlike in NestJS 11, global means gateways, too.
  template <class T, class... Args>
  gateway::GlobalLayerBuilder use(Args&&... args) {
    return add_layer(gateway::layer_spec<T>(std::forward<Args>(args)...));
  }
  /// The same for a layer that takes a struct of options.
  template <gateway::HasOptions T>
  gateway::GlobalLayerBuilder use(typename T::Options const& options) {
    return add_layer(gateway::layer_spec<T>(options));
  }
  /// CORS for controllers and files, and for gateways that do not set their own.
  void enable_cors(http::CorsOptions options = {});
  /// What the paths of all controllers begin with: "api". Gateways, health checks and files have paths of
  /// their own. https://docs.nestjs.com/faq/global-prefix
  void set_global_prefix(std::string prefix, GlobalPrefixOptions options = {});
  /// Controllers answer the versions that they name: `c.version("1")`. Throws gateway::StartError for options
  /// that cannot work. https://docs.nestjs.com/techniques/versioning
  void enable_versioning(VersioningOptions options = {});
  /// Replaces the Socket.IO adapter. Returns the new one.
  template <std::derived_from<WebSocketAdapter> A, class... Args>
  A& use_websocket_adapter(Args&&... args) {
    auto adapter = std::make_unique<A>(std::forward<Args>(args)...);
    auto& result = *adapter;
    set_adapter(std::move(adapter));
    return result;
  }
  /// Gateways on Socket.IO whose servers are part of a cluster: `use_websocket_adapter<RedisAdapter>({.url =
  /// "redis://..."})`, or any other type that makes an adapter of a Socket.IO server.
  template <class Cluster>
  requires(!std::derived_from<Cluster, WebSocketAdapter> && std::convertible_to<Cluster, AdapterFactory>)
      SocketIoAdapter& use_websocket_adapter(Cluster cluster) {
    return use_websocket_adapter<SocketIoAdapter>(SocketIoAdapter::Options{.cluster = std::move(cluster)});
  }
  /// Closes the application when the process receives one of these signals, by default SIGINT and SIGTERM;
  /// the lifecycle hooks are told which. A second one ends the process at once, by that signal, with a line
  /// in the log that says what was still running.
  void enable_shutdown_hooks();
  void enable_shutdown_hooks(std::initializer_list<int> signals);
  /// Tells the log of pages that were built on another contract, and of events that no gateway has said it
  /// sends. `aerie::watch_contract<AppModule>(app)` knows the hash (aerie/contract/emit.hpp).
  void watch_contract(ContractWatchOptions options);
  /// Answers `GET /live` and `GET /ready`: see aerie/gateway/health.hpp.
  void use_health(HealthOptions options = {});
  /// Makes the namespace of the official Admin UI on the Socket.IO server of the application's port and the
  /// default path: see aerie/socketio/admin.hpp. The start fails where there is no such server.
  void use_admin_ui(AdminOptions options);
  /// Answers `GET /metrics`, and measures what is to be said there: see aerie/gateway/metrics.hpp.
  void use_metrics(ApplicationMetricsOptions options = {});
  /// Serves the files below a directory, after the controllers' routes.
  void use_static_files(std::string prefix, std::string const& directory, http::FileOptions options = {});

  // --- Running

  /// Connects gateways and controllers and calls the lifecycle hooks, without listening. `listen` does it
  /// otherwise. `waiting` is called every 50 ms while a hook waits for something: whoever turns the runtime's
  /// clock themselves turns it then. What it throws comes out here, and the hook is left behind.
  void init(std::function<void()> const& waiting = {});
  /// Listens on `port` (0: a free one) of `host` (empty: every address). Throws std::system_error if that is
  /// not possible.
  void listen(std::uint16_t port, std::string const& host = "");
  /// The port that it listens at; of use after `listen(0)`.
  std::uint16_t port() const;
  /// Runs until the application is closed.
  void run();
  /// Closes: hooks, then clients and ports; then it waits for what is under way (handlers, hooks of clients
  /// that have left, HTTP requests); then the last hooks. `done` is called on the first shard when that is
  /// complete. However often it is called, it closes once, and calls every `done`.
  /// ApplicationOptions::shutdown_timeout bounds each step. Thread-safe.
  void close(std::string_view signal = {}, std::function<void()> done = {});

  // --- Its parts

  /// A provider of any module. Throws gateway::StartError if there is none, or if it asks for an
  /// aerie::Server or aerie::Emitter and the application has not started.
  template <class T>
  T& get() {
    return *static_cast<T*>(find_provider(gateway::type_id<T>()));
  }
  /// Whether a module provides a T.
  template <class T>
  bool provides() const {
    return provides_type(gateway::type_id<T>());
  }
  /// The runtime that it works on.
  Runtime& runtime() const noexcept;
  /// Where the metrics listen, with a port of their own; 0 otherwise.
  std::uint16_t metrics_port() const noexcept;
  /// The HTTP server of its controllers.
  http::Server& http() const noexcept;
  /// The adapter of its gateways.
  WebSocketAdapter& adapter() const noexcept;

 private:
  gateway::GlobalLayerBuilder add_layer(gateway::LayerSpec spec);
  void set_adapter(std::unique_ptr<WebSocketAdapter> adapter);
  void* find_provider(gateway::TypeId type);
  bool provides_type(gateway::TypeId type) const;

  core::Owned<gateway::ApplicationState> state_;
};

}}  // namespace aerie::v1
