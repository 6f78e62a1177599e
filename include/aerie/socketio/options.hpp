#pragma once

/// \file
/// The settings of a Socket.IO server. Names and defaults are the official server's where it has them:
/// https://socket.io/docs/v4/server-options/

#include <aerie/core/api.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/options.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/server_options.hpp>
#include <aerie/socketio/packet.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 {

struct ServerOptions {
  /// Where clients find the server.
  std::string path = "/socket.io";
  bool add_trailing_slash = true;
  /// Serve the official browser client (`/socket.io/socket.io.js` and its variants) from `client_bundle`.
  bool serve_client = true;
  /// A directory with the files of npm's `socket.io/client-dist`; empty: share/aerie/client beside the
  /// program's bin.
  std::filesystem::path client_bundle{};
  /// How long a client may be connected without joining a namespace.
  core::Milliseconds connect_timeout{45'000};
  /// How long the middlewares of a namespace may take to decide.
  core::Milliseconds middleware_timeout{30'000};
  /// Forget dynamic namespaces when their last socket has left. The official default keeps them, which lets
  /// clients fill the memory of a server whose pattern is wide.
  bool cleanup_empty_child_namespaces = true;

  // --- The connection; see engineio::ServerOptions.
  core::Milliseconds ping_interval{25'000};
  core::Milliseconds ping_timeout{20'000};
  core::Milliseconds upgrade_timeout{10'000};
  std::size_t max_http_buffer_size = 1'000'000;
  std::vector<engineio::TransportKind> transports{engineio::TransportKind::polling,
                                                  engineio::TransportKind::websocket};
  bool allow_upgrades = true;
  std::function<void(http::RequestHead const&, engineio::Decision)> allow_request{};
  std::function<void(http::RequestHead const&, engineio::NewId)> generate_id{};
  std::optional<http::CorsOptions> cors{};
  bool origin_check = true;
  std::optional<engineio::CookieOptions> cookie{};
  std::optional<std::string> initial_packet{};
  std::optional<std::size_t> http_compression = 1024;
  websocket::DeflateOptions per_message_deflate{};

  // --- Limits
  /// Most bytes that may wait for one client.
  std::size_t outgoing_limit = 1024 * 1024;
  std::size_t max_sessions = 0;
  /// Most binary attachments of one packet, and the time that they may take to arrive.
  std::size_t max_attachments = socketio::default_max_attachments;
  core::Milliseconds assembly_timeout{30'000};
  std::size_t max_json_depth = 512;
  std::size_t max_namespaces_per_client = 100;
  /// Bytes.
  std::size_t max_namespace_name = 512;
  std::size_t max_rooms_per_socket = 10'000;
  std::size_t max_pending_acks_per_socket = 10'000;

  /// For a server that makes its own HTTP server: the threads, the log, TLS and HTTP limits.
  RuntimeOptions runtime{};
  http::ServerOptions http{};
};

}}  // namespace aerie::v1
