#include "socketio/event_gate.hpp"

#include "socketio/local_adapter.hpp"
#include "socketio/server_state.hpp"
#include "socketio/shard_node.hpp"
#include "socketio/tracing.hpp"
#include "socketio/user_call.hpp"

#include <aerie/core/outcome.hpp>
#include <aerie/core/shard.hpp>
#include <aerie/core/user_code.hpp>
#include <aerie/socketio/socket.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

/// An event that passes the middlewares of its socket, kept by whoever may still look at it.
struct PassingEvent {
  PassingEvent(Socket& socket, std::string_view its_name, Args its_args, std::optional<std::uint64_t> its_ack)
      : name(its_name), args(std::move(its_args)), ack(its_ack) {
    args.own();
    under_way.emplace(IncomingEvent{socket, name, args});
  }

  std::string name;
  Args args;
  std::optional<std::uint64_t> ack;
  SocketEvent seen{name, args};
  std::optional<UnderWay> under_way;  // until it is decided
};

EventGate::EventGate(Socket& socket) : socket_(socket), decision_(socket.shard()) {}

EventGate::~EventGate() = default;

void EventGate::take(std::string_view name, Args args, std::optional<std::uint64_t> ack) {
  waiting_.push_back(std::make_shared<PassingEvent>(socket_, name, std::move(args), ack));
  go_on();
}

void EventGate::close() noexcept {
  decision_.withdraw();
  // What is told here that they are over may ask for more.
  auto const over = std::exchange(current_, nullptr);
  auto const others = std::exchange(waiting_, {});
  if (over) over->under_way.reset();
  for (auto const& event : others)
    event->under_way.reset();
}

/// Does what can be done until a middleware has to be waited for.
void EventGate::go_on() {
  // A middleware is waited for, or has answered at once, and the loop below goes on.
  if (decision_.pending() || std::exchange(working_, true)) return;
  auto const keep = pin(socket_);
  while ((current_ || begin_next()) && step()) {
  }
  working_ = false;
}

bool EventGate::begin_next() {
  if (waiting_.empty()) return false;
  current_ = std::move(waiting_.front());
  waiting_.pop_front();
  middlewares_ = state_of(socket_)->middlewares.snapshot();
  next_ = 0;
  return true;
}

/// False if it has to be waited.
bool EventGate::step() {
  MaybeScope const scope(current_->under_way->span());
  if (next_ == middlewares_.size()) {
    let_through();
    return true;
  }
  auto const middleware = middlewares_.share(next_++);
  if (middleware->asked) {
    ask(*middleware);
    return !decision_.pending();
  }
  auto const event = current_;
  auto const outcome = core::try_user(middleware->at_once, event->seen);
  if (!outcome.has_value()) refuse(core::describe(outcome.error()));
  return true;
}

void EventGate::ask(EventMiddleware const& middleware) {
  auto const limit = socket_.nsp().adapter(socket_.shard()).node().server().options().middleware_timeout;
  auto const reply = decision_.ask(limit, [this](std::optional<EventVerdict> verdict) {
    if (!verdict) {
      refuse("a middleware has not decided in time");
    } else if (verdict->refusal) {
      refuse(*verdict->refusal);
    }
    go_on();
  });
  auto const event = current_;
  auto const outcome = core::try_user(middleware.asked, event->seen, EventNext(reply, event), socket_);
  if (!outcome.has_value()) reply({core::describe(outcome.error())});
}

void EventGate::refuse(std::string_view message) {
  // An error listener may end the socket.
  if (auto const event = std::exchange(current_, nullptr)) event->under_way.reset();
  socket_.failed(message);
}

void EventGate::let_through() {
  auto const event = std::exchange(current_, nullptr);
  if (socket_.connected()) socket_.dispatch(event->name, event->args, event->ack);
  event->under_way.reset();
}

}}}  // namespace aerie::v1::socketio
