#pragma once

/// \file
/// Middlewares: what a socket passes before it is connected to a namespace, and an event before its handlers.
/// https://socket.io/docs/v4/middlewares/

#include <aerie/core/api.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/task.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/callable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace aerie { inline namespace v1 {

class Socket;

/// Thrown by a middleware to refuse a socket: the client's `connect_error` has the message and the data.
class AERIE_API ConnectError : public std::runtime_error {
 public:
  /// What the client's error says, and its `data`.
  explicit ConnectError(std::string const& message, Value data = {})
      : std::runtime_error(message), data_(std::move(data)) {}
  /// Undefined if there is none.
  Value const& data() const noexcept { return data_; }

 private:
  Value data_;
};

namespace socketio {
/// What a middleware has decided: to let the socket pass, or why not.
struct Verdict {
  std::optional<ConnectError> refusal{};
};
}  // namespace socketio

/// Decides about a socket, at once or later: `next()` lets it pass, `next(error)` refuses it. A copyable
/// handle, to be kept for ever and called on any thread; only the first call counts.
class AERIE_API Next {
 public:
  /// For the framework.
  explicit Next(core::Reply<socketio::Verdict> reply) noexcept : reply_(std::move(reply)) {}
  void operator()() const;
  void operator()(ConnectError error) const;

 private:
  core::Reply<socketio::Verdict> reply_;
};

/// An event on its way to its handlers, as socket middlewares see it. They may look at the arguments and
/// replace them (`args.set`); what they throw goes to the socket's error listeners, and the handlers are not
/// called.
///
/// A middleware that decides later is given one that is there as long as its task runs, or as long as a copy
/// of its EventNext is. The events of a socket with such a middleware pass one after the other, so that their
/// order is kept; one that is not decided within ServerOptions::middleware_timeout is refused.
struct SocketEvent {
  /// The event.
  std::string_view name;
  /// Its arguments, which a middleware may change.
  Args& args;
};

namespace socketio {
/// What a socket middleware has decided: to let the event pass, or what the error listeners are told.
struct EventVerdict {
  std::optional<std::string> refusal{};
};
}  // namespace socketio

/// Decides about an event, at once or later: `next()` lets it pass, `next("why")` refuses it. As Next.
class AERIE_API EventNext {
 public:
  /// For the framework.
  EventNext(core::Reply<socketio::EventVerdict> reply, std::shared_ptr<void const> event) noexcept
      : reply_(std::move(reply)), event_(std::move(event)) {}
  void operator()() const;
  void operator()(std::string message) const;

 private:
  core::Reply<socketio::EventVerdict> reply_;
  std::shared_ptr<void const> event_;
};

namespace socketio {

/// Calls `next` with what comes of the task, which refers to what `pinned` keeps.
AERIE_API void next_after(Task<void> task, Socket& socket, Next next, std::shared_ptr<void> pinned);

/// A namespace's middleware: `void(Socket&, Next)`, or `void(Socket&)` or `Task<void>(Socket&)` which refuse
/// by throwing ConnectError. Any other exception refuses, too, with a message that tells nothing.
using Middleware = std::function<void(Socket&, Next)>;

template <class F>
Middleware make_middleware(F function) {
  using Result = typename Signature<F>::Result;
  if constexpr (Signature<F>::Parameters::size == 2) {
    return function;
  } else if constexpr (TaskTraits<Result>::is_task) {
    // Shared with the tasks: they go on in it when the namespace is gone.
    return [function = std::make_shared<F>(std::move(function))](Socket& socket, Next next) {
      next_after((*function)(socket), socket, std::move(next), function);
    };
  } else {
    static_assert(
        std::is_void_v<Result>,
        "aerie: a middleware returns nothing: it throws aerie::ConnectError to refuse a socket, or takes an "
        "aerie::Next");
    return [function = std::move(function)](Socket& socket, Next next) mutable {
      function(socket);
      next();
    };
  }
}

/// A socket's middleware: `void(SocketEvent&)`, which refuses by throwing, `void(SocketEvent&, EventNext)` or
/// `Task<void>(SocketEvent&)`. One of the two is set.
struct EventMiddleware {
  std::function<void(SocketEvent&)> at_once{};
  std::function<void(SocketEvent&, EventNext, Socket&)> asked{};
};

AERIE_API void next_after(Task<void> task, Socket& socket, EventNext next, std::shared_ptr<void> pinned);

template <class F>
EventMiddleware make_event_middleware(F function) {
  using Result = typename Signature<F>::Result;
  if constexpr (Signature<F>::Parameters::size == 2) {
    return {.asked = [function = std::move(function)](SocketEvent& event, EventNext next, Socket&) mutable {
      function(event, std::move(next));
    }};
  } else if constexpr (TaskTraits<Result>::is_task) {
    return {.asked = [function = std::make_shared<F>(std::move(function))](SocketEvent& event, EventNext next,
                                                                           Socket& socket) {
      next_after((*function)(event), socket, std::move(next), function);
    }};
  } else {
    static_assert(std::is_void_v<Result>,
                  "aerie: a socket middleware returns nothing: it throws to refuse an event, or takes an "
                  "aerie::EventNext");
    return {.at_once = std::move(function)};
  }
}

}  // namespace socketio
}}  // namespace aerie::v1
