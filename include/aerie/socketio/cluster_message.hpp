#pragma once

/// \file
/// What the servers of a cluster say to each other: these few messages, and the answers to those that are
/// requests. Plain values; any thread.

#include <aerie/core/api.hpp>
#include <aerie/core/trace.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/event_payload.hpp>
#include <aerie/socketio/remote_socket.hpp>
#include <aerie/socketio/target.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

enum class ClusterAction : std::uint8_t {
  broadcast,    ///< Send `payload` to the target's clients; as a request: with their acknowledgements.
  join,         ///< The target's sockets join `rooms`.
  leave,        ///< They leave `rooms`.
  disconnect,   ///< They leave the namespace; with `close` their connections end.
  fetch,        ///< A request: tell what is known of the target's sockets.
  server_side,  ///< Tell `payload` to the other servers themselves; as a request: with their answers.
};

/// Names a request of this server for as long as it is open. It is unique among all servers of a cluster with
/// all but certainty, because every server begins at a place of its own. 0: no request.
using RequestId = std::uint64_t;

/// What a message is part of, for those who trace: see docs/tracing.md.
struct MessageTrace {
  /// The span of its publication; what other servers do for it is below that.
  TraceContext context{};
  /// The span in whose name it was emitted. Does not travel.
  SpanId parent{};
};

struct ClusterMessage {
  ClusterAction action = ClusterAction::broadcast;
  /// With its slash: "/", "/chat".
  std::string nsp;
  /// Whom it is for; not of `server_side`.
  Target target{};
  /// Of a broadcast. A flag that has its default was not set by anybody, and need not be sent. `local` is
  /// never set in a message that an adapter is given.
  EmitOptions options{};
  /// Of a broadcast with acknowledgements: only one socket is meant, and one answer expected.
  bool single_response = false;
  /// Of `broadcast` and `server_side`: the event, in the form that the adapter has asked for.
  EventPayload payload{};
  /// Of join and leave.
  std::vector<std::string> rooms{};
  /// Of disconnect: the connections, too.
  bool close = false;
  /// Not 0 if answers are expected; `options.timeout` then says for how long.
  RequestId request = 0;
  /// Null if it is part of nothing that is traced. Clusters whose format has no place for it need not carry
  /// it.
  std::shared_ptr<MessageTrace const> trace{};
};

/// An answer to a request, as one server gives it.
struct ClusterResponse {
  enum class Type : std::uint8_t {
    sockets,       ///< Of a fetch: `sockets`, all that the server has; its only answer.
    client_count,  ///< Of a broadcast, once: how many acknowledgements will follow from this server.
    ack,           ///< Of a broadcast: the first argument of one of them, in `answer`; or `error`, if the
                   ///< client has left. Clusters whose format has no place for errors need not carry it.
    server_side,   ///< Of a server-side emit: `answer`; its only one.
  };

  Type type = Type::sockets;
  RequestId request = 0;
  /// Who answers; empty where the cluster's format does not say.
  std::string server{};
  std::vector<SocketDetails> sockets{};
  std::size_t client_count = 0;
  AckError error = AckError::none;
  Value answer{};
};

}}}  // namespace aerie::v1::socketio
