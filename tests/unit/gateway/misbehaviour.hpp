#pragma once

/// \file
/// A gateway, and every kind of layer, that does to order what it should not: `{"do": "throw int", "in":
/// "guard"}`. What is done where is the message's business.

#include <aerie/core/completion.hpp>
#include <aerie/core/sleep.hpp>
#include <aerie/gateway/gateways.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::gateway::test {

using namespace std::chrono_literals;

inline constexpr std::string_view misdeeds[] = {
    "throw exception", "throw int",       "throw string",        "throw null",      "throw WsException",
    "throw object",    "throw http",      "throw connect_error", "throw cancelled", "disconnect",
    "disconnect all",  "leave and throw", "close connection"};

inline constexpr std::string_view places[] = {
    "guard",   "later guard", "interceptor before", "interceptor after", "pipe", "later pipe", "extractor",
    "handler", "filter"};

/// Handlers that go wrong themselves.
inline constexpr std::string_view events[] = {"plain",       "piped", "task", "late",   "stream",
                                              "late_stream", "event", "ack",  "layered"};

/// Does what it is called.
inline void misbehave(std::string_view deed, Socket& socket) {
  if (deed == "throw exception") throw std::runtime_error("as ordered");
  if (deed == "throw int") throw 42;
  if (deed == "throw string") throw std::string("as ordered");
  if (deed == "throw null") throw std::exception_ptr();
  if (deed == "throw WsException") throw WsException("as ordered");
  if (deed == "throw object") throw WsException(Value::object({{"ordered", true}}));
  if (deed == "throw http") throw NotFoundException("as ordered");
  if (deed == "throw connect_error") throw ConnectError("as ordered");
  if (deed == "throw cancelled") throw Cancelled();
  if (deed == "disconnect") socket.disconnect();
  if (deed == "disconnect all") socket.nsp().disconnect_sockets(true);
  if (deed == "close connection") socket.disconnect(true);
  if (deed == "leave and throw") {
    socket.disconnect();
    throw std::runtime_error("as ordered, having left");
  }
}

inline void misbehave_in(std::string_view place, ExecutionContext& context) {
  auto const order = context.is_connecting()
                         ? context.credential("in").value_or("")
                         : std::string(context.payload()["in"].get_if<std::string_view>().value_or(""));
  if (order != place) return;
  auto const deed = context.is_connecting()
                        ? context.credential("do").value_or("")
                        : std::string(context.payload()["do"].get_if<std::string_view>().value_or(""));
  misbehave(deed, context.socket());
}

struct WildGuard {
  bool can_activate(ExecutionContext& context) {
    misbehave_in("guard", context);
    return true;
  }
};

struct LaterGuard {
  Task<bool> can_activate(ExecutionContext& context) {
    co_await sleep_for(1ms);
    misbehave_in("later guard", context);
    co_return true;
  }
};

struct WildInterceptor {
  Task<Reply> intercept(ExecutionContext& context, CallHandler& next) {
    misbehave_in("interceptor before", context);
    auto reply = co_await next();
    misbehave_in("interceptor after", context);
    co_return reply;
  }
};

/// A pipe knows no context: what it does to whom stands in the value.
struct WildPipe {
  Value transform(Value value) {
    if (value["in"] == Value("pipe")) order(value);
    return value;
  }
  static void order(Value const& value) {
    auto const deed = value["do"].get_if<std::string_view>().value_or("");
    if (deed == "throw exception") throw std::runtime_error("as ordered");
    if (deed == "throw int") throw 42;
    if (deed == "throw WsException") throw WsException("as ordered");
    if (deed == "throw http") throw BadRequestException("as ordered");
  }
};

struct LaterPipe {
  Task<Value> transform(Value value) {
    co_await sleep_for(1ms);
    if (value["in"] == Value("later pipe")) WildPipe::order(value);
    co_return value;
  }
};

struct WildFilter {
  Task<void> on_exception(std::exception_ptr const& error, ExecutionContext& context) {
    misbehave_in("filter", context);
    co_await sleep_for(1ms);
    misbehave_in("filter", context);
    BaseWsExceptionFilter().on_exception(error, context);
  }
};

struct Extracted {
  static Extracted extract(ExecutionContext& context) {
    misbehave_in("extractor", context);
    return {};
  }
};

/// Completions that nobody completes, until the test does.
struct Waiting {
  Waiting() = default;
  /// On any shard.
  void add(core::Completer<void> completer) {
    std::scoped_lock const lock(mutex);
    completers.push_back(std::move(completer));
  }

  std::mutex mutex;
  std::vector<core::Completer<void>> completers;
};

class WildGateway {
 public:
  explicit WildGateway(Waiting& waiting) : waiting_(waiting) {}

  static void describe(Gateway<WildGateway>& g) {
    g.on<&WildGateway::plain>();
    g.on<&WildGateway::piped>().use<WildPipe>();
    g.on<&WildGateway::task>();
    g.on<&WildGateway::late>();
    g.on<&WildGateway::stream>();
    g.on<&WildGateway::late_stream>();
    g.on<&WildGateway::event>().use<WildFilter>();
    g.on<&WildGateway::ack>();
    g.on<&WildGateway::layered>()
        .use<WildGuard>()
        .use<LaterGuard>()
        .use<WildInterceptor>()
        .use<WildPipe>()
        .use<LaterPipe>()
        .use<WildFilter>();
    g.on<&WildGateway::never>();
    g.on<&WildGateway::never_stream>("neverStream");
    g.on<&WildGateway::stubborn>();
    g.on<&WildGateway::slow>();
    g.on<&WildGateway::echo>();
    g.connected<&WildGateway::opened>().disconnected<&WildGateway::closed>();
    g.protect<WildGuard>().protect<LaterGuard>();
  }

 private:
  static void obey(Value const& order, Socket& socket) {
    auto const place = order["in"].get_if<std::string_view>();
    if (!place || place == "handler") misbehave(order["do"].get_if<std::string_view>().value_or(""), socket);
  }

  Value plain(Value const& order, Socket& socket) {
    obey(order, socket);
    return "plain";
  }
  Value piped(Value const& order, Socket& socket) { return plain(order, socket); }
  Task<std::string> task(Value order, Socket& socket) {
    obey(order, socket);
    co_return "task";
  }
  Task<std::string> late(Value order, Socket& socket) {
    co_await sleep_for(1ms);
    obey(order, socket);
    co_await sleep_for(1ms);
    co_return "late";
  }
  Generator<std::int64_t> stream(Value order, Socket& socket) {
    co_yield 1;
    obey(order, socket);
    co_yield 2;
  }
  Generator<std::int64_t> late_stream(Value order, Socket& socket) {
    co_yield 1;
    co_await sleep_for(1ms);
    obey(order, socket);
    co_await sleep_for(1ms);
    co_yield 2;
  }
  Event<std::string> event(Value const& order, Socket& socket) {
    obey(order, socket);
    return {"event", "data"};
  }
  void ack(Value const& order, Socket& socket, Ack<> ack) {
    obey(order, socket);
    if (ack) ack("by hand");
    if (ack) ack("and again");
  }
  std::string layered(Value const& order, Socket& socket, test::Extracted const&) {
    obey(order, socket);
    return "layered";
  }
  Task<std::string> never() {
    core::Completion<> completion;
    waiting_.add(completion.completer());
    co_await completion;
    co_return "after all";
  }
  Generator<std::int64_t> never_stream() {
    co_yield 1;
    core::Completion<> completion;
    waiting_.add(completion.completer());
    co_await completion;
    co_yield 2;
  }
  /// Does not want to hear that its client has gone.
  Task<std::string> stubborn(Socket& socket) {
    for (int i = 0; i < 3; ++i) {
      try {
        co_await sleep_for(10s);
      } catch (...) {
        socket.emit("still here", i);
      }
    }
    co_return "stubborn";
  }
  Task<std::string> slow() {
    co_await sleep_for(10s);
    co_return "slow";
  }
  Value echo(Value const& value) { return value; }

  void opened(ExecutionContext& context) { misbehave(credential(context, "opened"), context.socket()); }
  void closed(ExecutionContext& context) { misbehave(credential(context, "closed"), context.socket()); }
  static std::string credential(ExecutionContext& context, std::string_view name) {
    return context.credential(name).value_or("");
  }

  Waiting& waiting_;
};

struct WildModule {
  static void describe(Module& m) { m.provides<Waiting>().gateways<WildGateway>(); }
};

}  // namespace aerie::gateway::test
