// How a client lives and ends: threads, runtimes, handles that outlive it.
#include "unit/client/client_fixture.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace aerie { inline namespace v1 { namespace client { namespace test {

namespace {

/// A server on a thread of its own, on a port of the system's choice.
class ServerThread {
 public:
  ServerThread() {
    io_.on("echo", [](Value value) { return value; });
    io_.on("kick", [](aerie::Socket& socket) { socket.disconnect(true); });
    io_.on_connection([](aerie::Socket& socket) { socket.emit("welcome", socket.id()); });
    io_.listen(0, "127.0.0.1");
    thread_ = std::thread([this] { io_.run(); });
  }
  ~ServerThread() {
    io_.runtime().stop();
    thread_.join();
  }
  std::string url() { return "http://127.0.0.1:" + std::to_string(io_.port()); }

 private:
  Server io_{ServerOptions{}};
  std::thread thread_;
};

/// Waits for what another thread does, not for time to pass: it fails after long.
template <class T>
T awaited(std::future<T> future) {
  if (future.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
    throw std::runtime_error("nothing came");
  return future.get();
}

using ClientManager = ServedFixture;

}  // namespace

TEST_F(ClientManager, ClosingItWithinAListenerCallsNobodyAfterwards) {
  for (auto const* const event : {"connect", "welcome", "disconnect"}) {
    auto manager = std::make_unique<Manager>(make());
    auto const socket = manager->socket();
    int calls = 0;
    int after = 0;
    auto const close = [&] {
      ++calls;
      manager->close();
    };
    io.on_connection([](aerie::Socket& each) { each.emit("welcome", 1); });
    socket.on(event, close);
    for (auto const* const other : {"connect", "welcome", "disconnect", "connect_error"})
      socket.on(other, [&] { after += calls; });
    socket.connect();
    run();
    if (calls == 0) socket.disconnect();
    run();
    socket.emit("more", 1);
    socket.connect();
    advance(1min);
    EXPECT_EQ(calls, 1) << event;
    EXPECT_EQ(after, 0) << event;
    EXPECT_FALSE(socket.connected());
  }
  EXPECT_EQ(io.engine().clients_count(), 0U);
}

TEST_F(ClientManager, DestroyingItWithinAListenerOrATaskIsTheSame) {
  for (bool const in_task : {false, true}) {
    auto manager = std::make_unique<Manager>(make());
    auto const socket = manager->socket();
    bool done = false;
    if (in_task) {
      socket.on("connect", [&]() -> Task<void> {
        co_await sleep_for(10ms);
        manager = nullptr;
        done = true;
      });
    } else {
      socket.on("connect", [&] {
        manager = nullptr;
        done = true;
      });
    }
    socket.connect();
    advance(1s);
    EXPECT_TRUE(done);
    EXPECT_EQ(io.engine().clients_count(), 0U);
  }
}

TEST_F(ClientManager, WhatWasEmittedBeforeTheEndArrivesAndWhoWaitsIsReleased) {
  std::vector<int> arrived;
  io.on("last", [&](int number) { arrived.push_back(number); });
  for (auto const transport : {Transport::polling, Transport::websocket}) {
    arrived.clear();
    auto manager = std::make_unique<Manager>(make({.transports = {transport}}));
    auto const socket = manager->socket();
    socket.connect();
    run();
    std::string failure;
    auto wait = [&]() -> Task<void> {
      try {
        co_await socket.emit_with_ack<int>("nobody answers");
      } catch (AckFailed const& failed) {
        failure = failed.what();
      }
    };
    spawn(runtime, wait());
    run();
    socket.emit("last", 1);
    socket.emit("last", 2);
    manager = nullptr;
    advance(1s);
    EXPECT_EQ(arrived, (std::vector<int>{1, 2}));
    EXPECT_EQ(failure, "socket has been disconnected");
    EXPECT_EQ(io.engine().clients_count(), 0U);
  }
}

TEST_F(ClientManager, WhatListenersHaveCapturedIsReleasedWithIt) {
  auto const captured = std::make_shared<int>(1);
  auto manager = std::make_unique<Manager>(make());
  auto const socket = manager->socket();
  socket.on("x", [captured] {});
  socket.on_any([captured](std::string_view, Args const&) {});
  manager->on("open", [captured] {});
  socket.connect();
  socket.emit("x", [captured](AckReply) {});
  run();
  EXPECT_EQ(captured.use_count(), 5);
  manager = nullptr;
  run();
  EXPECT_EQ(captured.use_count(), 1);
  socket.on("x", [captured] {});
  run();
  EXPECT_EQ(captured.use_count(), 1);
}

TEST_F(ClientManager, WhatAListenerThrowsIsReportedAndTheNextIsCalled) {
  auto const manager = make();
  auto const socket = manager.socket();
  bool called = false;
  socket.on("connect", [] { throw std::runtime_error("mine"); });
  socket.on("connect", [&] { called = true; });
  socket.connect();
  run();
  EXPECT_TRUE(called);
  ASSERT_EQ(log.size(), 1U);
  EXPECT_NE(log[0].find("mine"), std::string::npos);
}

TEST_F(ClientManager, CredentialsMayBeAskedForInEveryWay) {
  std::vector<std::string> seen;
  io.on_connection(
      [&](aerie::Socket& socket) { seen.push_back(json::stringify(socket.handshake().auth())); });
  int calls = 0;
  auto const value = Value::object({{"n", 1}});
  std::vector<Auth> const ways{
      Auth(value),
      Auth([&calls] {
        return Value::object({{"n", ++calls}});
      }),
      Auth([&calls]() -> Task<Value> {
        co_await sleep_for(10ms);
        co_return Value::object({{"n", ++calls}});
      }),
      Auth([&calls](core::Reply<Value> const& reply) {
        reply(Value::object({{"n", ++calls}}));
      }),
  };
  for (auto const& way : ways) {
    auto const manager = make({.auth = way});
    manager.socket().connect();
    advance(1s);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{R"({"n":1})", R"({"n":1})", R"({"n":2})", R"({"n":3})"}));
}

TEST_F(ClientManager, CredentialsThatFailOrNeverComeEndTheAttempt) {
  std::vector<std::string> got;
  std::vector<Auth> const ways{
      Auth([]() -> Value { throw std::runtime_error("no token"); }),
      Auth([]() -> Task<Value> {
        co_await sleep_for(10ms);
        throw std::runtime_error("no token");
      }),
      Auth([](core::Reply<Value> const&) {}),
  };
  for (auto const& way : ways) {
    auto const manager = make({.timeout = 5s, .auth = way});
    auto const socket = manager.socket();
    socket.on("connect_error", [&](std::string const& message) { got.push_back(message); });
    socket.connect();
    advance(6s);
  }
  EXPECT_EQ(got, (std::vector<std::string>{"there are no credentials: no token",
                                           "there are no credentials: no token",
                                           "the credentials have not come in time: Options::auth"}));
}

TEST_F(ClientManager, ImpossibleOptionsAreRefusedWithTheRemedy) {
  for (auto const& options : std::vector<Options>{
           {.transports = {}},
           {.path = "/a b"},
           {.extra_headers = {{"a\r\nb", "c"}}},
           {.extra_headers = {{"a", "c\r\nd: e"}}},
           {.max_message_size = 0},
           {.timestamp_param = ""},
           {.protocols = {"a b"}},
           {.per_message_deflate = {.level = 10}},
           {.proxy = "proxy:3128"},
           {.randomization_factor = 2},
           {.timeout = 0ms},
       })
    EXPECT_THROW(make(options), std::invalid_argument);
  auto const manager = make();
  EXPECT_THROW(manager.socket().emit("connect"), std::invalid_argument);
}

TEST_F(ClientManager, ReconnectionGivesUpWhenItWasToldTo) {
  wire->refusal = "connection refused";
  auto const manager = make({.reconnection_attempts = 2});
  auto const socket = manager.socket();
  std::vector<std::string> got;
  manager.on("reconnect_attempt", [&](int number) { got.push_back("attempt " + std::to_string(number)); });
  manager.on("reconnect_error", [&] { got.emplace_back("error"); });
  manager.on("reconnect_failed", [&] { got.emplace_back("failed"); });
  socket.connect();
  advance(1min);
  EXPECT_EQ(got, (std::vector<std::string>{"attempt 1", "error", "attempt 2", "failed", "error"}));
  EXPECT_EQ(wire->dials, 3);
  wire->refusal.clear();
  socket.connect();
  run();
  EXPECT_TRUE(socket.connected());
}

TEST_F(ClientManager, EventsThatAreNotAcknowledgedAreSentAgainInTheirOrder) {
  std::vector<std::string> seen;
  int losses = 2;
  io.on("save", [&](std::string what, Ack<> ack) {
    seen.push_back(what);
    if (losses-- <= 0) ack("saved " + what);
  });
  auto const manager = make({.retries = 2, .ack_timeout = 1s});
  auto const socket = manager.socket();
  std::vector<std::string> got;
  auto const note = [&](AckReply reply) { got.push_back(reply.ok() ? reply.get<std::string>() : "lost"); };
  socket.emit("save", "a", note);
  socket.emit("save", "b", note);
  socket.connect();
  advance(5s);
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "a", "a", "b"}));
  EXPECT_EQ(got, (std::vector<std::string>{"saved a", "saved b"}));
  losses = 3;
  socket.emit("save", "c", note);
  advance(5s);
  EXPECT_EQ(got.back(), "lost");
}

TEST(ClientRuntime, MayEndBeforeTheClient) {
  std::optional<Socket> kept;
  std::optional<Manager> manager;
  {
    Runtime runtime({.worker_threads = 0, .log_level = LogLevel::off});
    manager.emplace(runtime, "http://127.0.0.1:1");
    kept.emplace(manager->socket());
    kept->on("connect_error", [] {});
    kept->connect();
    for (int i = 0; i < 5; ++i)
      runtime.turn();
  }
  kept->emit("anything", 1);
  kept->connect();
  manager->close();
  manager = std::nullopt;
  EXPECT_FALSE(kept->connected());
}

TEST(ClientThread, ConnectsAndIsAnsweredOnItsOwnThread) {
  ServerThread server;
  Manager const manager(server.url());
  auto const socket = manager.socket();
  auto answered = std::make_shared<std::promise<int>>();
  socket.emit("echo", 7, [answered](AckReply reply) { answered->set_value(reply.get<int>()); });
  socket.connect();
  EXPECT_EQ(awaited(answered->get_future()), 7);
}

TEST(ClientThread, ClosingNeverWaitsForAListenerThatWaitsForWhoeverCloses) {
  // The listener may still be letting go of it when the test is over.
  struct Shared {
    std::mutex mutex;
    std::promise<void> entered;
    std::promise<void> ended;
  };
  ServerThread server;
  auto const shared = std::make_shared<Shared>();
  {
    std::scoped_lock const held(shared->mutex);
    Manager const manager(server.url());
    auto const socket = manager.socket();
    socket.on("connect", [shared] {
      shared->entered.set_value();
      std::scoped_lock const waits(shared->mutex);
      shared->ended.set_value();
    });
    socket.connect();
    awaited(shared->entered.get_future());
    manager.close();
  }
  awaited(shared->ended.get_future());
}

TEST(ClientThread, SurvivesAStormFromEightThreads) {
  ServerThread server;
  auto const url = server.url();
  std::atomic<int> echoes{0};
  std::vector<std::thread> threads;
  // One that all of them use, besides those that each makes.
  Manager shared(url);
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&, number] {
      auto const common = shared.socket(number % 2 == 0 ? "/" : "/other");
      for (int round = 0; round < 12; ++round) {
        auto own = std::make_unique<Manager>(
            url, Options{.transports = {number % 3 == 0 ? Transport::polling : Transport::websocket}});
        auto const socket = own->socket();
        auto const id = socket.on("welcome", [socket] { socket.emit("echo", socket.id()); });
        socket.connect();
        common.connect();
        for (int i = 0; i < 10; ++i) {
          socket.emit("echo", i, [&echoes](AckReply const&) { ++echoes; });
          common.emit("echo", i, [&echoes](AckReply const&) { ++echoes; });
        }
        if (round % 3 == 0) socket.emit("kick");
        if (round % 4 == 1) socket.off(id);
        static_cast<void>(common.connected());
        if (round % 4 == 2) common.disconnect();
        if (round % 2 == 0) own->close();
        own = nullptr;
        socket.emit("after the end");
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  auto const socket = shared.socket();
  auto answered = std::make_shared<std::promise<int>>();
  socket.emit("echo", 1,
              [answered](AckReply reply) { answered->set_value(reply.ok() ? reply.get<int>() : -1); });
  socket.connect();
  EXPECT_EQ(awaited(answered->get_future()), 1);
}

}}}}  // namespace aerie::v1::client::test
