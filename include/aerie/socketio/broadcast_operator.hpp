#pragma once

/// \file
/// Emitting to many: `io.to("room").except("other").emit("event", data)`.
/// https://socket.io/docs/v4/server-api/#broadcastoperator

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/remote_socket.hpp>
#include <aerie/socketio/target.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

namespace socketio {
enum class ClusterAction : std::uint8_t;
struct LocalMessage;
}  // namespace socketio

/// An immutable value: each call returns a changed copy. All of it may be kept for ever and used on any
/// thread; when the server is gone it does nothing.
class AERIE_API BroadcastOperator : public socketio::Emits<BroadcastOperator, BroadcastReply> {
 public:
  explicit BroadcastOperator(std::shared_ptr<Namespace const> nsp, socketio::Target target = {},
                             socketio::EmitOptions options = {})
      : nsp_(std::move(nsp)), target_(std::move(target)), options_(options) {}

  /// Also the members of these rooms.
  BroadcastOperator to(socketio::RoomList rooms) const;
  BroadcastOperator in(socketio::RoomList rooms) const { return to(std::move(rooms)); }
  /// Not the members of these rooms.
  BroadcastOperator except(socketio::RoomList rooms) const;
  BroadcastOperator compress(bool on) const;
  /// Clients that cannot take the event at once do not get it.
  BroadcastOperator volatile_() const;
  /// Not the clients of other processes.
  BroadcastOperator local() const;
  /// How long to wait for acknowledgements; 10 s if it is not said.
  BroadcastOperator timeout(std::chrono::milliseconds timeout) const;

  /// The sockets of all shards (and processes).
  Task<std::vector<RemoteSocket>> fetch_sockets() const;
  void sockets_join(socketio::RoomList rooms) const;
  void sockets_leave(socketio::RoomList rooms) const;
  /// Disconnects the sockets from the namespace; `close`: their connections, too.
  void disconnect_sockets(bool close = false) const;

  /// False if the server is gone, or if this is a thread outside the runtime and a shard has fallen so far
  /// behind that it takes no more (RuntimeOptions::producer_limit): nothing is sent then.
  bool emit_args(std::string_view event, ArgsRef args) const;
  bool emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(BroadcastReply)> on_reply) const;

 private:
  // One operation for every shard.
  std::shared_ptr<socketio::LocalMessage> message(socketio::ClusterAction action) const;
  void send(std::shared_ptr<socketio::LocalMessage const> message) const;

  std::shared_ptr<Namespace const> nsp_;
  socketio::Target target_;
  socketio::EmitOptions options_;
};

}}  // namespace aerie::v1
