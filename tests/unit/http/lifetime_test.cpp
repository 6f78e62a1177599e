// Callbacks that close or destroy the server that has called them, or throw.

#include "unit/http/server_fixture.hpp"

#include <aerie/core/sleep.hpp>

#include <filesystem>
#include <functional>

namespace aerie::http { namespace {

using namespace std::chrono_literals;

enum class Doing { close, destroy, throw_exception, throw_int };

/// A server that a callback of its own does something to.
struct Scene {
  Scene()
      : runtime({.log_sink = [this](LogRecord const& record) { log.emplace_back(record.message); },
                 .clock = &clock}) {
    server->listen(0, "127.0.0.1");
  }
  void act(Doing doing) {
    acted = true;
    switch (doing) {
      case Doing::close:
        return server->close();
      case Doing::destroy:
        return server.reset();
      case Doing::throw_exception:
        throw std::runtime_error("out of cheese");
      case Doing::throw_int:
        throw 7;
    }
  }
  core::MemoryClient connect() {
    auto pair = core::memory_pair(runtime.shard(0));
    server->serve(std::move(pair.server));
    return std::move(pair.client);
  }
  void turn_for(core::Milliseconds time) {
    for (int i = 0; i < 4; ++i)
      runtime.shard(0).run_ready();
    clock.advance(time);
    for (int i = 0; i < 4; ++i)
      runtime.shard(0).run_ready();
  }

  std::vector<std::string> log;
  core::ManualClock clock;
  Recorder service;
  Runtime runtime;
  std::unique_ptr<Server> server = std::make_unique<Server>(runtime);
  bool acted = false;
};

using Act = std::function<void()>;

struct Callback {
  char const* name;
  /// Has the callback do `act`.
  std::function<void(Scene&, Act const& act)> install;
  std::string request = "GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://page.example\r\n\r\n";
};

std::vector<Callback> callbacks() {
  std::string const post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
  std::vector<Callback> all;
  all.push_back({"route", [](Scene& scene, Act const& act) {
                   scene.server->get("/", [act](Request const&) {
                     act();
                     return Response::text(200, "done");
                   });
                 }});
  all.push_back({"task route, at once", [](Scene& scene, Act const& act) {
                   scene.server->get("/", [act](Request const&) -> Task<Response> {
                     act();
                     co_await sleep_for(10ms);
                     co_return Response::text(200, "done");
                   });
                 }});
  all.push_back({"task route, later", [](Scene& scene, Act const& act) {
                   scene.server->get("/", [act](Request const&) -> Task<Response> {
                     co_await sleep_for(10ms);
                     act();
                     co_await sleep_for(10ms);
                     co_return Response::text(200, "done");
                   });
                 }});
  all.push_back({"error answer, 404", [](Scene& scene, Act const& act) {
                   scene.server->errors([act](int status, RequestHead const&) {
                     act();
                     return Response::text(status, "own");
                   });
                 }});
  all.push_back({"error answer, 413",
                 [](Scene& scene, Act const& act) {
                   scene.server->post("/", [](Request const&) { return Response::empty(); },
                                      {.body_limit = 4});
                   scene.server->errors([act](int status, RequestHead const&) {
                     act();
                     return Response::text(status, "own");
                   });
                 },
                 post});
  all.push_back({"error answer, 500", [](Scene& scene, Act const& act) {
                   scene.server->get("/",
                                     [](Request const&) -> Response { throw std::runtime_error("first"); });
                   scene.server->errors([act](int status, RequestHead const&) {
                     act();
                     return Response::text(status, "own");
                   });
                 }});
  all.push_back({"CORS predicate", [](Scene& scene, Act const& act) {
                   scene.server->cors({.origin = CorsOrigin::Predicate([act](std::string_view) {
                                         act();
                                         return true;
                                       })});
                 }});
  all.push_back({"service", [](Scene& scene, Act const& act) {
                   scene.server->mount("/", scene.service);
                   scene.service.on_begin = [act](Exchange& exchange) {
                     act();
                     exchange.respond(200, "", "done");
                   };
                 }});
  return all;
}

TEST(ServerCallbacks, MayCloseOrDestroyTheServerOrThrow) {
  for (auto const& callback : callbacks()) {
    for (auto const doing : {Doing::close, Doing::destroy, Doing::throw_exception, Doing::throw_int}) {
      SCOPED_TRACE(std::string(callback.name) + " " + std::to_string(static_cast<int>(doing)));
      Scene scene;
      callback.install(scene, [&scene, doing] { scene.act(doing); });
      auto bystander = scene.connect();
      auto client = scene.connect();
      client.write(callback.request);
      scene.turn_for(10ms);
      scene.turn_for(10ms);
      EXPECT_TRUE(scene.acted);
      auto const answer = client.take();
      auto const throws = doing == Doing::throw_exception || doing == Doing::throw_int;
      if (throws) {
        EXPECT_EQ(answer.substr(0, 8), "HTTP/1.1") << answer;
        EXPECT_FALSE(scene.log.empty());
        EXPECT_FALSE(bystander.closed()) << "nothing else happens";
        EXPECT_TRUE(scene.server->listening());
      } else if (doing == Doing::close) {
        EXPECT_EQ(answer.substr(0, 8), "HTTP/1.1") << answer;
        EXPECT_TRUE(client.ended());
        EXPECT_TRUE(bystander.closed());
        EXPECT_FALSE(scene.server->listening());
      } else {
        EXPECT_TRUE(client.ended());
        EXPECT_TRUE(bystander.closed());
      }
      scene.turn_for(1h);
    }
  }
}

TEST(ServerCallbacks, ThatThrowAreAnsweredWith500) {
  Scene scene;
  scene.server->get("/int", [](Request const&) -> Response { throw 7; });
  scene.server->get("/task", [](Request const&) -> Task<Response> {
    co_await sleep_for(1ms);
    throw 7;
  });
  scene.server->get("/header", [](Request const&) {
    Response response;
    response.headers.emplace_back("X-Name", "a\r\nX-Evil: 1");
    return response;
  });
  scene.server->errors([](int, RequestHead const&) -> Response { throw 7; });
  for (auto const* path : {"/int", "/task", "/header"}) {
    auto client = scene.connect();
    client.write(std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    scene.turn_for(1ms);
    EXPECT_EQ(client.received().substr(0, 36), "HTTP/1.1 500 Internal Server Error\r\n") << path;
    EXPECT_EQ(client.received().find("X-Evil"), std::string::npos);
    EXPECT_FALSE(client.ended());
  }
  EXPECT_EQ(scene.log.size(), 6U) << "the handler's and the error answer's, each once";
}

TEST(ServerCallbacks, MayListenAgainAtOnce) {
  Scene scene;
  auto const port = scene.server->port();
  scene.server->get("/", [&](Request const&) {
    scene.server->close();
    scene.server->listen(port, "127.0.0.1");
    return Response::text(200, "again");
  });
  auto client = scene.connect();
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  scene.turn_for(1ms);
  EXPECT_NE(client.received().find("again"), std::string::npos);
  EXPECT_TRUE(scene.server->listening());
}

TEST(ServerCallbacks, ATaskOutlivesItsClientAndItsServer) {
  for (auto const destroys_server : {false, true}) {
    Scene scene;
    bool ended = false;
    auto text = std::make_shared<std::string>("kept by the handler");
    scene.server->get("/", [&ended, text = std::move(text)](Request const& request) -> Task<Response> {
      co_await sleep_for(1s);
      ended = *text == "kept by the handler" && request.path() == "/";
      co_return Response::text(200, *text);
    });
    auto client = scene.connect();
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    scene.turn_for(1ms);
    if (destroys_server) {
      scene.server.reset();
    } else {
      client.reset();
    }
    scene.turn_for(2s);
    EXPECT_TRUE(ended) << destroys_server;
  }
}

TEST(ServerCallbacks, ATaskEndsWithItsRuntime) {
  auto const text = std::make_shared<int>(7);
  {
    Scene scene;
    scene.server->get("/", [text](Request const&) -> Task<Response> {
      co_await sleep_for(1h);
      co_return Response::text(200, std::to_string(*text));
    });
    auto client = scene.connect();
    client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    scene.turn_for(1ms);
  }
  EXPECT_EQ(text.use_count(), 1);
}

TEST(ServerCallbacks, CanAskToBeCancelledWhenTheClientLeaves) {
  Scene scene;
  bool cancelled = false;
  scene.server->get("/",
                    [&](Request const&) -> Task<Response> {
                      try {
                        co_await sleep_for(1h);
                      } catch (Cancelled const&) {
                        cancelled = true;
                      }
                      co_return Response::empty();
                    },
                    {.cancel_on_leave = true});
  auto client = scene.connect();
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  scene.turn_for(1ms);
  client.reset();
  scene.turn_for(1ms);
  EXPECT_TRUE(cancelled);
  EXPECT_TRUE(scene.log.empty());
}

TEST(ServerLifetime, EndsWhileAConnectionIsOnItsWayToAnotherShard) {
  core::ManualClock clock;
  Runtime runtime({.threads = 2, .clock = &clock});
  Recorder service;
  auto server = std::make_unique<Server>(runtime);
  server->mount("/", service);
  service.on_begin = [&](Exchange& exchange) { exchange.continue_on(runtime.shard(1)); };
  for (int turns = 0; turns < 4; ++turns) {
    if (!server) {
      server = std::make_unique<Server>(runtime);
      server->mount("/", service);
    }
    auto pair = core::memory_pair(runtime.shard(0));
    server->serve(std::move(pair.server));
    pair.client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    for (int i = 0; i < turns; ++i)
      runtime.shard(0).turn(core::Milliseconds{0});
    server.reset();
    for (int i = 0; i < 4; ++i) {
      runtime.shard(0).run_ready();
      runtime.shard(1).run_ready();
    }
    EXPECT_TRUE(pair.client.closed()) << turns;
  }
}

}}  // namespace aerie::http
