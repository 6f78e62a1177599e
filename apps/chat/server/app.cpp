#include "app.hpp"

#include "auth/secret.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace chat {

namespace {

using namespace std::chrono_literals;

/// Clients that take nothing any more do not hold up the end for longer.
constexpr auto close_timeout = 10s;

aerie::RuntimeOptions runtime_options(Config const& config) {
  aerie::RuntimeOptions options;
  options.threads = config.threads;
  options.log_level = config.log_level;
  return options;
}

aerie::http::CorsOptions cors_options(Config const& config) {
  aerie::http::CorsOptions options;
  options.origin = config.client_urls;
  options.credentials = true;
  options.max_age = 10min;
  return options;
}

aerie::ServerOptions io_options(Config const& config) {
  aerie::ServerOptions options;
  options.serve_client = false;
  options.cors = cors_options(config);
  return options;
}

}  // namespace

App::App(Config config)
    : config_(std::move(config)),
      runtime_(runtime_options(config_)),
      http_(runtime_),
      io_(std::make_unique<aerie::Server>(http_, io_options(config_))),
      announcer_(runtime_, *io_),
      store_(std::make_unique<SqliteStore>(SqliteOptions{.file = config_.database}, announcer_,
                                           runtime_.clock(), runtime_.log())),
      tokens_(load_secret(config_.jwt_secret, secret_file_of(config_.database)), std::string(store_->id()),
              config_.token_ttl, runtime_.clock()),
      api_({sign_in_, tokens_, rooms_, messages_, runtime_.log()}),
      sockets_({tokens_, rooms_, messages_, presence_, announcer_, runtime_.clock(), runtime_.log(),
                config_.token_grace}) {
  // A file that may not grow is an error to answer, not a reason to die.
  ::signal(SIGXFSZ, SIG_IGN);
  runtime_.on_signal({SIGTERM, SIGINT}, [this](int) { on_signal(); });
  api_.install(http_);
  sockets_.install(*io_);
  listen();
}

App::~App() {
  // What is queued is stored, and announced through io_.
  store_.reset();
  // Its sockets end their stays in presence_.
  io_.reset();
}

std::string App::url() const {
  auto const everywhere = config_.host.empty() || config_.host == "0.0.0.0" || config_.host == "::";
  auto const is_ipv6 = config_.host.find(':') != std::string::npos;
  auto const host = everywhere ? "localhost" : is_ipv6 ? "[" + config_.host + "]" : config_.host;
  return "http://" + host + ":" + std::to_string(http_.port());
}

void App::run() {
  runtime_.run();
}

void App::listen() {
  http_.cors(cors_options(config_));
  if (config_.page) {
    aerie::http::FileOptions options;
    options.immutable_folder = "assets";
    options.fallback = "index.html";
    http_.files("/", *config_.page, options);
  }
  http_.listen(config_.port, config_.host);
  if (!config_.page) {
    runtime_.log().info("chat",
                        "no web page is served; build apps/chat/web and name its dist directory with --page");
  }
}

void App::on_signal() {
  if (std::exchange(closing_, true)) std::_Exit(EXIT_FAILURE);
  runtime_.log().info("chat", "closing");
  aerie::spawn(runtime_, close());
  aerie::spawn(runtime_, give_up_closing());
}

aerie::Task<void> App::close() {
  // Answers to what was sent until now are on their way before the connections go.
  co_await store_->settled();
  io_->close([this] { runtime_.stop(); });
}

aerie::Task<void> App::give_up_closing() {
  co_await aerie::sleep_for(close_timeout);
  runtime_.log().warning("chat", "some clients do not go; ending without them");
  runtime_.stop();
}

}  // namespace chat
