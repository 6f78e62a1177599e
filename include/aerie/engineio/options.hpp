#pragma once

/// \file
/// The settings of an Engine.IO server. Names and defaults are the official server's where it has them:
/// https://socket.io/docs/v4/server-options/

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/question.hpp>
#include <aerie/http/cors.hpp>
#include <aerie/http/request_head.hpp>
#include <aerie/websocket/deflate_options.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

enum class TransportKind : std::uint8_t { polling, websocket };

/// "polling" or "websocket"; empty for a value that is none.
AERIE_API std::string_view to_string(TransportKind kind) noexcept;

/// The cookie that carries the session's id, for load balancers with sticky sessions.
struct CookieOptions {
  std::string name = "io";
  /// Empty: no Path attribute.
  std::string path = "/";
  bool http_only = true;
  /// "Lax", "Strict" or "None"; empty: no SameSite attribute. "None" needs `secure`, or browsers drop the
  /// cookie.
  std::string same_site = "Lax";
  /// Sent through TLS only.
  bool secure = false;
  /// The host whose subdomains get it, too; empty: this host only.
  std::string domain{};
  /// How long it is kept; nothing: until the browser is closed.
  std::optional<std::chrono::seconds> max_age{};
  /// Kept apart for each page that the server is embedded in (CHIPS); needs `secure`.
  bool partitioned = false;
};

class RequestFlow;

/// What `allow_request` decides, at once or later. The first answer counts; one that comes after the deadline
/// (`ServerOptions::decision_timeout`), or when the client or the server is gone, does nothing. Copies are
/// the same decision. Any thread.
class AERIE_API Decision {
 public:
  void allow() const;
  /// The client is told `message`; "Forbidden" if it is empty.
  void deny(std::string message = {}) const;

 private:
  friend class RequestFlow;
  struct Verdict {
    bool allowed;
    std::string message;
  };
  explicit Decision(core::Reply<Verdict> answer) noexcept : answer_(std::move(answer)) {}

  core::Reply<Verdict> answer_;
};

/// What `generate_id` comes to, at once or later; as with Decision.
class AERIE_API NewId {
 public:
  /// 1 to 39 letters, digits and `-`, `.`, `_`, `~`: what means the same in URLs, headers, cookies and JSON
  /// (RFC 3986 §2.3). Any other id, and one that is in use, refuses the session as `fail` does, and the log
  /// says why. Ids must not be guessable: who knows one can read and write in its session.
  void use(std::string id) const;
  void fail() const;

 private:
  friend class RequestFlow;
  explicit NewId(core::Reply<std::optional<std::string>> answer) noexcept : answer_(std::move(answer)) {}

  core::Reply<std::optional<std::string>> answer_;
};

struct ServerOptions {
  /// The path requests must begin with. A slash is added at its end unless `add_trailing_slash` is off.
  std::string path = "/engine.io";
  bool add_trailing_slash = true;

  // Durations are between 1 ms and 2147483647 ms (24 days), which is as far as clients' timers reach.
  core::Milliseconds ping_interval{25'000};
  core::Milliseconds ping_timeout{20'000};
  /// How long after its handshake a polling client may take to its first other request: one that never comes
  /// back does not hold a session for as long as one that has gone silent. Counts if it is shorter than
  /// `ping_interval`.
  core::Milliseconds first_poll_timeout{10'000};
  /// How long a WebSocket may take to finish an upgrade.
  core::Milliseconds upgrade_timeout{10'000};
  /// Most bytes of one message, and of one POST body.
  std::size_t max_http_buffer_size = 1'000'000;
  std::vector<TransportKind> transports{TransportKind::polling, TransportKind::websocket};
  bool allow_upgrades = true;
  /// Let clients in that speak protocol 3, as those of Socket.IO 1 and 2 do. Whatever names another version
  /// than 4, or none, is taken for one of them then.
  bool allow_eio3 = false;

  /// Asked once per session, before it is made.
  std::function<void(http::RequestHead const&, Decision)> allow_request{};
  /// Makes session ids instead of the server, from 20 characters that nobody can guess.
  std::function<void(http::RequestHead const&, NewId)> generate_id{};
  /// How long those two may take to answer.
  core::Milliseconds decision_timeout{30'000};

  std::optional<http::CorsOptions> cors{};
  /// Refuse WebSocket handshakes, too, from origins that `cors` does not name. Browsers do not apply CORS to
  /// WebSockets, and the official server lets them through.
  bool origin_check = true;

  std::optional<CookieOptions> cookie{};
  /// A message that is sent along with the handshake.
  std::optional<std::string> initial_packet{};
  /// Compress polling responses of at least this many bytes, if the client accepts it; nothing: never.
  std::optional<std::size_t> http_compression = 1024;
  /// permessage-deflate for WebSockets; off, as it costs memory for every connection.
  websocket::DeflateOptions per_message_deflate{};

  /// Most bytes that may wait for a client that is behind, all that holding them takes included (64 KiB more
  /// at times). One that leaves more than that is disconnected as a slow consumer. A turn may send any amount
  /// to a client that is not behind: see core::Backlog.
  std::size_t outgoing_limit = 1024 * 1024;

  // --- Who gets in. Whoever is refused is answered 503 with Retry-After.
  /// How many sessions may be open at once; 0: as many as the process may open descriptors (RLIMIT_NOFILE).
  std::size_t max_sessions = 0;
  /// How many of them may be from one address (of IPv6, from one /64 network, which is what one customer of a
  /// provider gets); 0: no limit. Behind a proxy, name it in http::ServerOptions first, or all clients count
  /// as one.
  std::size_t max_sessions_per_address = 0;
  /// How many new ones an address may open within a second; 0: no limit.
  std::size_t max_new_sessions_per_address = 0;
};

/// Throws std::invalid_argument, naming the setting and the remedy, if `options` cannot work.
AERIE_API void check(ServerOptions const& options);

}}}  // namespace aerie::v1::engineio
