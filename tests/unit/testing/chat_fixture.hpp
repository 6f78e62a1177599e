#pragma once

/// \file
/// A small application to be tested with the testing module.

#include <aerie/core/run_blocking.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>
#include <aerie/testing.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace aerie::testing {

using namespace std::chrono_literals;

struct JoinRoom {
  std::int64_t room = 0;
  static void describe(Schema<JoinRoom>& s) { s.field<&JoinRoom::room>(); }
};

struct Joined {
  std::int64_t room = 0;
  std::string greeting;
  static void describe(Schema<Joined>& s) {
    s.field<&Joined::room>();
    s.field<&Joined::greeting>();
  }
};

struct Greeter {
  virtual ~Greeter() = default;
  virtual std::string greet(std::int64_t room) = 0;
};

struct PoliteGreeter : Greeter {
  std::string greet(std::int64_t room) override { return "welcome to " + std::to_string(room); }
};

struct RudeGreeter : Greeter {
  std::string greet(std::int64_t) override { return "what do you want?"; }
};

struct Unlisted {};

struct OnlyAda {
  bool can_activate(ExecutionContext& context) { return context.credential("name") == "Ada"; }
};

/// Records the lifecycle.
struct Journal {
  void on_module_init() { lines.emplace_back("init"); }
  void on_application_bootstrap() { lines.emplace_back("bootstrap"); }
  Task<void> on_module_destroy() {
    lines.emplace_back("destroy");
    co_return;
  }
  void on_application_shutdown(std::string_view signal) {
    lines.push_back("shutdown " + std::string(signal));
  }
  std::vector<std::string> lines;
};

class ChatGateway {
 public:
  explicit ChatGateway(Greeter& greeter) : greeter_(greeter) {}

  static void describe(Gateway<ChatGateway>& g) {
    g.at("/chat").protect<OnlyAda>();
    g.on<&ChatGateway::join>();
    g.on<&ChatGateway::say>();
    g.on<&ChatGateway::later>();
    g.on<&ChatGateway::echo>();
    g.on<&ChatGateway::slow_file>("file");
    g.on<&ChatGateway::fail>();
    g.on<&ChatGateway::crash>();
    g.on<&ChatGateway::leave>();
    g.on<&ChatGateway::question>();
    g.connected<&ChatGateway::opened>();
  }

  Joined join(JoinRoom const& request) { return {request.room, greeter_.greet(request.room)}; }
  Task<std::string> later(std::string text) {
    co_await sleep_for(10s);
    co_return text;
  }
  Task<std::int64_t> soon() { co_return 42; }

 private:
  void say(Socket& socket, std::string const& text) { socket.nsp().emit("said", text); }
  Value echo(Value const& value) { return value; }
  Task<std::int64_t> slow_file() {
    auto const read = co_await run_blocking([] { return 7; });
    co_return read;
  }
  void fail() { throw WsException("no"); }
  void crash() { throw std::runtime_error("boom"); }
  void leave(Socket& socket) { socket.disconnect(); }
  Task<void> question(Socket& socket) {
    auto const answer = co_await socket.emit_with_ack("question", "why?");
    socket.emit("thanks", answer.get<std::string>());
  }
  void opened(Socket& socket) { socket.emit("hello", socket.id()); }

  Greeter& greeter_;
};

struct ChatModule {
  static void describe(Module& m) {
    m.provides<Greeter, PoliteGreeter>().provides<Journal>();
    m.gateways<ChatGateway>();
  }
};

}  // namespace aerie::testing
