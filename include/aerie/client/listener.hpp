#pragma once

/// \file
/// Listeners: functions whose parameters say what they want of an event. `Args const&` and `Ack<...>` are
/// given, any other parameter is the next argument of the message, decoded. A returned value is the
/// acknowledgement; a returned Task runs, and its value is. They are called on the client's event loop, one
/// at a time.

#include <aerie/core/api.hpp>
#include <aerie/core/log.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/callable.hpp>
#include <aerie/socketio/handler.hpp>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 {
namespace client {

/// An event on its way to its listeners. Valid during the call.
struct Event {
  /// The event's name.
  std::string_view name;
  /// Its arguments, without the acknowledgement.
  Args const& args;
  /// Empty if nobody waits for an answer.
  socketio::AckHandle const& ack;
  /// Where tasks run.
  core::TaskContext& tasks;
  /// Where what listeners throw is reported.
  Logger const& log;
};

/// What somebody listens with; to be given to `off`.
using ListenerId = std::uint64_t;

/// A function of any signature. What it throws is its caller's to report.
class AERIE_API Listener : public std::enable_shared_from_this<Listener> {
 public:
  virtual ~Listener() = default;
  /// Calls the function with what it asks for.
  virtual void call(Event const& event) = 0;
};

/// Reports what the task of a listener has thrown.
AERIE_API void listener_failed(Logger const& log, std::string_view event,
                               std::exception_ptr const& error) noexcept;

/// A listener of one type of function: it decodes the arguments, and acknowledges with what is returned.
template <class F>
class FunctionListener final : public Listener {
  using Traits = socketio::Signature<F>;
  using Given = socketio::ParametersFrom<Event, typename Traits::Parameters>;
  using Result = typename Traits::Result;
  using Answer = typename socketio::TaskTraits<Result>::Value;

  static constexpr bool answers = !std::is_void_v<Answer> && !Given::answers_by_hand;

 public:
  /// `function` is called with what its parameters ask for.
  explicit FunctionListener(F function) : function_(std::move(function)) {}

  void call(Event const& event) override {
    if constexpr (socketio::TaskTraits<Result>::is_task) {
      start_task(event);
    } else {
      typename Given::Type parameters(event);
      if constexpr (answers) {
        event.ack.answer(socketio::EncodableList(parameters.pass_to(function_)));
      } else {
        static_cast<void>(parameters.pass_to(function_));
      }
    }
  }

 private:
  /// What a task refers to while it runs.
  struct Running {
    Running(std::shared_ptr<Listener> called, Event const& event)
        : listener(std::move(called)), parameters(event), ack(event.ack), name(event.name), log(event.log) {
      parameters.own();
    }
    std::shared_ptr<Listener> listener;
    typename Given::Type parameters;
    socketio::AckHandle ack;
    std::string name;
    Logger const& log;
  };

  void start_task(Event const& event) {
    auto running = std::make_unique<Running>(weak_from_this().lock(), event);
    auto& parameters = running->parameters;
    core::start(parameters.pass_to(function_), event.tasks,
                [running = std::move(running)](core::Outcome<Answer>&& outcome) noexcept {
                  try {
                    if constexpr (answers) {
                      running->ack.answer(socketio::EncodableList(outcome.take()));
                    } else {
                      outcome.take();
                    }
                  } catch (...) {
                    listener_failed(running->log, running->name, std::current_exception());
                  }
                });
  }

  F function_;
};

/// For the framework: the listener that calls `function`.
template <class F>
std::shared_ptr<Listener> make_listener(F&& function) {
  return std::make_shared<FunctionListener<std::decay_t<F>>>(std::forward<F>(function));
}

}  // namespace client

namespace socketio {

template <>
struct SourceOf<client::Event> {
  static Args const& args(client::Event const& event) { return event.args; }
  static AckHandle ack(client::Event const& event) { return event.ack; }
};

}  // namespace socketio

}}  // namespace aerie::v1
