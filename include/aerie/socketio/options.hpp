#pragma once

/// \file
/// The settings of a Socket.IO server. Names and defaults are the official server's where it has them:
/// https://socket.io/docs/v4/server-options/

#include <aerie/core/api.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/options.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/server_options.hpp>
#include <aerie/socketio/adapter.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/socketio/parser.hpp>
#include <aerie/socketio/recovery.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

/// What a server is made with. The defaults are the official server's where it has the option.
struct ServerOptions {
  /// Where clients find the server. A slash is added at its end unless `engine.add_trailing_slash` is off.
  std::string path = "/socket.io";
  /// Serve the official browser client (`/socket.io/socket.io.js` and its variants) from `client_bundle`.
  bool serve_client = true;
  /// A directory with the files of npm's `socket.io/client-dist`; empty: share/aerie/client beside the
  /// program's bin.
  std::string client_bundle{};
  /// How long a client may be connected without joining a namespace.
  core::Milliseconds connect_timeout{45'000};
  /// How long the middlewares of a namespace may take to decide.
  core::Milliseconds middleware_timeout{30'000};
  /// How long `Server::close` waits for handlers under way; those that run on are cancelled then, and named
  /// in the log.
  core::Milliseconds close_timeout{10'000};
  /// Forget dynamic namespaces when their last socket has left. The official default keeps them, which lets
  /// clients fill the memory of a server whose pattern is wide.
  bool cleanup_empty_child_namespaces = true;

  /// The connection beneath: transports, heartbeat, sizes, CORS, cookie, who may connect. Its `path` is not
  /// used, but the one above.
  engineio::ServerOptions engine{};

  /// What connects this server to others: `options.adapter = aerie::RedisAdapter{...}`; empty: it is alone.
  /// See aerie/socketio/adapter.hpp and docs/adapters.md.
  AdapterFactory adapter{};

  /// Let clients whose connection was cut go on with their sockets, and send them what they have missed:
  /// `= aerie::RecoveryOptions{.max_disconnection_duration = 2min}`. Nothing: each connection is a new
  /// socket. See docs/recovery.md.
  std::optional<RecoveryOptions> connection_state_recovery{};

  /// How packets are written; empty: as the official server does by default, in JSON. Clients must be given
  /// the parser of the same name. See aerie/socketio/parser.hpp and docs/parsers.md.
  std::shared_ptr<Parser const> parser{};

  /// Bytes that may wait for a client before whoever sends to it with `emit_paced` is to wait, and only the
  /// last ones of the events named by `drop_oldest` are kept for it: see docs/back-pressure.md. Unless it is
  /// set, 64 KiB, or a quarter of `engine.outgoing_limit` if that is less; it must be less than that limit,
  /// at which the client is disconnected.
  std::optional<std::size_t> high_water_mark{};

  // --- Limits
  /// Most binary attachments of one packet.
  std::size_t max_attachments = socketio::default_max_attachments;
  /// Time for the attachments of one packet; whoever takes longer is disconnected.
  core::Milliseconds assembly_timeout{30'000};
  /// Arrays and objects within each other, in what clients send.
  std::size_t max_json_depth = 512;
  /// Namespaces that one connection may be in.
  std::size_t max_namespaces_per_client = 100;
  /// Handlers of one client that may be under way; while there are more, nothing is read from it. Those that
  /// wait for an acknowledgement of the client itself do not count.
  std::size_t max_pending_messages = 1000;
  /// Bytes of `auth` that one connection may have kept, over all its namespaces.
  std::size_t max_auth_size = 1'000'000;
  /// Bytes.
  std::size_t max_namespace_name = 512;
  /// Rooms that one socket may be in; to join more throws.
  std::size_t max_rooms_per_socket = 10'000;
  /// Acknowledgements that the client of one socket may owe; to ask for more throws.
  std::size_t max_pending_acks_per_socket = 10'000;

  /// For a server that makes its own HTTP server: the threads, the log, TLS and HTTP limits.
  RuntimeOptions runtime{};
  /// The HTTP server's: TLS and limits.
  http::ServerOptions http{};
};

/// Throws std::invalid_argument, naming the setting and its range, if one of Socket.IO's own cannot work. The
/// engine's are checked by it.
AERIE_API void check(ServerOptions const& options);

}}  // namespace aerie::v1
