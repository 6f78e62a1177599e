#pragma once

/// \file
/// An HTTP/1.1 server: mounted services (Socket.IO), routes, static files.
///
/// Thread contract: configure it before `listen`, or later on the thread of a runtime with a single shard.
/// `close`, `reload_certificates` and `stop` may be called from any thread. Services and handlers are called
/// on the shard of their connection. Destroy the server while its runtime is not running.

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/core/stream.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/exchange.hpp>
#include <aerie/http/files.hpp>
#include <aerie/http/routes.hpp>
#include <aerie/http/server_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace http {

class ServerState;

/// Services, routes and files over HTTP/1.1, with TLS if it is told to. See this file's head for its threads.
class AERIE_API Server {
 public:
  /// A server on a runtime of its own with one shard. Throws std::invalid_argument for impossible options.
  explicit Server(ServerOptions options = {});
  Server(ServerOptions options, RuntimeOptions runtime);
  /// A server on a runtime that others use too and that outlives it.
  explicit Server(Runtime& runtime, ServerOptions options = {});
  ~Server();
  Server(Server const&) = delete;
  Server& operator=(Server const&) = delete;

  /// The runtime that it works on.
  Runtime& runtime() noexcept;

  /// `service` answers every request whose path begins with `prefix`, byte for byte, before routes and files
  /// are looked at; of several prefixes the longest counts. Paths with `.` or `..` segments never reach it.
  /// It must outlive the server or be unmounted.
  void mount(std::string prefix, Service& service);
  /// Takes a service away: its prefixes are answered by what else is there.
  void unmount(Service& service);

  /// Routes. A segment `:name` matches any one segment, a last segment `*name` the rest of the path; of
  /// several routes that match, the one whose first differing segment is more literal wins. Throws
  /// std::invalid_argument for a malformed pattern or one that is there already. What a handler throws is
  /// logged and answered 500.
  void route(Method method, std::string_view pattern, RouteHandler handler, RouteOptions options = {});
  /// A route for GET, as `route`.
  void get(std::string_view pattern, RouteHandler handler, RouteOptions options = {});
  /// A route for POST, as `route`.
  void post(std::string_view pattern, RouteHandler handler, RouteOptions options = {});
  /// A route for PUT, as `route`.
  void put(std::string_view pattern, RouteHandler handler, RouteOptions options = {});
  /// A route for PATCH, as `route`.
  void patch(std::string_view pattern, RouteHandler handler, RouteOptions options = {});
  /// A route for DELETE, as `route`.
  void del(std::string_view pattern, RouteHandler handler, RouteOptions options = {});

  /// Serves the files below `directory` at the paths below `prefix`, after services and routes. Throws
  /// std::invalid_argument if there is no such directory.
  void files(std::string prefix, std::string const& directory, FileOptions options = {});

  /// Answers errors in place of the server. With it a path that has routes, but not for the request's method,
  /// is answered 404 instead of 405.
  void errors(ErrorAnswer answer);

  /// CORS for routes and files; services have their own.
  void cors(CorsOptions options);

  /// Sets `ServerOptions::destroy_upgrade_timeout`, which Engine.IO has among its own options.
  void destroy_upgrades_after(std::optional<core::Milliseconds> timeout);

  /// Listens on `port` (0: a free one) of `host` (empty: every address of the machine). Connections are dealt
  /// out to the shards in turn. May be called for several addresses, and again after `close`. Throws
  /// std::system_error.
  void listen(std::uint16_t port, std::string const& host = "");
  /// The port of the first `listen`, 0 before.
  std::uint16_t port() const noexcept;
  /// True between `listen` and `close`.
  bool listening() const noexcept;

  /// Takes no more connections; those that there are go on. Any thread.
  void stop_listening();
  /// Stops listening and ends every connection: those without a request at once, the others after their
  /// answer. Returns before that is done. Thread-safe.
  void close();

  /// Destroys the tasks of all handlers where they wait, for the end of what they refer to. REQUIRES: the
  /// runtime is not running.
  void abandon_requests() noexcept;

  /// Runs the runtime on this thread until `stop`.
  void run();
  /// Makes `run` return. Thread-safe.
  void stop() noexcept;

  /// Reads the files of `ServerOptions::tls` again; new connections use them. Throws std::runtime_error, and
  /// keeps the old ones, if they cannot be used. Thread-safe.
  void reload_certificates();

  /// Serves a connection from elsewhere, on that stream's shard: an in-memory one in tests. TLS is not added.
  void serve(std::unique_ptr<core::Stream> stream);

  /// Connections being served, on all shards. Thread-safe.
  std::size_t connections() const noexcept;
  /// Requests that routes are answering, on all shards, those included whose client has left meanwhile.
  /// Thread-safe.
  std::size_t requests() const noexcept;

 private:
  core::Owned<Runtime> own_runtime_;
  std::shared_ptr<ServerState> state_;
};

}}}  // namespace aerie::v1::http
