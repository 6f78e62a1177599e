#pragma once

/// \file
/// An Engine.IO server: sessions over long-polling and WebSocket, on a path of an HTTP server.
/// https://socket.io/docs/v4/engine-io-protocol/

#include <aerie/core/api.hpp>
#include <aerie/core/runtime.hpp>
#include <aerie/engineio/options.hpp>
#include <aerie/engineio/request_step.hpp>
#include <aerie/engineio/session.hpp>
#include <aerie/http/server.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace engineio {

class IdDirectory;

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

/// What the server's user wants to hear of; each may be empty. Called on the session's shard.
struct ServerHooks {
  std::function<void(Session&)> connection;
  std::function<void(ConnectionError const&)> connection_error;
  /// Before the headers of the first answer, and of every answer, are sent.
  std::function<void(ResponseHeaders&, http::RequestHead const&)> initial_headers;
  std::function<void(ResponseHeaders&, http::RequestHead const&)> headers;
  std::function<void(Session&)> upgrading;
  std::function<void(Session&)> upgrade;
  std::function<void(Session&, CloseReason)> close;
};

/// Thread contract: set it up before the HTTP server listens; `clients_count` and `close` from any thread.
class AERIE_API Server final : public http::Service {
 public:
  /// Throws std::invalid_argument for settings that cannot work.
  Server(Runtime& runtime, ServerOptions options = {});
  ~Server() override;

  ServerHooks hooks;

  /// Runs `step` for every request, before anything else looks at it.
  void use(std::function<void(RequestStep)> step);
  /// Answers requests for the server's path on `http`, which must outlive this server.
  void attach(http::Server& http);

  Runtime& runtime() const noexcept { return runtime_; }
  ServerOptions const& options() const noexcept { return options_; }
  /// The path with its final slash.
  std::string const& path() const noexcept { return path_; }
  std::size_t clients_count() const noexcept { return clients_.load(std::memory_order_relaxed); }

  /// Closes every session, discarding what has not been sent, and refuses new ones until `reopen`.
  void close();
  void reopen() noexcept { closed_.store(false, std::memory_order_relaxed); }

  void begin(http::Exchange& exchange) override;
  std::string_view name() const override { return name_; }
  /// What a 404 calls this server: "Engine.IO", or what stands on it.
  void set_name(std::string_view name) { name_ = name; }

 private:
  friend class RequestFlow;
  friend class ShardEngine;

  core::Shard* home_of(http::Exchange const& exchange) const;
  bool claim(std::string_view id, core::Shard const& shard);
  void release(std::string_view id);

  Runtime& runtime_;
  ServerOptions options_;
  std::string path_;
  std::string_view name_ = "Engine.IO";
  std::unique_ptr<http::Cors> cors_;
  std::unique_ptr<IdDirectory> directory_;
  std::vector<std::function<void(RequestStep)>> steps_;
  std::vector<std::unique_ptr<ShardEngine>> shards_;
  http::Server* http_ = nullptr;
  std::atomic<std::size_t> clients_{0};
  std::atomic<bool> closed_{false};
  std::atomic<bool> slow_consumer_seen_{false};
};

}}}  // namespace aerie::v1::engineio
