#include "unit/edges/edges_fixture.hpp"

#include <aerie/core/run_blocking.hpp>
#include <aerie/core/schedule.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/core/spawn.hpp>

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <stdexcept>

namespace aerie::test { namespace {

using namespace std::chrono_literals;

/// What a user's callback does, once: the socket that it was called for, if it was called for one.
using Mischief = std::function<void(Socket*)>;

/// One callback of the public interface: how it is given, and how it comes to be called.
struct Callback {
  std::string name;
  std::function<void(EdgesWorld&, Mischief)> give;
  std::function<void(EdgesWorld&)> provoke;
};

void join(EdgesWorld& world) {
  world.add_client().join();
}
void join_and_send(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  client.send("21[\"x\",1]");
}
void join_and_leave(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  client.send("1");
}
void join_and_answer(EdgesWorld& world) {
  auto& client = world.add_client();
  client.join();
  client.send("30[1]");
}
void join_and_say_nothing(EdgesWorld& world) {
  world.add_client().join();
  world.server->advance(5s);
}
void upgrade(EdgesWorld& world) {
  auto& client = world.add_client(Over::polling);
  WebSocketClient websocket(*world.server, client.polling->target("websocket"));
  websocket.send("2probe");
  websocket.send("5");
}
auto ask(std::string target) {
  return [target](EdgesWorld& world) {
    world.server->ask(get_request(target));
    world.server->advance(5s);
  };
}

/// A callback of a socket's own, registered when it connects.
Callback of_a_socket(std::string name, std::function<void(Socket&, Mischief)> give,
                     std::function<void(EdgesWorld&)> provoke) {
  return {std::move(name),
          [give = std::move(give)](EdgesWorld& world, Mischief mischief) {
            world.io->on("x", [](Socket&) {});
            world.io->on_connection([give, mischief](Socket& socket) { give(socket, mischief); });
          },
          std::move(provoke)};
}

std::vector<Callback> socketio_callbacks() {
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

std::vector<Callback> callbacks_of_sockets() {
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
          "a middleware of a socket", [](Socket& s, Mischief m) { s.use([m, &s](SocketEvent&) { m(&s); }); },
          join_and_send),
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

std::vector<Callback> callbacks_below() {
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

std::vector<Callback> callbacks_of_the_runtime() {
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

std::vector<Callback> all_callbacks() {
  auto all = socketio_callbacks();
  for (auto&& group : {callbacks_of_sockets(), callbacks_below(), callbacks_of_the_runtime()})
    all.insert(all.end(), group.begin(), group.end());
  return all;
}

// Each callback does it once, and is seen to have been called. The client of the witness is there before.
void expect_that_the_others_live_on(std::function<void(EdgesWorld&, Socket*)> const& what,
                                    bool server_stays = true) {
  for (auto const& callback : all_callbacks()) {
    SCOPED_TRACE(callback.name);
    EdgesWorld world;
    bool armed = false;
    int called = 0;
    callback.give(world, [&](Socket* socket) {
      if (!armed) return;
      armed = false;
      ++called;
      what(world, socket);
    });
    world.let_the_witness_in();
    armed = true;
    callback.provoke(world);
    EXPECT_EQ(called, 1);
    if (server_stays) {
      EXPECT_TRUE(world.witness_is_answered());
    }
    // Whoever was concerned may come again.
    world.clients.clear();
    world.server->run();
    if (server_stays) {
      EXPECT_EQ(world.add_client().join("/witness").size(), 20U);
      EXPECT_TRUE(world.witness_is_answered());
    }
  }
}

TEST(CallbacksOfUsers, MayThrowExceptions) {
  expect_that_the_others_live_on([](EdgesWorld&, Socket*) { throw std::runtime_error("a user's mistake"); });
}

TEST(CallbacksOfUsers, MayThrowWhatIsNoException) {
  expect_that_the_others_live_on([](EdgesWorld&, Socket*) { throw 42; });
}

TEST(CallbacksOfUsers, MayDisconnectTheSocketThatTheyAreCalledFor) {
  expect_that_the_others_live_on([](EdgesWorld& world, Socket* socket) {
    if (socket != nullptr) return socket->disconnect(true);
    world.io->disconnect_sockets(true);
  });
}

TEST(CallbacksOfUsers, MayCloseTheirConnectionAndThrow) {
  expect_that_the_others_live_on([](EdgesWorld&, Socket* socket) {
    if (socket != nullptr && socket->conn() != nullptr) socket->conn()->close(true);
    throw std::runtime_error("and that, too");
  });
}

TEST(CallbacksOfUsers, MayCloseTheServer) {
  expect_that_the_others_live_on([](EdgesWorld& world, Socket*) { world.io->close(); }, false);
}

TEST(CallbacksOfUsers, MayCloseTheHttpServer) {
  expect_that_the_others_live_on([](EdgesWorld& world, Socket*) { world.server->http.close(); }, false);
}

}}  // namespace aerie::test
