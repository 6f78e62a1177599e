#pragma once

/// \file
/// What raw inputs are tried on: everything that a client can reach is there and short-lived. Both
/// transports, compression, CORS for one origin, a static namespace beside the main one, dynamic ones, and
/// one whose middleware takes its time. Every namespace acknowledges `echo` with "ok".

#include <aerie/core/sleep.hpp>
#include <aerie/socketio/server.hpp>

#include <chrono>

namespace conformance {

inline aerie::ServerOptions hostile_settings() {
  using namespace std::chrono_literals;
  aerie::ServerOptions options;
  options.connect_timeout = 1500ms;
  options.engine.ping_interval = 25s;
  options.engine.ping_timeout = 20s;
  options.engine.upgrade_timeout = 1500ms;
  options.engine.cors = aerie::http::CorsOptions{.origin = "http://good.example", .credentials = true};
  options.engine.per_message_deflate.enabled = true;
  options.engine.http_compression = 1024;
  return options;
}

inline void add_hostile_namespaces(aerie::Server& io) {
  auto const answer_echo = [](auto& nsp) { nsp.on("echo", [] { return "ok"; }); };
  answer_echo(io.sockets());
  answer_echo(io.of("/admin"));
  answer_echo(io.of(aerie::Pattern(R"(^/dyn-\d+$)")));
  auto& slow = io.of("/slow");
  slow.use(
      [](aerie::Socket&) -> aerie::Task<void> { co_await aerie::sleep_for(std::chrono::milliseconds(300)); });
  answer_echo(slow);
}

}  // namespace conformance
