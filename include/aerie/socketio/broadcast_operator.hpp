#pragma once

/// \file
/// Emitting to many: `io.to("room").except("other").emit("event", data)`.
/// https://socket.io/docs/v4/server-api/#broadcastoperator

#include <aerie/core/api.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/remote_socket.hpp>
#include <aerie/socketio/target.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

/// An immutable value: each call returns a changed copy. All of it may be used on any thread.
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

  void emit_args(std::string_view event, ArgsRef args) const;
  void emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(BroadcastReply)> on_reply) const;

 private:
  std::shared_ptr<Namespace const> nsp_;
  socketio::Target target_;
  socketio::EmitOptions options_;
};

}}  // namespace aerie::v1
