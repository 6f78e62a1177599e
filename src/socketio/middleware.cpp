#include "socketio/user_call.hpp"

#include <aerie/core/outcome.hpp>
#include <aerie/core/question.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/socket.hpp>

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 {

void Next::operator()() const {
  reply_({});
}

void Next::operator()(ConnectError error) const {
  reply_({std::move(error)});
}

void EventNext::operator()() const {
  reply_({});
}

void EventNext::operator()(std::string message) const {
  reply_({std::move(message)});
}

namespace socketio {

namespace {

/// Runs a middleware that is a task on a socket's behalf. If it ends with an exception, `next` is told what
/// `told_of(socket, exception)` makes of it. `pinned` is what the task stands in.
template <class Next, class ToldOf>
void start_middleware(Task<void> task, Socket& socket, Next next, std::shared_ptr<void> pinned,
                      ToldOf told_of) {
  IncomingEvent const event{socket, "middleware", no_args()};
  core::start(std::move(task), context_for(event),
              [pinned = std::move(pinned), under_way = std::make_unique<UnderWay>(event),
               next = std::move(next), told_of](core::Outcome<void>&& outcome) noexcept {
                if (outcome.has_value()) return next();
                next(told_of(under_way->socket(), outcome.error()));
              });
}

}  // namespace

ConnectError refusal_of(Socket& socket, std::exception_ptr const& error) {
  try {
    std::rethrow_exception(error);
  } catch (ConnectError const& refusal) {
    return refusal;
  } catch (...) {
    handler_failed(socket, "middleware", error);
  }
  return ConnectError(std::string(internal_error));
}

void next_after(Task<void> task, Socket& socket, Next next, std::shared_ptr<void> pinned) {
  start_middleware(std::move(task), socket, std::move(next), std::move(pinned), refusal_of);
}

void next_after(Task<void> task, Socket& socket, EventNext next, std::shared_ptr<void> pinned) {
  start_middleware(std::move(task), socket, std::move(next), std::move(pinned),
                   [](Socket&, std::exception_ptr const& error) { return core::describe(error); });
}

}  // namespace socketio

}}  // namespace aerie::v1
