#pragma once

/// \file
/// Certificates and settings of TLS connections, loaded once and shared. Thread-safe.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/tls/client_options.hpp>
#include <aerie/tls/server_options.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

struct ssl_ctx_st;
struct ssl_st;

namespace aerie { inline namespace v1 { namespace tls {

/// One side's, server or client.
class AERIE_API Context {
 public:
  /// Of connections that are accepted. A client that offers protocols (ALPN, RFC 7301) without `protocol`
  /// among them is refused; empty: whatever it offers is not looked at. Throws std::runtime_error, naming the
  /// file and the remedy, if the options cannot be used.
  static std::shared_ptr<Context const> server(ServerOptions const& options, std::string_view protocol = {});
  /// Of connections that are made. Throws as `server`.
  static std::shared_ptr<Context const> client(ClientOptions const& options);

  /// The state of a new connection; a client's goes to `host`. Null if there is no name, and none was given,
  /// by which its certificate could be verified. For tls::accept and tls::connect.
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> new_connection(std::string const& host = {}) const;
  /// From the connection's beginning to the end of the handshake.
  core::Milliseconds handshake_timeout() const noexcept { return handshake_timeout_; }
  /// Whether it is one of connections that are made.
  bool is_client() const noexcept { return is_client_; }

 private:
  using Settings = std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)>;

  Context(Settings settings, bool is_client) noexcept
      : settings_(std::move(settings)), is_client_(is_client) {}

  Settings settings_;
  std::string protocol_;
  std::string server_name_;
  core::Milliseconds handshake_timeout_ = std::chrono::seconds{10};
  bool is_client_;
  bool verify_ = true;
};

}}}  // namespace aerie::v1::tls
