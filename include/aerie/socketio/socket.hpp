#pragma once

/// \file
/// A client's place in one namespace.

#include <aerie/core/api.hpp>
#include <aerie/core/task_context.hpp>
#include <aerie/socketio/broadcast_operator.hpp>
#include <aerie/socketio/disconnect_reason.hpp>
#include <aerie/socketio/emit.hpp>
#include <aerie/socketio/handler.hpp>
#include <aerie/socketio/handshake.hpp>
#include <aerie/socketio/middleware.hpp>
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

namespace core {
class Stream;
}  // namespace core
namespace engineio {
class Session;
}  // namespace engineio

class Namespace;
class SocketHandle;

namespace socketio {
class Client;
class ConnectFlow;
class LocalAdapter;
struct Room;
struct EncodedPacket;

Client* client_of(Socket const& socket) noexcept;
SocketState* state_of(Socket& socket) noexcept;
AERIE_API TypedSlots& slots_of(Socket& socket);
AERIE_API TypedSlots const* find_slots(Socket const& socket) noexcept;

/// A socket's place in a room.
struct Membership {
  Room* room;
  std::uint32_t index;
};
}  // namespace socketio

/// One flag set for the next emit: `socket.timeout(5s).emit(...)`. An immutable value, for use at once.
class AERIE_API SocketEmitter : public socketio::Emits<SocketEmitter, AckReply> {
 public:
  SocketEmitter(Socket const& socket, socketio::EmitOptions options) : socket_(socket), options_(options) {}
  SocketEmitter compress(bool on) const;
  SocketEmitter volatile_() const;
  SocketEmitter timeout(std::chrono::milliseconds timeout) const;

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
  Socket(socketio::Client& client, socketio::LocalAdapter& adapter, std::string_view id, Handshake handshake);
  ~Socket();
  Socket(Socket const&) = delete;
  Socket& operator=(Socket const&) = delete;

  /// 20 characters; not the id of the connection, and told to this client only.
  std::string_view id() const noexcept { return {id_.data(), id_.size()}; }
  Namespace& nsp() const noexcept { return *nsp_; }
  Handshake const& handshake() const noexcept { return handshake_; }
  bool connected() const noexcept { return state_ == State::connected; }
  /// The connection beneath; null once it is gone.
  engineio::Session* conn() const noexcept;
  core::Shard& shard() const noexcept;
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

  void join(socketio::RoomList rooms);
  void leave(std::string_view room);
  /// The rooms it is in, its own id first.
  std::vector<std::string> rooms() const;
  BroadcastOperator to(socketio::RoomList rooms) const;
  BroadcastOperator in(socketio::RoomList rooms) const { return to(std::move(rooms)); }
  BroadcastOperator except(socketio::RoomList rooms) const;
  /// Everybody in the namespace but this socket.
  BroadcastOperator broadcast() const;
  BroadcastOperator local() const;

  // --- Sending

  SocketEmitter compress(bool on) const { return SocketEmitter(*this, {}).compress(on); }
  /// Lose the event if it cannot go out at once.
  SocketEmitter volatile_() const { return SocketEmitter(*this, {}).volatile_(); }
  SocketEmitter timeout(std::chrono::milliseconds timeout) const {
    return SocketEmitter(*this, {}).timeout(timeout);
  }
  /// `emit("message", args...)`
  template <class... Ts>
  void send(Ts&&... args) const {
    emit("message", std::forward<Ts>(args)...);
  }
  /// Sends an event whose name is any value: JavaScript peers can also name events with numbers.
  void emit_named(Value const& event, ArgsRef args) const;
  /// Leaves the namespace, after what was sent; `close`: closes the connection.
  void disconnect(bool close = false);

  // --- Listening, for what belongs to this socket alone; handlers of all sockets are the namespace's.

  template <class F>
  void on(std::string_view event, F&& handler) {
    add_handler(event, socketio::make_handler(std::forward<F>(handler)));
  }
  void off(std::string_view event);
  /// The socket is about to leave; its rooms are still there.
  template <class F>
  void on_disconnecting(F&& handler) {
    state().disconnecting.push_back(socketio::make_handler(std::forward<F>(handler)));
  }
  template <class F>
  void on_disconnect(F&& handler) {
    state().disconnect.push_back(socketio::make_handler(std::forward<F>(handler)));
  }
  using AnyListener = std::function<void(std::string_view event, Args const& args)>;
  /// Called for every event before its handlers; returns a number for `off_any`.
  std::size_t on_any(AnyListener listener);
  std::size_t prepend_any(AnyListener listener);
  void off_any(std::size_t listener);
  /// The same for events that are sent, broadcasts included.
  std::size_t on_any_outgoing(AnyListener listener);
  std::size_t prepend_any_outgoing(AnyListener listener);
  void off_any_outgoing(std::size_t listener);
  void use(std::function<void(SocketEvent&)> middleware);
  /// Malformed packets, and what socket middlewares throw.
  void on_error(std::function<void(std::string_view message)> listener);

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
  friend class socketio::LocalAdapter;
  friend core::TaskContext& socketio::context_for(socketio::IncomingEvent const& event);
  friend void socketio::answer(Socket& socket, std::optional<std::uint64_t> ack, ArgsRef args);
  friend socketio::Client* socketio::client_of(Socket const& socket) noexcept;
  friend socketio::SocketState* socketio::state_of(Socket& socket) noexcept;
  friend socketio::TypedSlots& socketio::slots_of(Socket& socket);
  friend socketio::TypedSlots const* socketio::find_slots(Socket const& socket) noexcept;
  friend void socketio::next_after(Task<void> task, Socket& socket, Next next);

  enum class State : std::uint8_t { connecting, connected, disconnected };

  socketio::SocketState& state();
  core::TaskContext& tasks();
  void add_handler(std::string_view event, std::unique_ptr<socketio::EventHandler> handler);
  void emit_event(std::string_view event, ArgsRef args, socketio::EmitOptions const& options,
                  UniqueFunction<void(AckReply)> on_reply);
  void send_packet(socketio::EncodedPacket const& packet, bool compress);
  bool writable() const noexcept;
  void expect_ack(std::uint64_t id, std::optional<std::chrono::milliseconds> timeout,
                  UniqueFunction<void(AckReply)> on_reply);
  Value shown_data() const { return rare_ ? rare_->data : Value(); }

  // What the client tells.
  void connect();
  void received_event(std::string_view name, Args args, std::optional<std::uint64_t> ack);
  void received_ack(std::uint64_t id, Args args);
  void failed(std::string_view message);
  void closed(DisconnectReason reason);
  void abandoned();
  void dispose() noexcept;
  void dispatch(std::string_view name, Args& args, std::optional<std::uint64_t> ack);
  void tell_outgoing(std::string_view event, Args const& args);
  bool listens_to_outgoing() const noexcept { return rare_ && !rare_->any_outgoing.empty(); }

  std::array<char, 20> id_;
  std::uint32_t place_ = 0;  // in the namespace's list of all sockets
  std::uint32_t mark_ = 0;   // the broadcast that has met this socket last
  State state_ = State::connecting;
  bool leaving_ = false;  // still connected, but its handlers are being told
  std::shared_ptr<Namespace>
      nsp_;  // a dynamic one is forgotten when it is empty, but not while it is referred to
  socketio::LocalAdapter* adapter_;
  socketio::Client* client_;
  core::Stream* frames_ = nullptr;  // where ready-made frames go, if the transport takes them
  std::vector<socketio::Membership> memberships_;
  std::unique_ptr<socketio::SocketState> rare_;
  Handshake handshake_;
};

/// A socket from afar: may be kept, and used on any thread; does nothing once the socket has disconnected.
class AERIE_API SocketHandle {
 public:
  explicit SocketHandle(std::shared_ptr<Socket> socket) : socket_(std::move(socket)) {}
  std::string_view id() const noexcept { return socket_->id(); }
  Handshake const& handshake() const noexcept { return socket_->handshake(); }

  template <class... Ts>
  void emit(std::string_view event, Ts const&... args) const {
    emit_args(event, socketio::EncodableList(args...));
  }
  void join(socketio::RoomList rooms) const;
  void leave(std::string_view room) const;
  void disconnect(bool close = false) const;
  /// Runs `action` with the socket on its shard, unless it has disconnected by then.
  void run(UniqueFunction<void(Socket&)> action) const;

 private:
  void emit_args(std::string_view event, ArgsRef args) const;
  std::shared_ptr<Socket> socket_;
};

}}  // namespace aerie::v1
