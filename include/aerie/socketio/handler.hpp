#pragma once

/// \file
/// Handlers: functions whose parameters say what they want of an event. `Socket&`, `Handshake const&`, `Args
/// const&`, `Ack<...>` and `DisconnectReason` are given; any other parameter is the next argument of the
/// message, decoded. A returned value is the acknowledgement; a returned Task runs and its value is.

#include <aerie/core/linked.hpp>
#include <aerie/core/task.hpp>
#include <aerie/core/trace.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/callable.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/extract.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {

class Socket;

namespace core {
class TimeHistogram;
}

namespace socketio {

class ShardNode;

/// An event that has arrived, on its way through the handlers. Valid during the call.
struct IncomingEvent {
  Socket& socket;
  std::string_view name;
  Args const& args;
  /// The id of the acknowledgement that the client asked for.
  std::optional<std::uint64_t> ack{};
  DisconnectReason reason{};
  /// More about the reason; may be empty. Text that lives for ever.
  std::string_view description{};
};

// What the templates below need of Socket and the dispatcher, so that they compile without their headers.
AERIE_API std::shared_ptr<Socket> pin(Socket& socket);
/// Where handlers run: to their end, also when their client has left.
AERIE_API core::TaskContext& context_for(IncomingEvent const& event);
/// Where runs what ends with the client: when that leaves, `Cancelled` is thrown at its await point.
AERIE_API core::TaskContext& context_until_leave(IncomingEvent const& event);
AERIE_API void answer(Socket& socket, std::optional<std::uint64_t> ack, ArgsRef args);
AERIE_API void handler_failed(Socket& socket, std::string_view event, std::exception_ptr error) noexcept;

/// A handler of any signature. Called on the socket's shard. What it throws is its caller's to report. Where
/// it is registered it is shared: whoever goes on after the call pins it, so that it may be removed
/// meanwhile.
class EventHandler : public std::enable_shared_from_this<EventHandler> {
 public:
  virtual ~EventHandler() = default;
  virtual void handle(IncomingEvent const& event) = 0;
};

/// The task of a handler that is under way: keeps the socket, counts among what its client has asked for
/// (ServerOptions::max_pending_messages), and is what `Server::close` waits for. Belongs to the socket's
/// shard.
class AERIE_API UnderWay : public core::Linked {
 public:
  explicit UnderWay(IncomingEvent const& event);
  ~UnderWay();

  Socket& socket() const noexcept { return *socket_; }
  std::string const& name() const noexcept { return name_; }
  /// In whose name it has begun; none if nothing is traced.
  Span const& span() const noexcept { return span_.span(); }

 private:
  void watch(ShardNode const& node) noexcept;

  std::shared_ptr<Socket> socket_;
  std::string name_;
  // Where its time is recorded, if it is measured, and when its event has come.
  core::TimeHistogram* times_ = nullptr;
  std::uint64_t begun_ = 0;
  core::SpanHold span_;
};

// --- Parameters

template <>
struct SourceOf<IncomingEvent> {
  static Socket& socket(IncomingEvent const& event) { return event.socket; }
  static Args const& args(IncomingEvent const& event) { return event.args; }
  static DisconnectReason reason(IncomingEvent const& event) { return event.reason; }
  static DisconnectDescription description(IncomingEvent const& event) {
    return {std::string(event.description)};
  }
  // Not yet the handle, which is made where it is kept: moving it costs an allocation.
  static AskedAck ack(IncomingEvent const& event) { return {event.socket, event.ack}; }
};

/// How a parameter of type P is kept between extraction and call, and what it is made from: here the next of
/// the message's arguments.
template <class Source, class P>
struct EventParameter {
  using Kept = KeptValue<P>;
  static_assert(
      !std::is_lvalue_reference_v<P> || std::is_const_v<std::remove_reference_t<P>>,
      "aerie: an argument of a message is taken by value or by const reference; only aerie::Socket& is "
      "taken by reference");
  static_assert(
      !std::is_pointer_v<std::remove_cvref_t<P>>,
      "aerie: a handler cannot take a pointer as an argument of a message; take std::string or a described "
      "type");
  static constexpr bool is_argument = true;
  static Kept make(Source const& source, std::size_t index) {
    return SourceOf<Source>::args(source).template get<Kept>(index);
  }
};

template <class Source, IsGiven P>
struct EventParameter<Source, P> {
  using Kept = typename Given<P>::Kept;
  static constexpr bool is_argument = false;
  static decltype(auto) make(Source const& source, std::size_t) { return Given<P>::from(source); }
};

/// All parameters of one call.
template <class Source, class... Ps>
class Parameters {
 public:
  explicit Parameters(Source const& source) : Parameters(source, std::index_sequence_for<Ps...>()) {}

  template <class F>
  decltype(auto) pass_to(F& function) {
    return pass_to(function, std::index_sequence_for<Ps...>());
  }
  /// Makes undecoded arguments outlive the packet, for calls that go on after it.
  void own() {
    std::apply([](auto&... kept) { (own_one(kept), ...); }, kept_);
  }

 private:
  static constexpr std::size_t argument_index(std::size_t position) {
    constexpr bool is_argument[] = {EventParameter<Source, Ps>::is_argument..., false};
    std::size_t index = 0;
    for (std::size_t i = 0; i < position; ++i)
      index += is_argument[i] ? 1 : 0;
    return index;
  }

  template <std::size_t... Index>
  Parameters(Source const& source, std::index_sequence<Index...>)
      : kept_{EventParameter<Source, Ps>::make(source, argument_index(Index))...} {}

  template <class F, std::size_t... Index>
  decltype(auto) pass_to(F& function, std::index_sequence<Index...>) {
    return function(static_cast<Passed<Ps>>(std::get<Index>(kept_))...);
  }

  template <class T>
  static void own_one(T& kept) {
    if constexpr (std::is_same_v<T, Args> || is_ack<T>) kept.own();
  }

  std::tuple<typename EventParameter<Source, Ps>::Kept...> kept_;
};

template <class Source, class List>
struct ParametersFrom;
template <class Source, class... Ps>
struct ParametersFrom<Source, TypeList<Ps...>> {
  using Type = Parameters<Source, Ps...>;
  static constexpr bool answers_by_hand = (is_ack<std::remove_cvref_t<Ps>> || ... || false);
};

// --- The handler itself

/// A handler that is to end with its client.
template <class F>
struct EndsWithClient {
  F function;
};
template <class F>
inline constexpr bool ends_with_client = false;
template <class F>
inline constexpr bool ends_with_client<EndsWithClient<F>> = true;

template <class F, bool EndsEarly = false>
class FunctionHandler final : public EventHandler {
  using Traits = Signature<F>;
  using Given = ParametersFrom<IncomingEvent, typename Traits::Parameters>;
  using Result = typename Traits::Result;
  using Answer = typename TaskTraits<Result>::Value;

  static constexpr bool answers = !std::is_void_v<Answer> && !Given::answers_by_hand;

 public:
  explicit FunctionHandler(F function) : function_(std::move(function)) {}

  void handle(IncomingEvent const& event) override {
    if constexpr (TaskTraits<Result>::is_task) {
      start_task(event);
    } else {
      typename Given::Type parameters(event);
      if constexpr (answers) {
        answer(event.socket, event.ack, EncodableList(parameters.pass_to(function_)));
      } else {
        static_cast<void>(parameters.pass_to(function_));
      }
    }
  }

 private:
  /// What a task refers to while it runs.
  struct Running {
    Running(std::shared_ptr<EventHandler> called, IncomingEvent const& event)
        : handler(std::move(called)), under_way(event), parameters(event), ack(event.ack) {
      parameters.own();
    }
    std::shared_ptr<EventHandler> handler;
    UnderWay under_way;
    typename Given::Type parameters;
    std::optional<std::uint64_t> ack;
  };

  void start_task(IncomingEvent const& event) {
    auto running = std::make_unique<Running>(weak_from_this().lock(), event);
    auto& parameters = running->parameters;
    core::start(parameters.pass_to(function_), EndsEarly ? context_until_leave(event) : context_for(event),
                [running = std::move(running)](core::Outcome<Answer>&& outcome) noexcept {
                  ended(*running, outcome);
                });
  }

  static void ended(Running& running, core::Outcome<Answer>& outcome) noexcept {
    auto& socket = running.under_way.socket();
    try {
      if constexpr (answers) {
        answer(socket, running.ack, EncodableList(outcome.take()));
      } else {
        outcome.take();
      }
    } catch (...) {
      handler_failed(socket, running.under_way.name(), std::current_exception());
    }
  }

  F function_;
};

template <class F>
std::shared_ptr<EventHandler> make_handler(F&& function) {
  using Function = std::decay_t<F>;
  if constexpr (ends_with_client<Function>) {
    using Ending = decltype(function.function);
    return std::make_shared<FunctionHandler<Ending, true>>(std::forward<F>(function).function);
  } else {
    return std::make_shared<FunctionHandler<Function>>(std::forward<F>(function));
  }
}

}  // namespace socketio

/// A handler that ends with its client: when the socket leaves, `Cancelled` is thrown where its task waits.
/// Without it, as in Node.js, a handler that has begun runs to its end, and its answer goes nowhere:
///
///     socket.on("watch", aerie::cancel_on_leave([](aerie::Socket& socket) -> aerie::Task<void> { ... }));
template <class F>
auto cancel_on_leave(F&& handler) {
  static_assert(socketio::TaskTraits<typename socketio::Signature<std::decay_t<F>>::Result>::is_task,
                "aerie: only a handler that returns a Task can be cancelled: another has ended before its "
                "client can leave");
  return socketio::EndsWithClient<std::decay_t<F>>{std::forward<F>(handler)};
}

}}  // namespace aerie::v1
