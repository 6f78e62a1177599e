#pragma once

/// \file
/// The spans of a Socket.IO server: see docs/tracing.md for their names and what they say. Only where the
/// runtime has a tracer.

#include <aerie/core/trace.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace aerie { inline namespace v1 {

class Socket;

namespace core {
class Shard;
}
namespace engineio {
class Session;
}
namespace http {
class RequestHead;
}

namespace socketio {

/// What a client's request says it is part of; nothing if it does not.
std::optional<TraceContext> trace_of(http::RequestHead const& request);
/// The same for a client that enters a namespace: by `auth`, as it has come, or else by its request.
std::optional<TraceContext> trace_of(std::string_view auth, http::RequestHead const& request);

/// A session has opened.
Span span_of_session(engineio::Session const& session);
/// A client wants to enter a namespace.
Span span_of_connect(core::Shard& shard, std::string_view nsp, TraceContext const* remote_parent);
/// An event has come: until its handlers have ended.
Span span_of_event(Socket& socket, std::string_view event);
/// A message of another server's has come; none if that does not say what it is part of.
Span span_of_message(core::Shard& shard, ClusterMessage const& message);

/// The scope of a span that usually is none: then nothing is called.
class MaybeScope {
 public:
  explicit MaybeScope(Span const& span) {
    if (span) [[unlikely]]
      scope_.emplace(span);
  }

 private:
  std::optional<SpanScope> scope_;
};

/// Makes a message that is for other servers part of what runs here.
void trace_message(ClusterMessage& message);
/// Tells of a message that is given to the adapter, if it is part of anything, when it has been.
class Publishing {
 public:
  /// `message` outlives it.
  Publishing(core::Shard& shard, ClusterMessage const& message);
  ~Publishing();
  Publishing(Publishing const&) = delete;
  Publishing& operator=(Publishing const&) = delete;
  void fail() noexcept { failed_ = true; }

 private:
  core::Shard& shard_;
  ClusterMessage const& message_;
  core::TimePoint begun_{};
  bool failed_ = false;
};

}  // namespace socketio
}}  // namespace aerie::v1
