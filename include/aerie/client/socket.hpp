#pragma once

/// \file
/// A client's place in a namespace: https://socket.io/docs/v4/client-socket-instance/

#include <aerie/client/auth.hpp>
#include <aerie/client/listener.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/completion.hpp>
#include <aerie/core/miscompiled.hpp>
#include <aerie/core/task.hpp>
#include <aerie/socketio/ack.hpp>
#include <aerie/socketio/emit.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace aerie { inline namespace v1 { namespace client {

class Socket;
class SocketCore;

/// Listens to every event; valid during the call.
using AnyListener = std::function<void(std::string_view event, Args const& args)>;

/// Emits with flags: `socket.timeout(5s).emit(...)`. To be used at once.
class AERIE_API Emitter : public socketio::Emits<Emitter, AckReply> {
 public:
  /// For the framework; callers use the socket's flags.
  Emitter(std::shared_ptr<SocketCore> core, socketio::EmitOptions options) noexcept
      : core_(std::move(core)), options_(options) {}

  /// How long to wait for the acknowledgement.
  Emitter timeout(std::chrono::milliseconds limit) const;
  /// The event is dropped if it cannot leave at once.
  Emitter volatile_() const;
  /// Whether the event is compressed where the connection is: `Options::per_message_deflate`.
  Emitter compress(bool on) const;

  /// As Emits::emit_with_ack, and the answer's first argument as T.
  template <class T = AckReply, class... Ts>
  Task<T> emit_with_ack(std::string_view event, Ts&&... args) const {
    static_assert(core::require_named_where_awaited<Ts...>());
    core::Completion<AckReply> reply;
    emit_args(event, socketio::EncodableList(std::as_const(args)...), giver(reply));
    return read<T>(std::move(reply));
  }

  /// The same with arguments that are collected already; with a function, which is called with the answer on
  /// the client's event loop.
  void emit_args(std::string_view event, ArgsRef args) const;
  void emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const;

 private:
  static UniqueFunction<void(AckReply)> giver(core::Completion<AckReply>& reply);

  template <class T>
  static Task<T> read(core::Completion<AckReply> reply) {
    if constexpr (std::is_same_v<T, AckReply>) {
      co_return co_await reply;
    } else {
      auto const got = co_await reply;
      if constexpr (std::is_void_v<T>) {
        if (!got.ok()) throw AckFailed(got.error());
      } else {
        co_return got.template get<T>();
      }
    }
  }

  std::shared_ptr<SocketCore> core_;
  socketio::EmitOptions options_;
};

/// A handle, to be copied and kept for ever. All of it may be called on any thread, and does nothing once the
/// client has been closed.
///
/// Besides the server's events it has those of the official client, which are listened to in the same way:
///
///  - `connect`, without arguments;
///  - `disconnect`, with the reason and a description, both texts;
///  - `connect_error`, with a message and what the server has added to it, a Value.
///
/// Listen first, then `connect`: other threads do not wait.
class AERIE_API Socket : public socketio::Emits<Socket, AckReply> {
 public:
  /// For the framework; callers use `Manager::socket`.
  explicit Socket(std::shared_ptr<SocketCore> core) noexcept : core_(std::move(core)) {}

  /// Joins the namespace, and opens the connection if there is none. Does nothing if that is so already.
  Socket const& connect() const;
  /// Leaves the namespace, for good until the next `connect`. The last socket that leaves ends the
  /// connection.
  Socket const& disconnect() const;

  /// The namespace's name.
  std::string const& nsp() const noexcept;
  /// Whether the server has let it in, and it has not left since.
  bool connected() const;
  /// Empty while it is not connected.
  std::string id() const;
  /// Whether it is connected, or will be by itself.
  bool active() const;
  /// Whether the last `connect` has brought back what was missed
  /// (https://socket.io/docs/v4/connection-state-recovery).
  bool recovered() const;

  /// Calls `function` for each event of that name: see `Listener`.
  template <class F>
  ListenerId on(std::string_view event, F&& function) const {
    return listen(event, make_listener(std::forward<F>(function)), false);
  }
  /// The same for the next one only.
  template <class F>
  ListenerId once(std::string_view event, F&& function) const {
    return listen(event, make_listener(std::forward<F>(function)), true);
  }
  /// Calls `function` before the listeners of each event that the server sends.
  ListenerId on_any(AnyListener function) const;
  /// The same, before those that are there already.
  ListenerId prepend_any(AnyListener function) const;
  /// Calls `function` for each event that is sent to the server, at the moment when it is: for one that waits
  /// for the connection not before that. Acknowledgements are no events.
  ListenerId on_any_outgoing(AnyListener function) const;
  /// The same, before those that are there already.
  ListenerId prepend_any_outgoing(AnyListener function) const;
  /// Listens no more.
  void off(ListenerId id) const;
  /// Nobody listens to that event any more.
  void off(std::string_view event) const;
  /// Removes the listeners of `on_any`.
  void off_any() const;
  /// Removes the listeners of `on_any_outgoing`.
  void off_any_outgoing() const;
  /// Nobody listens to anything any more, but for those of `on_any` and `on_any_outgoing`.
  void off_all() const;

  /// Replaces `Options::auth` for this namespace, from the next attempt to join it on.
  void set_auth(Auth auth) const;

  /// How long to wait for the acknowledgement of the next event.
  Emitter timeout(std::chrono::milliseconds limit) const { return Emitter(core_, {.timeout = limit}); }
  /// The next event is dropped if it cannot leave at once.
  Emitter volatile_() const { return Emitter(core_, {.is_volatile = true}); }
  /// Whether the next event is compressed, where the connection is.
  Emitter compress(bool on) const { return Emitter(core_, {.compress = on}); }

  /// Emits a `message`.
  template <class... Ts>
  void send(Ts&&... args) const {
    this->emit("message", std::forward<Ts>(args)...);
  }
  /// Sends an event that asks for an acknowledgement, and waits for it: for its first argument as T, or for
  /// all of it without. It is sent at once, not when it is awaited. Throws AckFailed if there is no answer,
  /// BadArguments if it is something else.
  template <class T = AckReply, class... Ts>
  Task<T> emit_with_ack(std::string_view event, Ts&&... args) const {
    return Emitter(core_, {}).template emit_with_ack<T>(event, std::forward<Ts>(args)...);
  }

  /// `emit` with arguments that are collected already.
  void emit_args(std::string_view event, ArgsRef args) const;
  void emit_args(std::string_view event, ArgsRef args, UniqueFunction<void(AckReply)> on_reply) const;

 private:
  ListenerId listen(std::string_view event, std::shared_ptr<Listener> listener, bool once) const;
  ListenerId listen_to_all(AnyListener function, bool outgoing, bool first) const;

  std::shared_ptr<SocketCore> core_;
};

}}}  // namespace aerie::v1::client
