#pragma once

#include <aerie/core/question.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/listener_list.hpp>
#include <aerie/socketio/middleware.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

class Socket;

namespace socketio {

struct PassingEvent;

/// Where the events of a socket pass whose middlewares may decide later: one after the other, in the order in
/// which they have come. Each counts as a handler under way, so that a client is not read that sends more
/// than its middlewares can look at. Belongs to its socket.
class EventGate {
 public:
  explicit EventGate(Socket& socket);
  ~EventGate();

  void take(std::string_view name, Args args, std::optional<std::uint64_t> ack);
  /// The socket has left: what waits goes nowhere.
  void close() noexcept;

 private:
  using Middlewares = ListenerList<EventMiddleware const>;

  void go_on();
  bool begin_next();
  bool step();
  void ask(EventMiddleware const& middleware);
  void refuse(std::string_view message);
  void let_through();

  Socket& socket_;
  std::deque<std::shared_ptr<PassingEvent>> waiting_;
  std::shared_ptr<PassingEvent> current_;
  Middlewares::Snapshot middlewares_;  // that `current_` passes
  std::size_t next_ = 0;               // of them
  core::Question<EventVerdict> decision_;
  bool working_ = false;
};

}  // namespace socketio
}}  // namespace aerie::v1
