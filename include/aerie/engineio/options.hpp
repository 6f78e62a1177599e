#pragma once

/// \file
/// The settings of an Engine.IO server. Names and defaults are the official server's where it has them:
/// https://socket.io/docs/v4/server-options/

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
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

/// "polling" or "websocket".
AERIE_API std::string_view to_string(TransportKind kind) noexcept;

/// The cookie that carries the session's id, for load balancers with sticky sessions.
struct CookieOptions {
  std::string name = "io";
  /// Empty: no Path attribute.
  std::string path = "/";
  bool http_only = true;
  /// "Lax", "Strict" or "None"; empty: no SameSite attribute.
  std::string same_site = "Lax";
};

/// What `allow_request` decides, at once or later; any thread may answer. The first answer counts.
class AERIE_API Decision {
 public:
  using Answer = std::function<void(bool allowed, std::string message)>;
  explicit Decision(Answer answer) : answer_(std::move(answer)) {}
  void allow() const { answer_(true, {}); }
  /// The client is told `message`; "Forbidden" if it is empty.
  void deny(std::string message = {}) const { answer_(false, std::move(message)); }

 private:
  Answer answer_;
};

/// What `generate_id` comes to, at once or later; any thread may answer. The first answer counts.
class AERIE_API NewId {
 public:
  using Answer = std::function<void(std::optional<std::string> id)>;
  explicit NewId(Answer answer) : answer_(std::move(answer)) {}
  /// At most 39 characters; a longer or a used one is a failure.
  void use(std::string id) const { answer_(std::move(id)); }
  void fail() const { answer_(std::nullopt); }

 private:
  Answer answer_;
};

struct ServerOptions {
  /// The path requests must begin with. A slash is added at its end unless `add_trailing_slash` is off.
  std::string path = "/engine.io";
  bool add_trailing_slash = true;

  core::Milliseconds ping_interval{25'000};
  core::Milliseconds ping_timeout{20'000};
  /// How long a WebSocket may take to finish an upgrade.
  core::Milliseconds upgrade_timeout{10'000};
  /// Most bytes of one message, and of one POST body.
  std::size_t max_http_buffer_size = 1'000'000;
  std::vector<TransportKind> transports{TransportKind::polling, TransportKind::websocket};
  bool allow_upgrades = true;

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

  /// Most bytes that may wait for a client. One that does not take them is disconnected as a slow consumer; a
  /// single message always fits.
  std::size_t outgoing_limit = 1024 * 1024;
  /// How many sessions may be open at once; 0: no limit.
  std::size_t max_sessions = 0;
};

/// Throws std::invalid_argument, naming the setting and the remedy, if `options` cannot work.
AERIE_API void check(ServerOptions const& options);

}}}  // namespace aerie::v1::engineio
