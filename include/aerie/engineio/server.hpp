#pragma once

/// \file
/// An Engine.IO server: sessions over long-polling and WebSocket, on a path of an HTTP server.
/// https://socket.io/docs/v4/engine-io-protocol/

#include <aerie/core/api.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/counts.hpp>
#include <aerie/engineio/options.hpp>
#include <aerie/engineio/request_step.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/http/server.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

struct ServerState;

/// Why a request was refused: https://socket.io/docs/v4/engine-io-protocol/ and the official server's error
/// codes.
enum class ErrorCode : std::uint8_t {
  unknown_transport = 0,
  unknown_session = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_protocol_version = 5,
};

/// A request that was refused.
struct ConnectionError {
  http::RequestHead const& request;
  ErrorCode code;
  /// What the client is told.
  std::string_view message;
  /// More for the log, such as "TRANSPORT_MISMATCH"; may be empty.
  std::string_view context;
  /// The session that the request does not fit; null if it names none that exists.
  Session const* session = nullptr;
};

/// Header lines of an answer, each ended by CRLF, to which hooks add theirs.
class AERIE_API ResponseHeaders {
 public:
  explicit ResponseHeaders(std::string& lines) : lines_(lines) {}
  /// Throws std::invalid_argument for a name or value with a line break or NUL in it.
  void add(std::string_view name, std::string_view value);

 private:
  std::string& lines_;
};

/// What the server's user wants to hear of; each may be empty. Called on the session's shard. What a hook
/// throws is logged, and ends nothing but its own call; two of them say more, see there.
struct ServerHooks {
  /// A session has opened: give it a handler. One that has none when the hook throws is closed.
  std::function<void(Session&)> connection;
  std::function<void(ConnectionError const&)> connection_error;
  /// Before the headers of the first answer, and of every answer, are sent. If it throws, the request is
  /// answered 500: an answer without its headers might be what they are to prevent.
  std::function<void(ResponseHeaders&, http::RequestHead const&)> initial_headers;
  std::function<void(ResponseHeaders&, http::RequestHead const&)> headers;
  std::function<void(Session&)> upgrading;
  std::function<void(Session&)> upgrade;
  std::function<void(Session&, CloseReason)> close;
  /// As those of SessionEvents, for every session. Their price is paid by all of them.
  std::function<void(Session&)> flush;
  std::function<void(Session&)> drain;
};

/// Thread contract: set it up before the HTTP server listens; `clients_count` and `close` from any thread. It
/// may be destroyed by what it calls, where there is one shard, and where no shard runs: its connections end
/// then, and nobody is told.
class AERIE_API Server final : public http::Service {
  core::Owned<ServerState> state_;

 public:
  /// Throws std::invalid_argument for settings that cannot work.
  Server(Runtime& runtime, ServerOptions options = {});
  ~Server() override;

  ServerHooks& hooks;

  /// Runs `step` for every request, before anything else looks at it. One that throws without having decided
  /// refuses the request.
  void use(std::function<void(RequestStep)> step);
  /// Answers requests for the server's path on `http`, which must outlive this server.
  void attach(http::Server& http);

  Runtime& runtime() const noexcept;
  ServerOptions const& options() const noexcept;
  /// The path with its final slash.
  std::string const& path() const noexcept;
  std::size_t clients_count() const noexcept;
  /// How many sessions were closed so far because more waited for them than `outgoing_limit`. Any thread.
  std::uint64_t slow_consumers() const noexcept;
  /// What the shards have counted of their sessions, added up. Any thread.
  SessionCounts<std::uint64_t> counts() const noexcept;

  /// Ends its work gently: new sessions are refused from now on (503 with Retry-After), and those that there
  /// are end one after the other, evenly within `spread`, so that their clients do not all come back to
  /// another server at once. To a client it is a "transport close", after which the official ones reconnect;
  /// what has been sent to it before still arrives. `done` is called when the last one was told, in a turn of
  /// some shard. Any thread; `reopen` as after `close`.
  void drain(core::Milliseconds spread, std::function<void()> done = {});
  /// Closes every session, discarding what has not been sent, and refuses new ones until `reopen`.
  void close();
  /// The same, in a later turn, but a session whose handler does not agree yet (`on_shut_down`) goes on for
  /// at most `patience`, and what it is sent meanwhile arrives. `done` is called when all have ended, in a
  /// turn of some shard.
  void close(core::Milliseconds patience, std::function<void()> done);
  void reopen() noexcept;

  void begin(http::Exchange& exchange) override;
  std::string_view name() const override;
  /// What a 404 calls this server: "Engine.IO", or what stands on it.
  void set_name(std::string_view name);

 private:
  core::Shard* home_of(http::Exchange const& exchange) const;

  http::Server* http_ = nullptr;
};

}}}  // namespace aerie::v1::engineio
