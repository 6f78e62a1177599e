#pragma once

/// \file
/// Namespaces: channels of one connection, each with its own handlers, rooms and middlewares.
/// https://socket.io/docs/v4/namespaces/

#include <aerie/core/api.hpp>
#include <aerie/core/question.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handler_set.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/pattern.hpp>
#include <aerie/socketio/server_side.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

class Server;
class ParentNamespace;

namespace core {
class Shard;
}  // namespace core

namespace socketio {
class ConnectFlow;
class LocalAdapter;
class NamespaceRegistry;
class ServerLink;
}  // namespace socketio

/// What can be registered once for all sockets of a namespace. Thread contract: before the server serves, or,
/// with a single shard, at any time on its thread, also within a handler. With several shards every call here
/// throws std::logic_error once the server serves.
template <class Derived>
class Registers {
 public:
  /// Handles an event of every socket. See aerie/socketio/handler.hpp for what a handler may take and return.
  /// Throws std::invalid_argument for what is no event of a client, such as "connection" and "disconnect".
  template <class F>
  Derived& on(std::string_view event, F&& handler) {
    add_listener(event, std::forward<F>(handler));
    return self();
  }
  /// A member function of `object`, which must outlive the server.
  template <class Member, class C>
  Derived& on(std::string_view event, Member member, C& object) {
    return on(event, socketio::bind_member(member, object));
  }
  /// As `on`; returns what to remove the handler by.
  template <class F>
  ListenerId add_listener(std::string_view event, F&& handler) {
    return handlers().add(event, socketio::make_handler(std::forward<F>(handler)));
  }
  /// Removes one handler of an event, or all. What runs goes on to its end.
  bool off(std::string_view event, ListenerId listener) { return handlers().remove(event, listener); }
  Derived& off(std::string_view event) {
    handlers().remove(event);
    return self();
  }
  /// Removes everything but the middlewares.
  Derived& remove_all_listeners() {
    handlers().remove_all();
    return self();
  }
  /// A socket has connected; emits from here arrive after the client's `connect`.
  template <class F>
  Derived& on_connection(F&& handler) {
    handlers().add_connection(socketio::make_handler(std::forward<F>(handler)));
    return self();
  }
  /// A socket is about to leave; its rooms are still there. Takes `Socket&`, `DisconnectReason` and
  /// `DisconnectDescription`.
  template <class F>
  Derived& on_disconnecting(F&& handler) {
    handlers().add_disconnecting(socketio::make_handler(std::forward<F>(handler)));
    return self();
  }
  /// A socket has left.
  template <class F>
  Derived& on_disconnect(F&& handler) {
    handlers().add_disconnect(socketio::make_handler(std::forward<F>(handler)));
    return self();
  }
  /// The client of a socket that was cut off has not come back while it could have been recovered: what was
  /// kept for it is gone. Called on the shard that had the socket. See docs/recovery.md.
  Derived& on_session_expired(std::function<void(ExpiredSession const&)> listener) {
    handlers().add_expired(std::move(listener));
    return self();
  }
  /// Handles an event that another server has sent with `server_side_emit`, on the first shard of this one.
  /// See aerie/socketio/server_side.hpp for what a handler may take and return. Throws std::invalid_argument
  /// for "connect", "connection" and "new_namespace".
  template <class F>
  Derived& on_server_side(std::string_view event, F&& handler) {
    handlers().add_server_side(event, socketio::make_server_side_handler(std::forward<F>(handler)));
    return self();
  }
  /// A room has its first socket in this process, or has lost its last one. The rooms that sockets have for
  /// themselves, of their ids' names, are among them. With several shards these two are called on the first
  /// one, in its own time; the next two on the socket's shard, at once.
  /// https://socket.io/docs/v4/rooms/#room-events
  Derived& on_room_created(std::function<void(std::string_view room)> listener) {
    handlers().add_room(&socketio::RoomListeners::created, std::move(listener));
    return self();
  }
  /// A room has lost its last socket: see `on_room_created`.
  Derived& on_room_deleted(std::function<void(std::string_view room)> listener) {
    handlers().add_room(&socketio::RoomListeners::deleted, std::move(listener));
    return self();
  }
  /// A socket has joined a room, or has left it.
  Derived& on_room_joined(std::function<void(std::string_view room, std::string_view socket)> listener) {
    handlers().add_room(&socketio::RoomListeners::joined, std::move(listener));
    return self();
  }
  /// A socket has left a room: see `on_room_joined`.
  Derived& on_room_left(std::function<void(std::string_view room, std::string_view socket)> listener) {
    handlers().add_room(&socketio::RoomListeners::left, std::move(listener));
    return self();
  }
  /// Called for every event of every socket, before its handlers.
  Derived& on_any(std::function<void(Socket&, std::string_view event, Args const&)> listener) {
    handlers().add_any(std::move(listener));
    return self();
  }
  /// Called with what a handler has thrown; without such a listener it is logged.
  Derived& on_error(std::function<void(HandlerError const&)> listener) {
    handlers().add_error(std::move(listener));
    return self();
  }
  /// Of these events only the last `keep` are kept for a client for whom more than
  /// ServerOptions::high_water_mark bytes wait: it is sent them, in their order, when it has taken the
  /// others. For what is out of date when the next one comes, such as positions and prices. Events that ask
  /// for an acknowledgement are not concerned. See docs/back-pressure.md. Throws std::invalid_argument for 0.
  Derived& drop_oldest(std::string_view event, std::size_t keep = 1) {
    handlers().set_drop_oldest(event, keep);
    return self();
  }
  /// Adds a middleware; see aerie/socketio/middleware.hpp.
  template <class F>
  Derived& use(F&& middleware) {
    handlers().add_middleware(socketio::make_middleware(std::forward<F>(middleware)));
    return self();
  }

 private:
  Derived& self() noexcept { return static_cast<Derived&>(*this); }
  socketio::HandlerSet& handlers() noexcept { return self().handler_set(); }
};

/// Thread contract: emitting, the operators and the queries from any thread; registering as Registers says.
class AERIE_API Namespace : public Registers<Namespace>,
                            public Broadcasts<Namespace>,
                            public std::enable_shared_from_this<Namespace> {
 public:
  /// For the framework; callers use `Server::of`.
  Namespace(std::shared_ptr<socketio::ServerLink const> server, std::string name,
            std::shared_ptr<socketio::HandlerSet> parent = nullptr);
  ~Namespace();
  Namespace(Namespace const&) = delete;
  Namespace& operator=(Namespace const&) = delete;

  /// With its slash: "/chat".
  std::string const& name() const noexcept { return name_; }

  /// Everybody in it, on all servers.
  BroadcastOperator all() const { return BroadcastOperator(shared_from_this()); }

  /// Events of servers to each other, see aerie/socketio/server_side.hpp: to the others, never to this one.
  ServerSideEmitter server_side() const { return ServerSideEmitter(shared_from_this()); }
  /// Sends an event to the other servers' namespaces of this name. False as `emit`.
  template <class... Ts>
  bool server_side_emit(std::string_view event, Ts&&... args) const {
    return server_side().emit(event, std::forward<Ts>(args)...);
  }
  /// The same, and waits for their answers.
  template <class... Ts>
  Task<BroadcastReply> server_side_emit_with_ack(std::string_view event, Ts&&... args) const {
    return server_side().emit_with_ack(event, std::forward<Ts>(args)...);
  }

  /// Sockets connected here, on all shards of this process.
  std::size_t socket_count() const noexcept { return connected_.load(std::memory_order_relaxed); }
  /// The connected socket of that id on the calling shard; null if there is none.
  Socket* find(std::string_view id) const;
  /// Calls `visit` for each connected socket of the calling shard. It may disconnect them.
  void for_each_local(std::function<void(Socket&)> const& visit) const;
  /// Names of the rooms on the calling shard, the sockets' own ids among them.
  std::vector<std::string> local_rooms() const;

  /// For the framework: what is registered here.
  socketio::HandlerSet& handler_set() noexcept { return *handlers_; }

  /// For the framework: the half of the adapter that lives on `shard`.
  socketio::LocalAdapter& adapter(core::Shard const& shard) const noexcept;
  /// For the framework: what a parent namespace has registered; null if there is none.
  socketio::HandlerSet* parent_handlers() const noexcept { return parent_.get(); }
  /// For the framework: whether a socket of this process listens to what it is sent.
  bool has_outgoing_listeners() const noexcept {
    return outgoing_listeners_.load(std::memory_order_relaxed) > 0;
  }
  /// For the framework: what `drop_oldest` says of an event; null if nothing.
  socketio::DropOldest const* rule_for(std::string_view event) const {
    if (!has_rules()) return nullptr;
    return find_rule(event);
  }
  /// For the framework: whether `drop_oldest` says anything of any event.
  bool has_rules() const noexcept {
    return !handlers_->drop_oldest.empty() || (parent_ && !parent_->drop_oldest.empty());
  }
  /// For the framework: whether anybody listens to its rooms, and tells them. What a listener throws is
  /// reported.
  bool has_room_listeners() const noexcept { return handlers_->rooms.any || (parent_ && parent_->rooms.any); }
  /// For the framework: tells that a room has its first socket, or has lost its last one.
  void tell_room(bool created, std::string_view room) const;
  /// For the framework: tells that a socket has joined a room, or has left it.
  void tell_member(bool joined, std::string_view room, std::string_view socket) const;
  /// For the framework: calls those who listen to expired sessions.
  void tell_expired(ExpiredSession const& session) const;
  /// For the framework: whether there are any.
  bool hears_of_expired() const noexcept;
  /// For the framework: calls the handlers of another server's event. On the first shard.
  void tell_server_side(socketio::ServerSideEvent const& event) const;
  /// For the framework: the next number for an acknowledgement. Any thread.
  std::uint64_t next_ack() noexcept { return last_ack_.fetch_add(1, std::memory_order_relaxed); }

 private:
  friend class BroadcastOperator;
  friend class RemoteSocket;
  friend class ServerSideEmitter;
  friend class Socket;
  friend class SocketHandle;
  friend class socketio::NamespaceRegistry;
  friend class socketio::LocalAdapter;

  socketio::DropOldest const* find_rule(std::string_view event) const;

  std::shared_ptr<socketio::ServerLink const> server_;
  std::string name_;
  std::shared_ptr<socketio::HandlerSet> handlers_;
  std::shared_ptr<socketio::HandlerSet> parent_;
  std::vector<std::unique_ptr<socketio::LocalAdapter>> shards_;
  std::atomic<std::size_t> connected_{0};
  std::atomic<std::size_t> outgoing_listeners_{0};  // sockets that have any, on all shards
  std::size_t users_ = 0;  // sockets that are here or on their way; guarded by the server's registry
  std::atomic<std::uint64_t> last_ack_{0};
  bool dynamic_ = false;  // goes with its last socket; guarded as well
};

/// Namespaces that come into being when a client asks for one of a matching name. What is registered here
/// holds for all of them. Thread contract: as Namespace.
class AERIE_API ParentNamespace : public Registers<ParentNamespace> {
 public:
  /// Decides about a name, at once or later: `accept(true)` creates the namespace. May be kept for ever and
  /// called on any thread; the first call counts.
  using Accept = core::Reply<bool>;
  /// Says by `accept` whether a client may have a namespace of that name. `auth` is what the client has sent
  /// for it.
  using Predicate = std::function<void(std::string_view name, Value const& auth, Accept accept)>;

  /// For the framework; callers use `Server::of`.
  ParentNamespace(socketio::NamespaceRegistry& registry, Predicate matches);

  /// Sends an event to every socket of every namespace that this one has created.
  template <class... Ts>
  void emit(std::string_view event, Ts const&... args) const {
    emit_args(event, socketio::EncodableList(args...));
  }
  /// The same with arguments that are collected already.
  void emit_args(std::string_view event, ArgsRef args) const;
  /// For the framework: what is registered here.
  socketio::HandlerSet& handler_set() noexcept { return *handlers_; }

 private:
  friend class socketio::ConnectFlow;
  friend class socketio::NamespaceRegistry;

  socketio::NamespaceRegistry& registry_;
  Predicate matches_;
  std::shared_ptr<socketio::HandlerSet> handlers_;
};

}}  // namespace aerie::v1
