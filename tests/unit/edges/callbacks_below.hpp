#pragma once

/// \file
/// What Engine.IO, HTTP and the runtime call of a user's.

#include "unit/edges/callback.hpp"

#include <aerie/core/run_blocking.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/sleep.hpp>

#include <signal.h>

#include <stdexcept>
#include <vector>

namespace aerie::test {

inline std::vector<Callback> callbacks_below() {
  return {
      {"a middleware of the engine",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().use([m](engineio::RequestStep step) {
           m(nullptr);
           step.next();
         });
       },
       join},
      {"a middleware of the engine that has decided",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().use([m](engineio::RequestStep step) {
           step.next();
           m(nullptr);
         });
       },
       join},
      {"connection_error",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.connection_error = [m](engineio::ConnectionError const&) { m(nullptr); };
       },
       ask("/socket.io/?EIO=4&transport=smoke")},
      {"initial_headers",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.initial_headers = [m](engineio::ResponseHeaders&, http::RequestHead const&) {
           m(nullptr);
         };
       },
       join},
      {"headers",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.headers = [m](engineio::ResponseHeaders&, http::RequestHead const&) {
           m(nullptr);
         };
       },
       join},
      {"upgrading",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.upgrading = [m](engineio::Session&) { m(nullptr); };
       },
       upgrade},
      {"upgrade",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.upgrade = [m](engineio::Session&) { m(nullptr); };
       },
       upgrade},
      {"a route",
       [](EdgesWorld& w, Mischief m) {
         w.server->http.get("/route", [m](http::Request const&) {
           m(nullptr);
           return http::Response::text(200, "ok");
         });
       },
       ask("/route")},
      {"a route that is a task",
       [](EdgesWorld& w, Mischief m) {
         w.server->http.get("/route", [m](http::Request const&) -> Task<http::Response> {
           co_await sleep_for(1s);
           m(nullptr);
           co_return http::Response::text(200, "ok");
         });
       },
       ask("/route")},
      {"errors",
       [](EdgesWorld& w, Mischief m) {
         w.server->http.errors([m](int status, http::RequestHead const&) {
           m(nullptr);
           return http::Response::text(status, "sorry");
         });
       },
       ask("/nowhere")},
  };
}

inline std::vector<Callback> callbacks_of_the_runtime() {
  // Of work on another thread, which is waited for in real time.
  auto const done = std::make_shared<bool>(false);
  return {
      {"close of a session",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.close = [m](engineio::Session&, engineio::CloseReason) { m(nullptr); };
       },
       [](EdgesWorld& w) {
         auto& client = w.add_client();
         client.join();
         client.websocket->connection.reset();
         w.server->run();
       }},
      {"the predicate of origins",
       [](EdgesWorld& w, Mischief m) {
         w.server->http.get("/route", [](http::Request const&) { return http::Response::text(200, "ok"); });
         http::CorsOptions cors;
         cors.origin = http::CorsOrigin::Predicate([m](std::string_view) {
           m(nullptr);
           return true;
         });
         w.server->http.cors(cors);
       },
       [](EdgesWorld& w) { w.server->ask(get_request("/route", "Origin: http://page.example\r\n")); }},
      {"after",
       [](EdgesWorld& w, Mischief m) { after(w.server->runtime, 1s, [m] { m(nullptr); }).release(); },
       [](EdgesWorld& w) { w.server->advance(5s); }},
      {"every",
       [](EdgesWorld& w, Mischief m) { every(w.server->runtime, 1s, [m] { m(nullptr); }).release(); },
       [](EdgesWorld& w) { w.server->advance(5s); }},
      {"every with a task",
       [](EdgesWorld& w, Mischief m) {
         every(w.server->runtime, 1s, [m]() -> Task<void> {
           co_await sleep_for(100ms);
           m(nullptr);
         }).release();
       },
       [](EdgesWorld& w) {
         w.server->advance(1s);
         w.server->advance(1s);
       }},
      {"what goes on behind blocking work",
       [done](EdgesWorld& w, Mischief m) {
         w.io->on("x", [m, done](Socket& s) -> Task<void> {
           auto work = [] {};
           co_await run_blocking(work);
           *done = true;
           m(&s);
         });
       },
       [done](EdgesWorld& w) {
         join_and_send(w);
         while (!*done)
           w.server->runtime.shard(0).turn(1s);
         w.server->run();
       }},
      {"the log sink",
       [](EdgesWorld& w, Mischief m) {
         w.io->on("x", [] { throw std::runtime_error("to be logged"); });
         w.server->on_log = [m](LogRecord const&) { m(nullptr); };
       },
       join_and_send},
      {"on_signal",
       [](EdgesWorld& w, Mischief m) { w.server->runtime.on_signal({SIGUSR2}, [m](int) { m(nullptr); }); },
       [](EdgesWorld& w) {
         ::raise(SIGUSR2);
         w.server->run();
       }},
  };
}

}  // namespace aerie::test
