#pragma once

/// \file
/// What may be heard of a session beside its messages.
/// https://socket.io/docs/v4/server-api/#socketconn

#include <aerie/engineio/packet.hpp>

#include <functional>

namespace aerie { inline namespace v1 { namespace engineio {

/// Listeners of one session, each of which may be empty, and may be set and taken away at any time on the
/// session's shard, also while it is called. They may send, and close the session. What they throw is logged.
///
/// A session to which somebody listens does without what spares work when many are sent the same, so listen
/// to those that you are interested in. The others pay nothing.
struct SessionEvents {
  /// A packet of whatever type has come, and is about to be handled. Its data are valid during the call.
  std::function<void(Packet const&)> packet{};
  /// A packet of whatever type is about to be sent.
  std::function<void(Packet const&)> packet_create{};
  /// What was sent since the last time is about to be written: at the end of the turn, or when the client
  /// polls. Once for all of it.
  std::function<void()> flush{};
  /// All that has been sent was taken by the operating system, or is the answer to a poll.
  std::function<void()> drain{};
  /// The client has answered a ping.
  std::function<void()> heartbeat{};
};

}}}  // namespace aerie::v1::engineio
