#pragma once

/// \file
/// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): what a browser's
/// EventSource reads. Plain values.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace aerie { inline namespace v1 { namespace http {

/// One event. It has constructors, so that `co_yield aerie::http::ServerSentEvent("hello")` is safe with
/// g++ 12.
struct AERIE_API ServerSentEvent {
  ServerSentEvent() = default;
  /// An event of that data; `type` is its `event`, `number` its `id`.
  explicit ServerSentEvent(std::string text, std::string type = {}, std::string number = {})
      : data(std::move(text)), event(std::move(type)), id(std::move(number)) {}
  /// What clients pass over: to be seen by whoever looks at the connection.
  static ServerSentEvent only_comment(std::string text) {
    ServerSentEvent made;
    made.comment = std::move(text);
    return made;
  }

  /// May have several lines.
  std::string data;
  /// What listeners are asked for; empty is "message". One line.
  std::string event;
  /// What the client sends as Last-Event-ID when it comes back. One line; where it is empty the stream
  /// numbers its events from 1 on, as NestJS does.
  std::string id;
  /// How long the client is to wait before it comes back.
  std::optional<core::Milliseconds> retry;
  /// Passed over by clients; may have several lines.
  std::string comment;

  /// Appends it as it is sent, with the empty line behind it. Throws std::invalid_argument if `event` or `id`
  /// has a line break or a NUL, by which whoever has a say in it would forge other events.
  void append_to(std::string& out) const;
};

/// A plain value.
struct EventStreamOptions {
  /// A comment is sent whenever nothing else was for so long, so that nobody on the way takes the connection
  /// for dead. 0: never.
  core::Milliseconds keep_alive = std::chrono::seconds{15};
};

}}}  // namespace aerie::v1::http
