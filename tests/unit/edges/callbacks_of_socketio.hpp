#pragma once

/// \file
/// What Socket.IO calls of a user's.

#include "unit/edges/callback.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <stdexcept>
#include <vector>

namespace aerie::test {

inline std::vector<Callback> socketio_callbacks() {
  std::vector<Callback> all = {
      {"on_connection", [](EdgesWorld& w, Mischief m) { w.io->on_connection([m](Socket& s) { m(&s); }); },
       join},
      {"a handler", [](EdgesWorld& w, Mischief m) { w.io->on("x", [m](Socket& s) { m(&s); }); },
       join_and_send},
      {"a handler that is a task",
       [](EdgesWorld& w, Mischief m) {
         w.io->on("x", [m](Socket& s) -> Task<int> {
           co_await sleep_for(1s);
           m(&s);
           co_return 1;
         });
       },
       [](EdgesWorld& w) {
         join_and_send(w);
         w.server->advance(5s);
       }},
      {"on_any",
       [](EdgesWorld& w, Mischief m) {
         w.io->on_any([m](Socket& s, std::string_view, Args const&) { m(&s); });
       },
       join_and_send},
      {"on_error",
       [](EdgesWorld& w, Mischief m) {
         w.io->on("x", [] { throw std::runtime_error("first"); });
         w.io->on_error([m](HandlerError const&) { m(nullptr); });
       },
       join_and_send},
      {"on_disconnecting",
       [](EdgesWorld& w, Mischief m) { w.io->on_disconnecting([m](Socket& s, DisconnectReason) { m(&s); }); },
       join_and_leave},
      {"on_disconnect",
       [](EdgesWorld& w, Mischief m) { w.io->on_disconnect([m](Socket& s, DisconnectReason) { m(&s); }); },
       join_and_leave},
      {"a middleware", [](EdgesWorld& w, Mischief m) { w.io->use([m](Socket& s) { m(&s); }); }, join},
      {"a middleware that has decided",
       [](EdgesWorld& w, Mischief m) {
         w.io->use([m](Socket& s, Next next) {
           next();
           m(&s);
         });
       },
       join},
      {"a middleware that is a task",
       [](EdgesWorld& w, Mischief m) {
         w.io->use([m](Socket& s) -> Task<void> {
           co_await sleep_for(1s);
           m(&s);
         });
       },
       join_and_say_nothing},
      {"the predicate of a parent namespace",
       [](EdgesWorld& w, Mischief m) {
         w.io->of([m](std::string_view, Value const&, ParentNamespace::Accept accept) {
           m(nullptr);
           accept(true);
         });
       },
       [](EdgesWorld& w) { w.add_client().join("/parent"); }},
      {"on_new_namespace",
       [](EdgesWorld& w, Mischief m) {
         w.io->of(Pattern("^/new$"));
         w.io->on_new_namespace([m](Namespace&) { m(nullptr); });
       },
       [](EdgesWorld& w) { w.add_client().join("/new"); }},
      {"a listener to rooms that are made",
       [](EdgesWorld& w, Mischief m) { w.io->on_room_created([m](std::string_view) { m(nullptr); }); }, join},
      {"a listener to rooms that are joined",
       [](EdgesWorld& w, Mischief m) {
         w.io->on_room_joined([m](std::string_view, std::string_view) { m(nullptr); });
       },
       join},
      {"a listener to rooms that are joined on the way",
       [](EdgesWorld& w, Mischief m) {
         w.io->use([](Socket& s) { s.join("a"); });
         w.io->on_room_joined([m](std::string_view, std::string_view) { m(nullptr); });
       },
       join},
      {"a listener to rooms that are left",
       [](EdgesWorld& w, Mischief m) {
         w.io->on_room_left([m](std::string_view, std::string_view) { m(nullptr); });
       },
       join_and_leave},
      {"a listener to rooms that go",
       [](EdgesWorld& w, Mischief m) { w.io->on_room_deleted([m](std::string_view) { m(nullptr); }); },
       join_and_leave},
      {"an acknowledgement of a broadcast",
       [](EdgesWorld& w, Mischief m) {
         w.io->on_connection(
             [m](Socket& s) { s.nsp().timeout(2s).emit("q", [m](BroadcastReply) { m(nullptr); }); });
       },
       join_and_say_nothing},
      {"a task that nobody waits for",
       [](EdgesWorld& w, Mischief m) {
         w.io->on_connection([m](Socket& s) {
           spawn(s.shard(), [](Mischief do_it) -> Task<void> {
             co_await sleep_for(1s);
             do_it(nullptr);
           }(m));
         });
       },
       join_and_say_nothing},
      {"what a handle runs",
       [](EdgesWorld& w, Mischief m) {
         w.io->on_connection([m](Socket& s) { s.handle().run([m](Socket& found) { m(&found); }); });
       },
       join},
  };
  return all;
}

inline std::vector<Callback> callbacks_of_sockets() {
  return {
      of_a_socket(
          "a handler of a socket", [](Socket& s, Mischief m) { s.on("x", [m](Socket& own) { m(&own); }); },
          join_and_send),
      of_a_socket(
          "on_any of a socket",
          [](Socket& s, Mischief m) { s.on_any([m, &s](std::string_view, Args const&) { m(&s); }); },
          join_and_send),
      of_a_socket(
          "on_any_outgoing",
          [](Socket& s, Mischief m) {
            s.on_any_outgoing([m, &s](std::string_view, Args const&) { m(&s); });
            s.emit("out", 1);
          },
          join),
      of_a_socket(
          "on_error of a socket",
          [](Socket& s, Mischief m) {
            s.use([](SocketEvent&) { throw std::runtime_error("first"); });
            s.on_error([m, &s](std::string_view) { m(&s); });
          },
          join_and_send),
      of_a_socket(
          "on_disconnect of a socket",
          [](Socket& s, Mischief m) { s.on_disconnect([m](Socket& own, DisconnectReason) { m(&own); }); },
          join_and_leave),
      of_a_socket(
          "an acknowledgement", [](Socket& s, Mischief m) { s.emit("q", [m, &s](AckReply) { m(&s); }); },
          join_and_answer),
      of_a_socket(
          "an acknowledgement that does not come",
          [](Socket& s, Mischief m) { s.timeout(2s).emit("q", [m, &s](AckReply) { m(&s); }); },
          join_and_say_nothing),
  };
}

inline std::vector<Callback> middlewares_of_sockets() {
  return {
      of_a_socket(
          "a middleware of a socket", [](Socket& s, Mischief m) { s.use([m, &s](SocketEvent&) { m(&s); }); },
          join_and_send),
      of_a_socket(
          "a middleware of a socket that may decide later",
          [](Socket& s, Mischief m) {
            s.use([m, &s](SocketEvent&, EventNext next) {
              m(&s);
              next();
            });
          },
          join_and_send),
      of_a_socket(
          "a middleware of a socket that has decided",
          [](Socket& s, Mischief m) {
            s.use([m, &s](SocketEvent&, EventNext next) {
              next();
              m(&s);
            });
          },
          join_and_send),
      of_a_socket(
          "a middleware of a socket that is a task",
          [](Socket& s, Mischief m) {
            s.use([m, &s](SocketEvent&) -> Task<void> {
              co_await sleep_for(1s);
              m(&s);
            });
          },
          [](EdgesWorld& w) {
            join_and_send(w);
            w.server->advance(5s);
          }),
  };
}

/// A listener to a session, which is sent something as soon as it listens.
inline Callback of_a_session(std::string name,
                             std::function<void(engineio::SessionEvents&, std::function<void()>)> give,
                             std::function<void(EdgesWorld&)> provoke) {
  return of_a_socket(
      std::move(name),
      [give = std::move(give)](Socket& s, Mischief m) {
        give(s.conn()->events(), [m, &s] { m(&s); });
        s.emit("out", 1);
      },
      std::move(provoke));
}

inline std::vector<Callback> listeners_to_sessions() {
  using engineio::Packet;
  using engineio::SessionEvents;
  using Call = std::function<void()>;
  return {
      of_a_session(
          "a listener to packets",
          [](SessionEvents& events, Call call) { events.packet = [call](Packet const&) { call(); }; },
          join_and_send),
      of_a_session(
          "a listener to packets that are sent",
          [](SessionEvents& events, Call call) { events.packet_create = [call](Packet const&) { call(); }; },
          join),
      of_a_session(
          "a listener to flushes", [](SessionEvents& events, Call call) { events.flush = call; }, join),
      of_a_session(
          "a listener to drains", [](SessionEvents& events, Call call) { events.drain = call; }, join),
      of_a_session(
          "a listener to heartbeats", [](SessionEvents& events, Call call) { events.heartbeat = call; },
          join_and_answer_a_ping),
      {"the flush hook",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.flush = [m](engineio::Session&) { m(nullptr); };
       },
       join},
      {"the drain hook",
       [](EdgesWorld& w, Mischief m) {
         w.io->engine().hooks.drain = [m](engineio::Session&) { m(nullptr); };
       },
       join},
      of_a_socket(
          "when_drained", [](Socket& s, Mischief m) { s.when_drained([m, &s](bool) { m(&s); }); }, join),
  };
}

inline std::vector<Callback> functions_of_parsers() {
  auto const encodes = std::make_shared<WildParser>();
  auto const decodes = std::make_shared<WildParser>();
  return {
      {"a parser that writes", [encodes](EdgesWorld&, Mischief m) { encodes->encoding = std::move(m); }, join,
       encodes},
      {"a parser that reads", [decodes](EdgesWorld&, Mischief m) { decodes->decoding = std::move(m); }, join,
       decodes},
  };
}

}  // namespace aerie::test
