#pragma once

/// \file
/// The Socket.IO server.
///
///     aerie::Server io;
///     io.on("echo", [](std::string text) { return text; });
///     io.listen(3000);
///     io.run();
///
/// https://socket.io/docs/v4/server-api/

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/server.hpp>
#include <aerie/http/server.hpp>
#include <aerie/socketio/adapter.hpp>
#include <aerie/socketio/namespace.hpp>
#include <aerie/socketio/options.hpp>
#include <aerie/socketio/socket.hpp>
#include <aerie/socketio/stats.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

struct AdminOptions;

namespace core {
class MetricsPage;
}

namespace socketio {
class ServerState;
}  // namespace socketio

/// Registering and emitting on the server itself means its main namespace, "/".
///
/// Thread contract: emitting, the operators and `close` from any thread; everything else before it listens,
/// or, with a single shard, on its thread. Destroy it while its runtime does not run.
class AERIE_API Server : public Registers<Server>, public Broadcasts<Server> {
 public:
  /// A server with a runtime and an HTTP server of its own. Throws std::invalid_argument for impossible
  /// settings.
  explicit Server(ServerOptions options = {});
  /// A server on a runtime that outlives it; it makes its own HTTP server when it listens.
  explicit Server(Runtime& runtime, ServerOptions options = {});
  /// A server on `http`, which outlives it: the same as `attach`.
  explicit Server(http::Server& http, ServerOptions options = {});
  ~Server();
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;

  /// The namespace of that name, which is created if need be: "chat" and "/chat" are the same, "" is "/". A
  /// new one that a parent's pattern matches gets the parent's handlers, too. From now on it stays, also one
  /// that a client has made. With several shards, what is registered with a new one once the server serves
  /// must be registered in `on_new_namespace`: from the outside, the namespace is sealed when this returns.
  Namespace& of(std::string_view name);
  /// All namespaces that match.
  ParentNamespace& of(Pattern pattern);
  ParentNamespace& of(ParentNamespace::Predicate predicate);
  /// The main namespace, "/", as the official server calls it.
  Namespace& sockets() const noexcept { return *main_; }
  /// Called for each namespace that is created, except the main one, on any shard. It may register with it,
  /// also with several shards: no client is let in before the listeners have run. If one throws, there is no
  /// such namespace: the client is refused, or the exception is the caller's of `of`.
  void on_new_namespace(std::function<void(Namespace&)> listener);

  /// Serves on `http`, which must outlive this server, below ServerOptions::path. Before either serves.
  void attach(http::Server& http);
  /// Serves the sessions of another Engine.IO server as well, from now on, after what its connection hook
  /// does with them. `close` closes it. Both must be of one runtime, and `engine` must outlive this server.
  /// Before either serves. Throws std::invalid_argument for another runtime.
  void bind(engineio::Server& engine);
  /// Serves one session of whatever engine: on its shard, before it has received anything. Its engine must
  /// outlive this server. Throws std::invalid_argument for one of another runtime.
  void adopt(engineio::Session& session);
  /// Listens with an HTTP server of its own, made at the first call, or with the one it is attached to.
  /// Throws std::system_error.
  void listen(std::uint16_t port, std::string const& host = "");
  /// The port that it listens at; of use after `listen(0)`.
  std::uint16_t port() const;
  /// Runs the runtime on this thread until `stop`, or until the server is closed.
  void run();
  /// Makes `run` return. Any thread.
  void stop();
  /// Takes no more clients, and disconnects those that there are ("server shutting down") one after the
  /// other, evenly within `spread`; they reconnect, elsewhere if a load balancer sees to it. `done` is called
  /// in a turn of some shard when the last one has left. `close` is still to follow. Any thread.
  void drain(core::Milliseconds spread, std::function<void()> done = {});
  /// Stops listening, disconnects every socket ("server shutting down") when its client's handlers under way
  /// have ended, at most ServerOptions::close_timeout later, and closes every connection; `done` is called on
  /// the first shard when that is complete. May be called on any thread, and again: every `done` is called.
  void close(std::function<void()> done = {});
  /// The same, to be awaited in a task of the runtime.
  Task<void> closed();

  /// The runtime that it works on.
  Runtime& runtime() const noexcept;
  /// Null before `attach` or `listen`.
  http::Server* http() const noexcept;
  /// The Engine.IO server beneath: its hooks and its sessions.
  engineio::Server& engine() const noexcept;
  /// The settings that are in force.
  ServerOptions const& options() const noexcept;
  /// Any thread.
  ServerStats stats() const;
  /// From now on the server measures what it receives and sends, and how long handlers take: see
  /// docs/metrics.md. Before it serves.
  void measure();
  /// Says all of it, and what the server counts in any case. Any thread.
  void collect(core::MetricsPage& page) const;

  /// Everybody in the main namespace, on all servers.
  BroadcastOperator all() const { return main_->all(); }
  /// Events of the main namespace for the other servers. See Namespace::server_side.
  ServerSideEmitter server_side() const { return main_->server_side(); }
  /// Sends an event to the other servers. False as `emit`.
  template <class... Ts>
  bool server_side_emit(std::string_view event, Ts&&... args) const {
    return server_side().emit(event, std::forward<Ts>(args)...);
  }
  /// The same, and waits for their answers.
  template <class... Ts>
  Task<BroadcastReply> server_side_emit_with_ack(std::string_view event, Ts&&... args) const {
    return server_side().emit_with_ack(event, std::forward<Ts>(args)...);
  }
  /// How many servers are in the cluster, this one included. In a task of the runtime; 1 if the others cannot
  /// be asked.
  Task<std::size_t> server_count() const;
  /// How this server stands with its cluster. Any thread.
  ClusterStatus cluster() const;

  /// For the framework: what the main namespace has registered.
  socketio::HandlerSet& handler_set() noexcept { return main_->handler_set(); }

 private:
  friend void instrument(Server& io, AdminOptions options);
  Server(std::unique_ptr<Runtime> own, Runtime& runtime, ServerOptions options);

  core::Owned<Runtime> own_runtime_;
  core::Owned<socketio::ServerState> state_;
  Namespace* main_;
};

}}  // namespace aerie::v1
