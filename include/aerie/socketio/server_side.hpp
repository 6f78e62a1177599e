#pragma once

/// \file
/// Events that servers of a cluster send each other, not their clients:
///
///     io.on_server_side("reload", [](std::string what) { ... });
///     io.on_server_side("load?", [] { return load(); });              // the answer
///     io.server_side_emit("reload", "prices");
///     auto const loads = co_await io.server_side_emit_with_ack("load?");
///
/// https://socket.io/docs/v4/server-api/#serverserversideemiteventname-args

#include <aerie/core/api.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/callable.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/handler.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

class Namespace;
class Socket;

/// A parameter of handlers that answer by hand, now or later. The first answer counts, of all handlers of the
/// event. Copyable; its copies may be used on any thread, for ever.
class AERIE_API ServerSideAck {
 public:
  ServerSideAck() = default;
  /// For the framework: `give` is called with the first answer.
  explicit ServerSideAck(std::function<void(Value)> give);

  /// True if the other server waits for an answer.
  explicit operator bool() const noexcept { return state_ != nullptr; }
  void operator()() const { answer(Value()); }
  template <class T>
  void operator()(T const& value) const {
    answer(to_value(value));
  }

 private:
  struct State;
  void answer(Value value) const;

  std::shared_ptr<State> state_;
};

namespace socketio {

/// An event of another server on its way through the handlers. Valid during the call.
struct ServerSideEvent {
  std::string_view name;
  Args const& args;
  ServerSideAck const& ack;
  /// Where handlers run that wait: to their end.
  core::TaskContext& tasks;
  Logger const& log;
};

/// A handler of any signature. Called on the server's first shard.
class ServerSideHandler {
 public:
  virtual ~ServerSideHandler() = default;
  virtual void handle(ServerSideEvent const& event) = 0;
};

/// What is reported of a handler that has thrown.
AERIE_API void server_side_failed(Logger const& log, std::string_view event,
                                  std::exception_ptr const& error) noexcept;

template <>
inline constexpr bool is_ack<ServerSideAck> = true;

template <>
struct SourceOf<ServerSideEvent> {
  template <class Event>
  static Socket& socket(Event const& event) {
    static_assert(!std::is_same_v<Event, ServerSideEvent>,
                  "aerie: an event of another server has no socket; take its arguments");
    return event.socket;
  }
  static Args const& args(ServerSideEvent const& event) { return event.args; }
  static ServerSideAck const& ack(ServerSideEvent const& event) { return event.ack; }
};

template <class F>
class ServerSideFunction final : public ServerSideHandler,
                                 public std::enable_shared_from_this<ServerSideFunction<F>> {
  using Traits = Signature<F>;
  using Given = ParametersFrom<ServerSideEvent, typename Traits::Parameters>;
  using Result = typename Traits::Result;
  using Answer = typename TaskTraits<Result>::Value;
  static constexpr bool answers = !std::is_void_v<Answer> && !Given::answers_by_hand;

 public:
  explicit ServerSideFunction(F function) : function_(std::move(function)) {}

  void handle(ServerSideEvent const& event) override {
    typename Given::Type parameters(event);
    if constexpr (TaskTraits<Result>::is_task) {
      start_task(event, std::move(parameters));
    } else if constexpr (answers) {
      event.ack(parameters.pass_to(function_));
    } else {
      static_cast<void>(parameters.pass_to(function_));
    }
  }

 private:
  /// What a task refers to while it runs.
  struct Running {
    std::shared_ptr<ServerSideFunction> handler;
    typename Given::Type parameters;
    ServerSideAck ack;
    std::string name;
    Logger const& log;
  };

  void start_task(ServerSideEvent const& event, typename Given::Type parameters) {
    auto running = std::make_unique<Running>(Running{this->shared_from_this(), std::move(parameters),
                                                     event.ack, std::string(event.name), event.log});
    auto& kept = running->parameters;
    core::start(kept.pass_to(function_), event.tasks,
                [running = std::move(running)](core::Outcome<Answer>&& outcome) noexcept {
                  try {
                    if constexpr (answers) {
                      running->ack(outcome.take());
                    } else {
                      outcome.take();
                    }
                  } catch (...) {
                    server_side_failed(running->log, running->name, std::current_exception());
                  }
                });
  }

  F function_;
};

template <class F>
std::shared_ptr<ServerSideHandler> make_server_side_handler(F&& function) {
  return std::make_shared<ServerSideFunction<std::decay_t<F>>>(std::forward<F>(function));
}

}  // namespace socketio

/// Sends events to the other servers of the cluster, never to this one. An immutable value that may be kept
/// for ever and used on any thread; when the server is gone it does nothing. Without an adapter there are no
/// others: nothing is sent, and there are no answers.
class AERIE_API ServerSideEmitter : public socketio::Emits<ServerSideEmitter, BroadcastReply> {
 public:
  /// For the framework; callers use `Namespace::server_side`.
  explicit ServerSideEmitter(std::shared_ptr<Namespace const> nsp,
                             std::optional<std::chrono::milliseconds> timeout = std::nullopt)
      : nsp_(std::move(nsp)), timeout_(timeout) {}

  /// How long to wait for the answers; 5 s if it is not said.
  ServerSideEmitter timeout(std::chrono::milliseconds timeout) const {
    return ServerSideEmitter(nsp_, timeout);
  }

  /// Throw std::invalid_argument for a reserved event name. False if the server is gone.
  bool emit_args(std::string_view event, ArgsRef args) const;
  bool emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(BroadcastReply)> on_reply) const;

 private:
  std::shared_ptr<Namespace const> nsp_;
  std::optional<std::chrono::milliseconds> timeout_;
};

}}  // namespace aerie::v1
