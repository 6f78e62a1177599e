#pragma once

/// \file
/// What the official client's own tests assert of its behaviour, in our words, against a server that speaks
/// tests/conformance/FIXTURE.md: docs/official-client-tests.md says which is where.
///
///     AERIE_URL=http://127.0.0.1:3000 build/release/bin/client_suite
///
/// tests/client/suite.test.mjs starts the servers.

#include <aerie/client.hpp>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::client_suite {

using namespace std::chrono_literals;
using aerie::AckError;
using aerie::AckReply;
using aerie::Args;
using aerie::Bytes;
using aerie::Task;
using aerie::Value;
using aerie::client::Manager;
using aerie::client::Options;
using aerie::client::Socket;
using aerie::client::Transport;
using Clock = std::chrono::steady_clock;

/// Nobody listens there.
inline constexpr std::string_view nobody = "http://127.0.0.1:1";

inline std::string server_url() {
  auto const* const url = std::getenv("AERIE_URL");
  if (url == nullptr)
    throw std::runtime_error("AERIE_URL says which server; tests/client/suite.test.mjs starts some");
  return url;
}

/// A port that takes connections, and says nothing.
class SilentServer {
 public:
  SilentServer() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, generic, size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  SilentServer(SilentServer const&) = delete;
  SilentServer& operator=(SilentServer const&) = delete;
  ~SilentServer() { ::close(socket_); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

inline Options quick(Options options = {}) {
  options.reconnection_delay = 10ms;
  options.reconnection_delay_max = 50ms;
  return options;
}

inline Options over(Transport transport) {
  auto options = quick();
  options.transports = {transport};
  return options;
}

class Official : public ::testing::Test {
 protected:
  Manager connect_to(std::string_view nsp, Options options = quick()) {
    return Manager(runtime, server_url() + std::string(nsp), std::move(options));
  }
  Manager make(Options options = quick()) { return connect_to("/", std::move(options)); }

  /// Lets the client work until it is so; false if that takes longer than anything here may.
  bool until(std::function<bool()> const& is_so) {
    auto const end = Clock::now() + 30s;
    while (!is_so()) {
      if (Clock::now() > end) return false;
      runtime.shard(0).turn(aerie::core::Milliseconds{20});
    }
    return true;
  }
  void work_for(Clock::duration time) {
    auto const end = Clock::now() + time;
    until([end] { return Clock::now() >= end; });
  }
  bool joins(Socket const& socket) {
    socket.connect();
    return until([&] { return socket.connected(); });
  }
  /// Whatever was sent before has been handled by the server, and whatever it has sent before this has come.
  bool fence(Socket const& socket) {
    bool answered = false;
    socket.emit("echo", "fence", [&](AckReply const& reply) { answered = reply.ok(); });
    return until([&] { return answered; });
  }
  /// A command of the server's (FIXTURE.md) whose answer is not awaited.
  static void command(Socket const& socket, std::initializer_list<Value::Member> members) {
    socket.emit("do", Value::object(members));
  }
  /// The answer's value.
  Value ask(Socket const& socket, std::initializer_list<Value::Member> members) {
    std::optional<Value> answer;
    auto const words = Value::object(members);
    socket.emit("do", words,
                [&](AckReply const& reply) { answer = reply.ok() ? reply.args()[0]["ok"] : Value(); });
    EXPECT_TRUE(until([&] { return answer.has_value(); }));
    return answer.value_or(Value());
  }
  /// Lets a task run to its end.
  void run(Manager const& manager, std::function<Task<void>()> const& task) {
    bool over = false;
    manager.spawn(marked(task, over));
    EXPECT_TRUE(until([&] { return over; }));
  }

  aerie::Runtime runtime;

 private:
  static Task<void> marked(std::function<Task<void>()> task, bool& over) {
    auto running = task();
    co_await std::move(running);
    over = true;
  }
};

}  // namespace aerie::client_suite
