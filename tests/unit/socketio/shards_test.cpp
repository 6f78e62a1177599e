// Servers with several shards, each on a thread of its own, and clients on real sockets. Nothing sleeps:
// whoever wants to know whether something has happened waits for the message that says so.

#include "unit/support/tcp_client.hpp"

#include <aerie/core/sleep.hpp>
#include <aerie/socketio/server.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace aerie::socketio::test { namespace {

using aerie::test::TcpClient;
using namespace std::chrono_literals;

class Shards : public testing::TestWithParam<unsigned> {
 protected:
  Shards() {
    aerie::ServerOptions options;
    options.serve_client = false;
    options.runtime.threads = GetParam();
    options.runtime.log_sink = [](LogRecord const&) {};
    io = std::make_unique<aerie::Server>(std::move(options));
  }
  ~Shards() override {
    io->stop();
    if (thread_.joinable()) thread_.join();
  }
  void run() {
    io->listen(0, "127.0.0.1");
    thread_ = std::thread([this] { io->run(); });
  }
  /// Clients of the main namespace; connections are dealt out to the shards in turn.
  std::vector<TcpClient> connect(std::size_t count) {
    std::vector<TcpClient> clients;
    for (std::size_t i = 0; i < count; ++i) {
      clients.emplace_back(io->port());
      clients.back().join();
    }
    return clients;
  }

  std::unique_ptr<aerie::Server> io;

 private:
  std::thread thread_;
};

TEST_P(Shards, AreAllReachedByABroadcastInTheOrderOfItsSender) {
  constexpr int rounds = 50;
  io->on("shout", [this](int who, int number) { io->emit("heard", who, number); });
  run();
  auto clients = connect(6);
  for (int number = 0; number < rounds; ++number) {
    for (std::size_t who = 0; who < clients.size(); ++who)
      clients[who].send("2[\"shout\"," + std::to_string(who) + "," + std::to_string(number) + "]");
  }
  for (auto& client : clients) {
    std::map<std::string, int> last;
    for (std::size_t i = 0; i < clients.size() * rounds; ++i) {
      auto const packet = client.next();
      auto const comma = packet.rfind(',');
      auto const who = packet.substr(0, comma);
      ASSERT_EQ(packet, who + "," + std::to_string(last[who]++) + "]");
    }
    EXPECT_EQ(last.size(), clients.size());
  }
}

TEST_P(Shards, TellTheOutgoingListenersOfAllOfThemOfABroadcast) {
  io->on("listen", [](Socket& socket) {
    socket.on_any_outgoing([&socket](std::string_view event, Args const& args) {
      if (event == "news") socket.emit("overheard", args[0]);
    });
    return true;
  });
  io->on("tell", [this](Value const& news) { io->emit("news", news); });
  run();
  auto clients = connect(4);
  clients[0].send(R"(2["tell","nobody listens"])");
  for (auto& client : clients)
    EXPECT_EQ(client.next(), R"(2["news","nobody listens"])");
  for (auto& client : clients) {
    client.send(R"(20["listen"])");
    EXPECT_EQ(client.next(), "30[true]");
  }
  clients[0].send(R"(2["tell",{"a":[1]}])");
  for (auto& client : clients) {
    EXPECT_EQ(client.next(), R"(2["news",{"a":[1]}])");
    EXPECT_EQ(client.next(), R"(2["overheard",{"a":[1]}])");
  }
}

TEST_P(Shards, ShowEachOtherTheirSockets) {
  io->on_connection([](Socket& socket) {
    socket.join("room");
    socket.data() = Value::object({{"shard", socket.shard().index()}});
  });
  io->on("fetch", [this](Socket&) -> Task<Value> {
    auto const sockets = co_await io->fetch_sockets();
    std::uint64_t shards = 0;
    for (auto const& socket : sockets)
      shards |= std::uint64_t{1} << static_cast<std::uint64_t>(socket.data()["shard"].as_int());
    auto const here = co_await io->in("room").fetch_sockets();
    co_return Value::array({sockets.size(), here.size(), shards});
  });
  run();
  auto clients = connect(8);
  auto const all_shards = (1U << GetParam()) - 1;
  for (auto& client : clients) {
    client.send(R"(21["fetch"])");
    EXPECT_EQ(client.next(), "31[[8,8," + std::to_string(all_shards) + "]]");
  }
}

TEST_P(Shards, CollectAcknowledgementsTogether) {
  io->on("survey", [this](Socket&) -> Task<std::size_t> {
    auto const reply = co_await io->timeout(20s).emit_with_ack("ask", 7);
    std::size_t sum = 0;
    for (auto const& response : reply.responses)
      sum += static_cast<std::size_t>(response.as_int());
    co_return sum;
  });
  run();
  auto clients = connect(5);
  clients[0].send(R"(299["survey"])");
  for (std::size_t i = 0; i < clients.size(); ++i) {
    auto const question = clients[i].next();
    EXPECT_EQ(question, R"(20["ask",7])");
    clients[i].send("30[" + std::to_string(1U << i) + "]");
  }
  EXPECT_EQ(clients[0].next(), "399[31]");
}

TEST_P(Shards, ObeyOperatorsOfOthers) {
  run();
  auto clients = connect(4);
  io->sockets_join("room");
  io->to("room").emit("1");
  io->sockets_leave("room");
  io->to("room").emit("nobody");
  io->emit("2");
  io->disconnect_sockets();
  for (auto& client : clients) {
    EXPECT_EQ(client.next(), R"(2["1"])");
    EXPECT_EQ(client.next(), R"(2["2"])");
    EXPECT_EQ(client.next(), "1");
  }
}

TEST_P(Shards, LetHandlesAndAcknowledgementsWorkFromOtherThreads) {
  std::mutex mutex;
  std::vector<std::thread> workers;
  io->on("work", [&](Socket& socket, std::string const& text, Ack<std::string> ack) {
    std::scoped_lock const lock(mutex);
    workers.emplace_back([handle = socket.handle(), text, ack = std::move(ack)] {
      handle.emit("progress", text);
      ack(text + "!");
      ack("never");
    });
  });
  run();
  auto clients = connect(4);
  for (auto& client : clients) {
    for (int i = 0; i < 10; ++i) {
      client.send(R"(21["work","a text that is longer than a small string"])");
      EXPECT_EQ(client.next(), R"(2["progress","a text that is longer than a small string"])");
      EXPECT_EQ(client.next(), R"(31["a text that is longer than a small string!"])");
    }
  }
  std::scoped_lock const lock(mutex);
  for (auto& worker : workers)
    worker.join();
}

TEST_P(Shards, MakeAndForgetDynamicNamespacesTogether) {
  io->of(Pattern("^/room-"))
      .on("echo", [](int number) { return number; })
      .on_disconnect([](Socket&) -> Task<> { co_await sleep_for(1ms); });
  run();
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::vector<std::string> wrong;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      TcpClient client(io->port());
      for (int i = 0; i < 40; ++i) {
        auto const nsp = "/room-" + std::to_string(i % 3);
        auto const joined = client.join(nsp);
        client.send("2" + nsp + ",5[\"echo\",7]");
        auto const answer = client.next();
        client.send("1" + nsp + ",");
        if (answer == "3" + nsp + ",5[7]") continue;
        // What follows would only be one off.
        std::scoped_lock const lock(mutex);
        wrong.push_back(joined + ", then " + answer);
        return;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(wrong, std::vector<std::string>());
}

TEST_P(Shards, SurviveClientsThatComeAndGoWhileEverybodyShouts) {
  io->on_connection([](Socket& socket) { socket.join("room"); });
  run();
  std::atomic<bool> done{false};
  // Whoever shouts waits for the shards to follow, or a busy machine would run out of memory.
  auto const under_way = std::make_shared<std::atomic<int>>(0);
  auto& runtime = io->runtime();
  std::thread shouting([&] {
    while (!done) {
      std::this_thread::yield();
      if (*under_way > 100) continue;
      io->to("room").emit("shout");
      io->timeout(20ms).emit("ask", [](BroadcastReply const&) {});
      static_cast<void>(io->sockets().socket_count());
      for (std::size_t i = 0; i < runtime.shard_count(); ++i) {
        ++*under_way;
        runtime.shard(i).post([under_way] { --*under_way; });
      }
    }
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 15; ++i) {
        TcpClient client(io->port());
        client.join();
        client.next();
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  done = true;
  shouting.join();
}

TEST_P(Shards, CloseTogether) {
  std::promise<void> closed;
  std::atomic<int> told{0};
  io->on_disconnect(
      [&](DisconnectReason why) { told += why == DisconnectReason::server_shutting_down ? 1 : 100; });
  run();
  auto clients = connect(6);
  io->close([&] { closed.set_value(); });
  closed.get_future().wait();
  EXPECT_EQ(told, 6);
  for (auto& client : clients)
    EXPECT_EQ(client.next(), "(closed)");
}

INSTANTIATE_TEST_SUITE_P(Threads, Shards, testing::Values(1U, 2U, 4U));

}}  // namespace aerie::socketio::test
