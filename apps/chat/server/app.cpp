#include "app.hpp"

#include "app_module.hpp"
#include "model.hpp"
#include "store/postgres.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/contract/emit.hpp>
#include <aerie/gateway/validation_pipe.hpp>
#include <aerie/tracing/otlp.hpp>

#include <signal.h>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

/// Where spans are sent, if the environment names a collector, as OpenTelemetry's programs read it.
std::shared_ptr<aerie::Tracer> tracer() {
  try {
    auto const options = aerie::otlp_options_from_environment({.service_name = "aerie-chat"});
    return options ? aerie::otlp_tracer(*options) : nullptr;
  } catch (std::exception const& error) {
    throw ConfigError(error.what());
  }
}

aerie::ApplicationOptions application_options(Config const& config) {
  aerie::ApplicationOptions options;
  options.runtime.threads = config.threads;
  options.runtime.memory_limit = config.memory_limit << 20U;
  options.runtime.log_level = config.log_level;
  options.runtime.debug = config.debug;
  options.runtime.tracer = tracer();
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

std::chrono::seconds recovery_time(Config const& config) {
  // Where there are several instances a client may come back to another one, which knows what it has missed
  // only over streams.
  auto const is_known = !config.redis || config.adapter == ClusterAdapter::redis_streams;
  return config.recovery.value_or(is_known ? 2min : 0min);
}

std::optional<aerie::RecoveryOptions> recovery_of(Config const& config) {
  auto const duration = recovery_time(config);
  if (duration == 0s) return std::nullopt;
  return aerie::RecoveryOptions{.max_disconnection_duration = duration};
}

aerie::RedisStreamsAdapter streams_of(Config const& config) {
  aerie::RedisStreamsAdapter adapter;
  adapter.url = *config.redis;
  if (auto const duration = recovery_time(config); duration != 0s) {
    adapter.delivery = aerie::cluster::Delivery::exactly_once;
    // A lost connection is noticed within a minute; only then the time begins.
    adapter.keep_for = duration + 2min;
    adapter.max_len = 100'000;
  }
  return adapter;
}

aerie::AdapterFactory adapter_of(Config const& config) {
  if (!config.redis) return nullptr;
  if (config.adapter == ClusterAdapter::redis_sharded) {
    aerie::RedisShardedAdapter adapter;
    adapter.url = *config.redis;
    return adapter;
  }
  if (config.adapter == ClusterAdapter::redis_streams) return streams_of(config);
  aerie::RedisAdapter adapter;
  adapter.url = *config.redis;
  return adapter;
}

aerie::AdminOptions admin_options(Config const& config) {
  auto const& password = *config.admin_password;
  aerie::AdminOptions options;
  options.auth =
      aerie::AdminBasicAuth{.username = config.admin_username,
                            .password = password.starts_with("$2") ? password : aerie::bcrypt_hash(password)};
  options.mode = config.admin_mode == AdminView::development ? aerie::AdminMode::development
                                                             : aerie::AdminMode::production;
  return options;
}

class WebSocketAdapter final : public aerie::SocketIoAdapter {
 public:
  WebSocketAdapter(aerie::AdapterFactory adapter, std::optional<aerie::RecoveryOptions> recovery)
      : adapter_(std::move(adapter)), recovery_(recovery) {}
  void configure(aerie::GatewayServer const&, aerie::ServerOptions& options) override {
    // The page brings its client along.
    options.serve_client = false;
    // An image, as text over polling (4 bytes for 3), and the message around it.
    options.engine.max_http_buffer_size = largest_image * 3 / 2;
    options.adapter = adapter_;
    options.connection_state_recovery = recovery_;
  }

 private:
  aerie::AdapterFactory adapter_;
  std::optional<aerie::RecoveryOptions> recovery_;
};

}  // namespace

App::App(aerie::ConfigOptions const& settings)
    : config_(read_config(settings)),
      app_(aerie::Application::create(AppModule::with(settings), application_options(config_))) {
  // A file that may not grow is an error to answer, not a reason to die.
  ::signal(SIGXFSZ, SIG_IGN);
  app_.enable_shutdown_hooks();
  app_.use_health();
  if (config_.metrics_port) app_.use_metrics({.port = config_.metrics_port});
  if (config_.admin_ui) app_.use_admin_ui(admin_options(config_));
  aerie::watch_contract<AppModule>(app_);
  app_.use_websocket_adapter<WebSocketAdapter>(adapter_of(config_), recovery_of(config_));
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
  if (config_.metrics_port) {
    app_.runtime().log().info(
        "chat", aerie::core::concat("the metrics are at port ", std::to_string(app_.metrics_port()),
                                    ", path /metrics"));
  }
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
