#pragma once

/// \file
/// How a client connects, and when it tries again. Plain values with the official client's defaults:
/// https://socket.io/docs/v4/client-options/

#include <aerie/client/auth.hpp>
#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/socketio/parser.hpp>
#include <aerie/tls/client_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie { inline namespace v1 { namespace client {

/// How a client talks to the server.
enum class Transport : std::uint8_t { polling, websocket };

/// `polling`, `websocket`
AERIE_API std::string_view to_string(Transport transport) noexcept;

/// Names with values, in their order.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Compression of WebSocket messages (permessage-deflate, RFC 7692), where the server has it too.
struct Compression {
  /// Whether it is offered to the server.
  bool enabled = true;
  /// Shorter messages, in bytes, are sent as they are.
  std::size_t threshold = 1024;
  /// zlib's level, 0-9; -1 is zlib's own default.
  int level = -1;
  /// Whether both sides remember what was said before. It compresses better, and takes up to 308 KiB.
  bool context_takeover = true;
};

/// What a client is made with: the official client's options.
struct Options {
  // --- The connection

  /// The server's path: `socket.io/` is sent as `/socket.io/`.
  std::string path = "/socket.io";
  /// Whether a `/` is added behind it.
  bool add_trailing_slash = true;
  /// In the order in which they are tried. The connection begins with the first, and is upgraded to WebSocket
  /// if that is among them and the server offers it.
  std::vector<Transport> transports = {Transport::polling, Transport::websocket};
  /// Try the next transport if the connection cannot be opened with one.
  bool try_all_transports = false;
  /// Whether a connection that was opened with polling is upgraded.
  bool upgrade = true;
  /// Begin with WebSocket if that has succeeded before.
  bool remember_upgrade = false;
  /// Parameters of each request, instead of those of the URL.
  Fields query = {};
  /// Header lines of each request, `Authorization` for instance.
  Fields extra_headers = {};
  /// Adds a parameter `t` to polling requests that no other has, so that nobody in between answers them.
  bool timestamp_requests = true;
  /// What that parameter is called.
  std::string timestamp_param = "t";
  /// Send and receive binary messages as base64 in text.
  bool force_base64 = false;
  /// Send back the cookies that the server sets.
  bool with_credentials = false;
  /// How long a request may take that is not a poll; 0: as long as the connection lives.
  core::Milliseconds request_timeout{0};
  /// Names of subprotocols that the WebSocket is opened with; the server may take one of them.
  std::vector<std::string> protocols = {};
  /// Whether WebSocket messages are compressed.
  Compression per_message_deflate = {};
  /// Through whom the server is reached, `http://user:password@host:port`: `http` and `https` are proxies
  /// that understand CONNECT, `socks5` those of RFC 1928, `socks5h` the same, which look the server's name up
  /// themselves. Empty: nobody.
  std::string proxy = {};
  /// Whom `https` and `wss` trust. Certificates are verified unless told otherwise.
  tls::ClientOptions tls = {};
  /// The largest message, or answer to a poll, that is taken from the server, in bytes.
  std::size_t max_message_size = std::size_t{16} << 20U;
  /// Bytes that may wait for a server that does not take them; beyond it the connection is closed.
  std::size_t outgoing_limit = std::size_t{64} << 20U;

  // --- Reconnection

  /// Whether to connect again when the connection is lost, or could not be made.
  bool reconnection = true;
  /// How often that is tried in a row; nothing: for ever.
  std::optional<std::uint32_t> reconnection_attempts = std::nullopt;
  /// Before the first attempt. Each further one waits twice as long, up to `reconnection_delay_max`.
  core::Milliseconds reconnection_delay = std::chrono::seconds{1};
  /// The longest delay, before chance has its part.
  core::Milliseconds reconnection_delay_max = std::chrono::seconds{5};
  /// How much of the delay chance may add or take away, from 0 to 1, so that not all clients come at once.
  double randomization_factor = 0.5;
  /// How long opening the connection, and each answer of `auth`, may take.
  core::Milliseconds timeout = std::chrono::seconds{20};

  // --- Messages

  /// What namespaces are joined with, unless the socket has its own.
  Auth auth = {};
  /// How packets are written; the server's must be the same. Null: `json_parser()`.
  std::shared_ptr<Parser const> parser = nullptr;
  /// How often an event is sent again that is not acknowledged in `ack_timeout`; with it events are sent one
  /// after the other, each when the one before is acknowledged. The server may see one of them twice.
  std::uint32_t retries = 0;
  /// How long to wait for an acknowledgement; nothing: until the connection is lost.
  std::optional<core::Milliseconds> ack_timeout = std::nullopt;
};

/// Throws std::invalid_argument, naming the setting and the remedy, for options that are impossible.
AERIE_API void check(Options const& options);

}}}  // namespace aerie::v1::client
