#pragma once

/// \file
/// A client's place in one namespace.

#include <aerie/core/anchor.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/kept_id.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/engineio/shared_messages.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handshake.hpp>
#include <aerie/socketio/memberships.hpp>
#include <aerie/socketio/middleware.hpp>
#include <aerie/socketio/recovery.hpp>
#include <aerie/socketio/socket_state.hpp>

#include <any>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

namespace engineio {
class Session;
}  // namespace engineio

class Namespace;
class Parser;
class SocketHandle;

namespace socketio {
class HandlerSet;
class Client;
struct ClaimedSession;
class ConnectFlow;
class EventGate;
class LocalAdapter;
class RecoveryShard;
class LoggedRecovery;
struct DropOldest;
struct OutgoingPacket;
struct UnansweredEvent;
class EncodedPacket;

Client* client_of(Socket const& socket) noexcept;
SocketState* state_of(Socket& socket) noexcept;
core::AnchorRef server_of(Socket& socket);
Parser const& parser_of(Socket const& socket) noexcept;
void send(Socket& socket, EncodedPacket const& packet);
AERIE_API TypedSlots& slots_of(Socket& socket);
AERIE_API TypedSlots const* find_slots(Socket const& socket) noexcept;
}  // namespace socketio

/// Flags for the next emit, in any order: `socket.timeout(5s).volatile_().emit(...)`,
/// `socket.compress(false).to("room").emit(...)`. An immutable value, for use at once.
class AERIE_API SocketEmitter : public socketio::Emits<SocketEmitter, AckReply> {
 public:
  /// For the framework; callers use the socket's flags.
  SocketEmitter(Socket const& socket, socketio::EmitOptions options) : socket_(socket), options_(options) {}
  /// Whether the transport may compress the event.
  SocketEmitter compress(bool on) const;
  /// The event is lost if it cannot go out at once.
  SocketEmitter volatile_() const;
  /// How long to wait for the acknowledgement.
  SocketEmitter timeout(std::chrono::milliseconds timeout) const;
  /// See Socket::at_least_once. What is broadcast has a timeout by it and nothing else; of this one and
  /// `volatile_` the last one counts.
  SocketEmitter at_least_once(std::chrono::milliseconds within) const;
  /// Others, the members of these rooms, with the same flags.
  BroadcastOperator to(socketio::RoomList rooms) const { return broadcast().to(std::move(rooms)); }
  /// As `to`, under its other name.
  BroadcastOperator in(socketio::RoomList rooms) const { return to(std::move(rooms)); }
  /// Others, but not the members of these rooms, with the same flags.
  BroadcastOperator except(socketio::RoomList rooms) const { return broadcast().except(std::move(rooms)); }
  /// Everybody in the namespace but this socket, with the same flags.
  BroadcastOperator broadcast() const;
  /// As `broadcast`, without the sockets of other servers.
  BroadcastOperator local() const { return broadcast().local(); }
  /// `emit("message", args...)`
  template <class... Ts>
  void send(Ts&&... args) const {
    emit("message", std::forward<Ts>(args)...);
  }

  /// The same with arguments that are collected already; with a function, which is called with the answer.
  void emit_args(std::string_view event, ArgsRef args) const;
  void emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const;

 private:
  Socket const& socket_;
  socketio::EmitOptions options_;
};

/// Belongs to its shard: all of it is called there, and handlers are. A handler's `Socket&` is valid until
/// the handler has ended, suspended or not; whoever needs it longer, or on another thread, takes a
/// `handle()`. https://socket.io/docs/v4/server-socket-instance/
class AERIE_API Socket : public std::enable_shared_from_this<Socket>,
                         public socketio::Emits<Socket, AckReply> {
 public:
  /// `id`: of the session that it goes on with; empty for a new one.
  Socket(socketio::Client& client, socketio::LocalAdapter& adapter, std::string_view id, Handshake handshake);
  ~Socket();
  Socket(Socket const&) = delete;
  Socket& operator=(Socket const&) = delete;

  /// 20 characters; not the id of the connection, and told to this client only. Of clients of Socket.IO 2 it
  /// is what they take for it: the id of the connection, in other namespaces than "/" behind the namespace
  /// and `#`.
  std::string_view id() const noexcept { return id_.view(); }
  /// The namespace that it is in.
  Namespace& nsp() const noexcept { return *nsp_; }
  /// What the client has said of itself when it connected.
  Handshake const& handshake() const noexcept { return handshake_; }
  /// From the end of the middlewares until it has left.
  bool connected() const noexcept { return state_ == State::connected; }
  /// Whether it goes on with the session of a socket whose connection was cut: its id, its rooms and its data
  /// are those of that one, and its client is sent what it has missed. True from the middlewares on. See
  /// docs/recovery.md.
  bool recovered() const noexcept { return recovery_ == Recovery::recovered; }
  /// What has become of the session that the client had before, if it has asked for one.
  Recovery recovery() const noexcept { return recovery_; }
  /// The connection beneath; null once it is gone.
  engineio::Session* conn() const noexcept;
  /// The event loop that it belongs to.
  core::Shard& shard() const noexcept;
  /// What may be kept, and used on any thread.
  SocketHandle handle();

  // --- State of the application

  /// What `fetch_sockets` shows of this socket to other shards and processes; undefined until it is set.
  Value& data() { return state().data; }
  /// Keeps one object of each type with the socket: `socket.set(User{...})`.
  template <class T>
  T& set(T value) {
    return state().slots.set(std::move(value));
  }
  /// The object of that type; null if none was set.
  template <class T>
  T* find() const noexcept {
    return rare_ ? rare_->slots.find<T>() : nullptr;
  }
  /// Throws std::out_of_range if none was set.
  template <class T>
  T& get() const {
    if (auto* const found = find<T>()) return *found;
    socketio::throw_no_such_state();
  }

  // --- Rooms

  /// Makes it join a room, or several; nothing happens for those it is in already.
  void join(socketio::RoomList rooms);
  /// Also the room that it is in from the start, which has its id for a name: what is sent to the id does not
  /// reach it then.
  void leave(std::string_view room);
  /// The rooms it is in, its own id first, the others in the order of joining.
  std::vector<std::string> rooms() const;
  /// The members of these rooms, but not this socket.
  BroadcastOperator to(socketio::RoomList rooms) const;
  /// As `to`, under its other name.
  BroadcastOperator in(socketio::RoomList rooms) const { return to(std::move(rooms)); }
  /// Everybody but this socket and the members of these rooms.
  BroadcastOperator except(socketio::RoomList rooms) const;
  /// Everybody in the namespace but this socket.
  BroadcastOperator broadcast() const;
  /// As `broadcast`, without the sockets of other servers.
  BroadcastOperator local() const;

  // --- Sending

  /// Whether the transport may compress the next event.
  SocketEmitter compress(bool on) const { return SocketEmitter(*this, {}).compress(on); }
  /// Lose the event if it cannot go out at once.
  SocketEmitter volatile_() const { return SocketEmitter(*this, {}).volatile_(); }
  /// How long to wait for the acknowledgement of the next event.
  SocketEmitter timeout(std::chrono::milliseconds timeout) const {
    return SocketEmitter(*this, {}).timeout(timeout);
  }
  /// Sends the next event, if it asks for an acknowledgement, again whenever its client comes back as this
  /// socket without having answered (ServerOptions::connection_state_recovery), until it has, or the session
  /// has ended, or `within` is over: `socket.at_least_once(30s).emit_with_ack("invoice", id)`. Its client may
  /// hear it twice. Without recovery, and for clients of Socket.IO 2, it is `timeout`. See docs/recovery.md.
  SocketEmitter at_least_once(std::chrono::milliseconds within) const {
    return SocketEmitter(*this, {}).at_least_once(within);
  }
  /// `emit("message", args...)`
  template <class... Ts>
  void send(Ts&&... args) const {
    emit("message", std::forward<Ts>(args)...);
  }
  // --- Back-pressure; see docs/back-pressure.md. What waits for the client waits for all its sockets, so
  // these are alike for the namespaces of one connection.

  /// True if an event would go out at once: what volatile events ask for.
  bool writable() const noexcept;
  /// Bytes that wait for the client: see engineio::Session::buffered_amount.
  std::size_t buffered_amount() const noexcept;
  /// ServerOptions::high_water_mark, as it is in force.
  std::size_t high_water_mark() const noexcept;
  /// Calls `drained(true)` as soon as at most `mark` bytes wait for the client, which may be at once, or
  /// `drained(false)` if the socket has left by then, or its server closes: then nobody waits for clients any
  /// more.
  void when_drained(UniqueFunction<void(bool connected)> drained, std::size_t mark = 0) const;
  /// The same, to be awaited: `if (!co_await socket.drained()) co_return;`. It waits from the call on.
  Task<bool> drained(std::size_t mark = 0) const;
  /// Sends an event at once. What it returns is awaited before the next one is sent: it goes on when no more
  /// than ServerOptions::high_water_mark bytes wait for the client; false if the socket has left by then.
  template <class... Ts>
  Task<bool> emit_paced(std::string_view event, Ts&&... args) const {
    static_assert(core::require_named_where_awaited<Ts...>());
    emit_args(event, socketio::EncodableList(std::as_const(args)...));
    return drained(high_water_mark());
  }

  /// Sends an event whose name is any value: JavaScript peers can also name events with numbers.
  void emit_named(Value const& event, ArgsRef args) const;
  /// Leaves the namespace, after what was sent; `close`: closes the connection.
  void disconnect(bool close = false);

  // --- Listening, for what belongs to this socket alone; handlers of all sockets are the namespace's.

  // Each may be called at any time, also by the handlers themselves: what runs goes on to its end.

  /// Throws std::invalid_argument for what is no event of a client, such as "disconnect" and "error".
  template <class F>
  ListenerId on(std::string_view event, F&& handler) {
    return add_handler(event, socketio::make_handler(std::forward<F>(handler)), false);
  }
  /// For the next event of that name only.
  template <class F>
  ListenerId once(std::string_view event, F&& handler) {
    return add_handler(event, socketio::make_handler(std::forward<F>(handler)), true);
  }
  /// Removes all handlers of an event, or one; then it is true if there was one of that name.
  void off(std::string_view event);
  bool off(std::string_view event, ListenerId handler);
  /// Removes all handlers of events, and those of leaving.
  void remove_all_listeners();
  /// The socket is about to leave; its rooms are still there.
  template <class F>
  void on_disconnecting(F&& handler) {
    auto& rare = state();
    rare.disconnecting.append(rare.next_listener(), socketio::make_handler(std::forward<F>(handler)));
  }
  /// The socket has left.
  template <class F>
  void on_disconnect(F&& handler) {
    auto& rare = state();
    rare.disconnect.append(rare.next_listener(), socketio::make_handler(std::forward<F>(handler)));
  }
  /// Called with each event. The arguments are valid during the call.
  using AnyListener = std::function<void(std::string_view event, Args const& args)>;
  /// Called for every event before its handlers.
  ListenerId on_any(AnyListener listener);
  /// As `on_any`, before those that there are.
  ListenerId prepend_any(AnyListener listener);
  /// Removes one, or all of them.
  void off_any(ListenerId listener);
  void off_any();
  /// The same for events that are sent, broadcasts included.
  ListenerId on_any_outgoing(AnyListener listener);
  /// As `on_any_outgoing`, before those that there are.
  ListenerId prepend_any_outgoing(AnyListener listener);
  /// Removes one, or all of them.
  void off_any_outgoing(ListenerId listener);
  void off_any_outgoing();
  /// How many of each there are.
  std::size_t any_listeners() const noexcept;
  /// Those of `on_any_outgoing`.
  std::size_t any_outgoing_listeners() const noexcept;
  /// Adds a middleware for events: `void(SocketEvent&)`, which refuses one by throwing, or one that may
  /// decide later, `void(SocketEvent&, EventNext)` or `Task<void>(SocketEvent&)`. See SocketEvent.
  template <class F>
  void use(F&& middleware) {
    add_middleware(socketio::make_event_middleware<std::decay_t<F>>(std::forward<F>(middleware)));
  }
  /// Called with malformed packets, and with what socket middlewares throw.
  void on_error(std::function<void(std::string_view message)> listener);

  /// `emit` with arguments that are collected already.
  void emit_args(std::string_view event, ArgsRef args) const {
    SocketEmitter(*this, {}).emit_args(event, args);
  }
  void emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const {
    SocketEmitter(*this, {}).emit_args(event, args, std::move(on_reply));
  }

 private:
  friend class SocketEmitter;
  friend class SocketHandle;
  friend class socketio::Client;
  friend class socketio::ConnectFlow;
  friend class socketio::EventGate;
  friend class socketio::LocalAdapter;
  friend class socketio::LoggedRecovery;
  friend class socketio::RecoveryShard;
  friend class socketio::UnderWay;
  friend core::TaskContext& socketio::context_for(socketio::IncomingEvent const& event);
  friend core::TaskContext& socketio::context_until_leave(socketio::IncomingEvent const& event);
  friend core::AnchorRef socketio::server_of(Socket& socket);
  friend void socketio::send(Socket& socket, socketio::EncodedPacket const& packet);
  friend Parser const& socketio::parser_of(Socket const& socket) noexcept;
  friend void socketio::answer(Socket& socket, std::optional<std::uint64_t> ack, ArgsRef args);
  friend socketio::Client* socketio::client_of(Socket const& socket) noexcept;
  friend socketio::SocketState* socketio::state_of(Socket& socket) noexcept;
  friend socketio::TypedSlots& socketio::slots_of(Socket& socket);
  friend socketio::TypedSlots const* socketio::find_slots(Socket const& socket) noexcept;
  friend void socketio::next_after(Task<void> task, Socket& socket, Next next, std::shared_ptr<void> pinned);

  enum class State : std::uint8_t { connecting, connected, disconnected };

  Parser const& parser() const noexcept;
  socketio::SocketState& state();
  void add_middleware(socketio::EventMiddleware middleware);
  ListenerId add_handler(std::string_view event, std::shared_ptr<socketio::EventHandler> handler, bool once);
  void emit_event(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                  UniqueFunction<void(AckReply)> on_reply);
  void emit_to_nobody(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                      UniqueFunction<void(AckReply)> on_reply);
  void send_retained(std::vector<EncodableRef> elements, bool compress);
  void emit_until_answered(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                           UniqueFunction<void(AckReply)> on_reply);
  void send_until_answered(std::shared_ptr<socketio::UnansweredEvent const> const& event);
  void send_unanswered_again();
  /// What those who come back are sent goes by the adapter's log. REQUIRES: it has a session.
  bool is_logged() const noexcept;
  void send_packet(socketio::OutgoingPacket const& packet, bool compress);
  void send_packet(socketio::EncodedPacket const& packet, bool compress);
  bool holds_back() const noexcept;
  void hold_back(std::shared_ptr<socketio::EncodedPacket const> packet, bool compress,
                 socketio::DropOldest const& rule);
  void send_held();
  void require_place_for_ack() const;
  void expect_ack(std::uint64_t id, std::optional<std::chrono::milliseconds> timeout,
                  UniqueFunction<void(AckReply)> on_reply);
  Value shown_data() const { return rare_ ? rare_->data : Value(); }

  // What the client tells.
  void connect(socketio::ClaimedSession const& claimed);
  bool send_missed(socketio::ClaimedSession const& claimed);
  /// Takes what it wants of `args`.
  void received_event(std::string_view name, Args& args, std::optional<std::uint64_t> ack);
  void received_ack(std::uint64_t id, Args&& args);
  void failed(std::string_view message);
  void closed(DisconnectReason reason, std::string_view description);
  void abandoned();
  /// What waits for the client ends: the server does.
  void end_what_waits();
  void end_tasks_of_client();
  void forget_flow() noexcept;
  void settle_all();
  void tell_any(socketio::HandlerSet const& handlers, std::string_view name, Args const& args);
  void pass(std::string_view name, Args& args, std::optional<std::uint64_t> ack);
  bool through_middlewares(std::string_view name, Args& args);
  void dispose() noexcept;
  void dispatch(std::string_view name, Args& args, std::optional<std::uint64_t> ack);
  void tell_outgoing(std::string_view event, Args const& args);
  void tell_outgoing_values(std::string_view event, ArgsRef args);
  bool listens_to_outgoing() const noexcept { return rare_ && !rare_->any_outgoing.empty(); }

  core::KeptId id_;
  std::uint32_t place_ = 0;  // in the namespace's list of all sockets
  std::uint32_t mark_ = 0;   // the broadcast that has met this socket last
  State state_ = State::connecting;
  bool leaving_ = false;  // still connected, but its handlers are being told
  bool is_in_room_of_id_ = true;
  bool is_reachable_ = false;  // it is sent what goes to its rooms
  std::uint8_t parser_;        // of its server's
  bool is_session_ = false;    // those who come back go on with it
  Recovery recovery_ = Recovery::none;
  std::shared_ptr<Namespace>
      nsp_;  // a dynamic one is forgotten when it is empty, but not while it is referred to
  socketio::LocalAdapter* adapter_;
  socketio::Client* client_;
  engineio::SharedSink sink_;  // of its session, as long as it is reachable
  socketio::Memberships memberships_;
  core::Owned<socketio::SocketState> rare_;
  Handshake handshake_;
};

/// A socket from afar: may be kept for ever, and used on any thread; does nothing once the socket has
/// disconnected, or the server is gone.
class AERIE_API SocketHandle {
 public:
  /// On the socket's shard.
  explicit SocketHandle(std::shared_ptr<Socket> socket);
  /// The socket's id.
  std::string_view id() const noexcept { return socket_->id(); }
  /// The socket's handshake.
  Handshake const& handshake() const noexcept { return socket_->handshake(); }

  /// False if it is certain that the event is not sent: the server is gone, or this is a thread outside the
  /// runtime and the socket's shard has fallen so far behind that it takes no more
  /// (RuntimeOptions::producer_limit).
  template <class... Ts>
  bool emit(std::string_view event, Ts const&... args) const {
    return emit_args(event, socketio::EncodableList(args...));
  }
  /// Of the socket, see there; in a task of whatever shard. They end with false, too, if the server is gone.
  Task<bool> drained(std::size_t mark = 0) const;
  /// See Socket::emit_paced. It ends with false as well if the event is not sent.
  template <class... Ts>
  Task<bool> emit_paced(std::string_view event, Ts&&... args) const {
    static_assert(core::require_named_where_awaited<Ts...>());
    return drained_if(emit_args(event, socketio::EncodableList(std::as_const(args)...)));
  }
  /// Makes the socket join rooms.
  void join(socketio::RoomList rooms) const;
  /// Makes the socket leave a room.
  void leave(std::string_view room) const;
  /// Disconnects the socket from the namespace; `close`: its connection, too.
  void disconnect(bool close = false) const;
  /// Runs `action` with the socket on its shard, unless it has disconnected by then.
  void run(UniqueFunction<void(Socket&)> action) const;

 private:
  bool emit_args(std::string_view event, ArgsRef args) const;
  Task<bool> drained_if(bool sent) const;
  std::shared_ptr<Socket> socket_;
  core::AnchorRef server_;  // of the part of it that lives on the socket's shard
};

}}  // namespace aerie::v1
