#include "fixture.hpp"

#include "control.hpp"
#include "engine_hooks.hpp"
#include "engine_only.hpp"
#include "namespaces.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <utility>

namespace conformance {

namespace {

using namespace std::chrono_literals;

Options with_hooks(Options options) {
  auto& server = options.server;
  if (options.allow_request) server.engine.allow_request = &allow_request;
  if (options.generate_id) server.engine.generate_id = &generate_id;
  // The bundle that npm has installed for the tests.
  server.client_bundle = CONFORMANCE_CLIENT_BUNDLE;
  if (!std::filesystem::exists(server.client_bundle)) server.serve_client = false;
  return options;
}

// The servers below Socket.IO do not tell when the last connection has gone.
aerie::Task<> when_idle(aerie::http::Server& http, std::function<void()> action) {
  while (http.connections() > 0)
    co_await aerie::sleep_for(1ms);
  action();
}

}  // namespace

Fixture::Fixture(Options options)
    : options_(with_hooks(std::move(options))),
      runtime_(options_.server.runtime),
      http_(runtime_, options_.server.http) {
  attach();
  serve_control(http_,
                {.log = log_,
                 .clients_count =
                     [this] {
                       return engine_ ? engine_->clients_count() : io_ ? io_->engine().clients_count() : 0;
                     },
                 .close = [this](bool relisten) { close(relisten); },
                 .commands = commands_ ? &*commands_ : nullptr});
  runtime_.on_signal({SIGTERM}, [this](int) { close(false); });
}

void Fixture::attach() {
  if (options_.no_attach) return;
  if (options_.engine_only) {
    engine_.emplace(runtime_, engine_options(options_.server));
    serve_engine(*engine_, log_);
    install_hooks(*engine_, options_, log_);
    engine_->attach(http_);
    return;
  }
  io_.emplace(http_, options_.server);
  commands_.emplace(*io_, log_, sockets_);
  serve_namespaces(*io_, log_, *commands_, sockets_, options_.emit_auth);
  install_hooks(io_->engine(), options_, log_);
}

void Fixture::run() {
  listen();
  runtime_.run();
  std::cout << "log " << log_.to_json() << std::endl;
}

void Fixture::listen() {
  if (io_) {
    io_->listen(options_.port, "127.0.0.1");
  } else {
    http_.listen(options_.port, "127.0.0.1");
    if (engine_) engine_->reopen();
  }
  std::cout << "listening on " << (options_.server.http.tls ? "https" : "http")
            << "://127.0.0.1:" << http_.port() << std::endl;
}

void Fixture::close(bool relisten) {
  auto const done = [this, relisten] { closed(relisten); };
  if (io_) return io_->close(done);
  if (engine_) engine_->close();
  http_.close();
  aerie::spawn(runtime_, when_idle(http_, done));
}

void Fixture::closed(bool relisten) {
  if (relisten) {
    listen();
  } else {
    runtime_.stop();
  }
}

}  // namespace conformance
