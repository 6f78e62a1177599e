#include "app.hpp"

#include "app_module.hpp"
#include "store/postgres.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/gateway/validation_pipe.hpp>

#include <signal.h>

#include <chrono>
#include <string>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

aerie::ApplicationOptions application_options(Config const& config) {
  aerie::ApplicationOptions options;
  options.runtime.threads = config.threads;
  options.runtime.memory_limit = config.memory_limit << 20U;
  options.runtime.log_level = config.log_level;
  options.drain_delay = config.drain_delay;
  options.drain_spread = config.drain;
  return options;
}

aerie::http::CorsOptions cors_options(Config const& config) {
  aerie::http::CorsOptions options;
  options.origin = config.client_urls;
  options.credentials = true;
  options.max_age = 10min;
  return options;
}

aerie::AdapterFactory adapter_of(Config const& config) {
  if (!config.redis) return nullptr;
  if (config.adapter == ClusterAdapter::redis_sharded) {
    aerie::RedisShardedAdapter adapter;
    adapter.url = *config.redis;
    return adapter;
  }
  aerie::RedisAdapter adapter;
  adapter.url = *config.redis;
  return adapter;
}

class WebSocketAdapter final : public aerie::SocketIoAdapter {
 public:
  explicit WebSocketAdapter(aerie::AdapterFactory adapter) : adapter_(std::move(adapter)) {}
  void configure(aerie::GatewayServer const&, aerie::ServerOptions& options) override {
    // The page brings its client along.
    options.serve_client = false;
    options.adapter = adapter_;
  }

 private:
  aerie::AdapterFactory adapter_;
};

}  // namespace

App::App(aerie::ConfigOptions const& settings)
    : config_(read_config(settings)),
      app_(aerie::Application::create(AppModule::with(settings), application_options(config_))) {
  // A file that may not grow is an error to answer, not a reason to die.
  ::signal(SIGXFSZ, SIG_IGN);
  app_.enable_shutdown_hooks();
  app_.use_health();
  app_.use_websocket_adapter<WebSocketAdapter>(adapter_of(config_));
  app_.use<aerie::ValidationPipe>({.whitelist = true});
  app_.enable_cors(cors_options(config_));
  listen();
}

std::string App::url() const {
  auto const everywhere = config_.host.empty() || config_.host == "0.0.0.0" || config_.host == "::";
  auto const is_ipv6 = config_.host.find(':') != std::string::npos;
  auto const host = everywhere ? "localhost" : is_ipv6 ? "[" + config_.host + "]" : config_.host;
  return "http://" + host + ":" + std::to_string(app_.port());
}

void App::listen() {
  if (config_.page) {
    aerie::http::FileOptions options;
    options.immutable_folder = "assets";
    options.fallback = "index.html";
    app_.use_static_files("/", *config_.page, options);
  }
  app_.listen(config_.port, config_.host);
  if (config_.redis && !postgres::is_url(config_.database)) {
    app_.runtime().log().warning("chat",
                                 "Redis connects instances, and a SQLite file serves one: several need --db "
                                 "postgres://user@host/database");
  }
  if (config_.page) return;
  app_.runtime().log().info(
      "chat", "no web page is served; build apps/chat/web and name its dist directory with --page");
}

}  // namespace chat
