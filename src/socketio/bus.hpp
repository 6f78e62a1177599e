#pragma once

/// \file
/// What the parts of a cluster say to each other. An adapter has two halves: the local one of each shard
/// knows rooms and sockets and delivers at once; the bus carries these few messages to everybody else, be it
/// another shard of the process or, with a bus that reaches further, another process.

#include <aerie/core/api.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/cluster_message.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/socketio/remote_socket.hpp>
#include <aerie/socketio/target.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

/// Somebody on the bus: a number that its bus gives it.
using PeerId = std::uint32_t;

/// Something to be done with the sockets of a namespace that are a message's target.
struct LocalMessage {
  using Type = ClusterAction;

  Type type = Type::broadcast;
  std::string nsp;
  Target target;
  /// Of a broadcast: the packet, and how to send it.
  EncodedPacket packet{};
  std::string event{};
  /// For listeners to what is sent; none if no socket of the process had any when the packet was emitted.
  std::optional<std::vector<Value>> args{};
  EmitOptions options{};
  std::optional<std::uint64_t> ack{};
  /// Of join and leave.
  std::vector<std::string> rooms{};
  /// Of disconnect: the connections, too.
  bool close = false;
  /// Not 0 if responses are expected: of a fetch, and of a broadcast with acknowledgement.
  std::uint64_t request = 0;
};

/// Carries messages between peers; order is kept per pair. Thread contract: each call on the thread of its
/// peer.
class Bus {
 public:
  virtual ~Bus() = default;
  /// To every other peer.
  virtual void publish(PeerId from, std::shared_ptr<LocalMessage const> message) = 0;
  virtual void respond(PeerId from, PeerId to, ClusterResponse response) = 0;
  /// How many others will respond to a request.
  virtual std::size_t others(PeerId peer) const = 0;
};

}}}  // namespace aerie::v1::socketio
