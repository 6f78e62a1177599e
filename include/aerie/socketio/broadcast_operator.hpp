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
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Namespace;

namespace socketio {
class RecoveryShared;
class ShardNode;
enum class ClusterAction : std::uint8_t;
struct LocalMessage;
}  // namespace socketio

/// What a fetch has found. If servers are missing, theirs are.
class FetchedSockets {
 public:
  FetchedSockets() = default;
  /// For the framework.
  FetchedSockets(std::vector<RemoteSocket> sockets, MissingServers missing)
      : sockets_(std::move(sockets)), missing_(std::move(missing)) {}

  /// The sockets, in no order that could be relied on.
  std::vector<RemoteSocket> const& sockets() const noexcept { return sockets_; }
  operator std::vector<RemoteSocket> const&() const noexcept { return sockets_; }
  /// The servers that have not answered, of whose sockets nothing is known.
  MissingServers const& missing() const noexcept { return missing_; }
  /// All servers have answered.
  bool complete() const noexcept { return missing_.none(); }

  auto begin() const noexcept { return sockets_.begin(); }
  auto end() const noexcept { return sockets_.end(); }
  std::size_t size() const noexcept { return sockets_.size(); }
  bool empty() const noexcept { return sockets_.empty(); }
  RemoteSocket const& operator[](std::size_t index) const noexcept { return sockets_[index]; }
  /// Throws std::out_of_range.
  RemoteSocket const& at(std::size_t index) const { return sockets_.at(index); }
  /// The first one. There must be one.
  RemoteSocket const& front() const noexcept { return sockets_.front(); }

 private:
  std::vector<RemoteSocket> sockets_;
  MissingServers missing_;
};

/// An immutable value: each call returns a changed copy. All of it may be kept for ever and used on any
/// thread; when the server is gone it does nothing.
class AERIE_API BroadcastOperator : public socketio::Emits<BroadcastOperator, BroadcastReply> {
 public:
  /// For the framework; callers use `Namespace::all` and its flags.
  explicit BroadcastOperator(std::shared_ptr<Namespace const> nsp, socketio::Target target = {},
                             socketio::EmitOptions options = {})
      : nsp_(std::move(nsp)), target_(std::move(target)), options_(options) {}

  /// Also the members of these rooms.
  BroadcastOperator to(socketio::RoomList rooms) const;
  /// As `to`, under its other name.
  BroadcastOperator in(socketio::RoomList rooms) const { return to(std::move(rooms)); }
  /// Not the members of these rooms.
  BroadcastOperator except(socketio::RoomList rooms) const;
  /// Whether the transport may compress the event.
  BroadcastOperator compress(bool on) const;
  /// Clients that cannot take the event at once do not get it.
  BroadcastOperator volatile_() const;
  /// Not the sockets of other servers.
  BroadcastOperator local() const;
  /// How long to wait for acknowledgements, 10 s if it is not said, and for servers (`fetch_sockets`), 5 s.
  BroadcastOperator timeout(std::chrono::milliseconds timeout) const;

  /// The sockets of all shards and servers. Those that do not answer in time are missing, and said to be.
  Task<FetchedSockets> fetch_sockets() const;
  /// Their ids only: what the official server has kept as `allSockets`.
  Task<std::set<std::string>> all_sockets() const;
  /// Makes the sockets join rooms: `socketsJoin` of the official server.
  void sockets_join(socketio::RoomList rooms) const;
  /// Makes the sockets leave a room, or several: `socketsLeave` of the official server.
  void sockets_leave(socketio::RoomList rooms) const;
  /// Disconnects the sockets from the namespace; `close`: their connections, too.
  void disconnect_sockets(bool close = false) const;

  /// As `emit`, and waits until the event is where clients that come back are sent it from: in the log of the
  /// adapter, if that keeps one (aerie/cluster/redis_adapter.hpp, RedisStreamsAdapter). False: it is not, and
  /// nobody will be sent it, or only those who are there.
  template <class... Ts>
  Task<bool> emit_stored(std::string_view event, Ts&&... args) const {
    static_assert(core::require_named_where_awaited<Ts...>());
    core::Completion<bool> stored;
    emit_and_tell(event, socketio::EncodableList(std::as_const(args)...), stored.completer());
    return wait_until(std::move(stored));
  }
  /// The same with a function, which is called on any thread.
  void emit_and_tell(std::string_view event, ArgsRef args, UniqueFunction<void(bool)> on_stored) const;

  /// False if the server is gone, or if this is a thread outside the runtime and a shard has fallen so far
  /// behind that it takes no more (RuntimeOptions::producer_limit): nothing is sent then.
  bool emit_args(std::string_view event, ArgsRef args) const;
  bool emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(BroadcastReply)> on_reply) const;

 private:
  bool emit_logged(std::string_view event, ArgsRef args, std::function<void(bool)> on_logged) const;
  bool emit_retained(std::string_view event, ArgsRef args, socketio::RecoveryShared& recovery,
                     socketio::ShardNode* node) const;
  static Task<bool> wait_until(core::Completion<bool> stored);
  friend class RemoteSocket;
  BroadcastOperator single_response() const;
  // One operation for every shard.
  std::shared_ptr<socketio::LocalMessage> message(socketio::ClusterAction action) const;
  void send(std::shared_ptr<socketio::LocalMessage const> message) const;

  std::shared_ptr<Namespace const> nsp_;
  socketio::Target target_;
  socketio::EmitOptions options_;
  bool single_response_ = false;
};

/// What a namespace can be told as a whole, written once for whatever has one: all that starts with
/// everybody in it. Derived has `BroadcastOperator all() const`. Any thread.
template <class Derived>
class Broadcasts : public socketio::Emits<Derived, BroadcastReply> {
 public:
  /// The members of these rooms.
  BroadcastOperator to(socketio::RoomList rooms) const { return all().to(std::move(rooms)); }
  /// As `to`, under its other name.
  BroadcastOperator in(socketio::RoomList rooms) const { return all().to(std::move(rooms)); }
  /// Everybody but the members of these rooms.
  BroadcastOperator except(socketio::RoomList rooms) const { return all().except(std::move(rooms)); }
  /// Whether the transport may compress the event.
  BroadcastOperator compress(bool on) const { return all().compress(on); }
  /// See BroadcastOperator::volatile_.
  BroadcastOperator volatile_() const { return all().volatile_(); }
  /// The sockets of this server only.
  BroadcastOperator local() const { return all().local(); }
  /// See BroadcastOperator::timeout.
  BroadcastOperator timeout(std::chrono::milliseconds timeout) const { return all().timeout(timeout); }
  /// `emit("message", args...)`
  template <class... Ts>
  bool send(Ts&&... args) const {
    return this->emit("message", std::forward<Ts>(args)...);
  }

  /// See BroadcastOperator::fetch_sockets.
  Task<FetchedSockets> fetch_sockets() const { return all().fetch_sockets(); }
  /// See BroadcastOperator::all_sockets.
  Task<std::set<std::string>> all_sockets() const { return all().all_sockets(); }
  /// Makes all sockets join rooms.
  void sockets_join(socketio::RoomList rooms) const { all().sockets_join(std::move(rooms)); }
  /// Makes all sockets leave rooms.
  void sockets_leave(socketio::RoomList rooms) const { all().sockets_leave(std::move(rooms)); }
  /// Disconnects all sockets; `close`: their connections, too.
  void disconnect_sockets(bool close = false) const { all().disconnect_sockets(close); }

  /// As BroadcastOperator's.
  bool emit_args(std::string_view event, ArgsRef args) const { return all().emit_args(event, args); }
  bool emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(BroadcastReply)> on_reply) const {
    return all().emit_args(event, args, std::move(on_reply));
  }

 private:
  BroadcastOperator all() const { return static_cast<Derived const&>(*this).all(); }
};

}}  // namespace aerie::v1
