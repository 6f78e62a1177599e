#pragma once

#include <aerie/http/tls.hpp>

#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace aerie { inline namespace v1 { namespace http {

/// Certificates and settings of TLS connections, loaded once and shared. Thread-safe.
class TlsContext {
 public:
  /// Throws std::runtime_error, naming the file and the remedy, if the options cannot be used.
  static std::shared_ptr<TlsContext const> load(TlsOptions const& options);

  /// The state of a new server-side connection.
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> new_connection() const;
  core::Milliseconds handshake_timeout() const noexcept { return handshake_timeout_; }

 private:
  using Context = std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)>;

  TlsContext(Context context, core::Milliseconds handshake_timeout) noexcept
      : context_(std::move(context)), handshake_timeout_(handshake_timeout) {}

  Context context_;
  core::Milliseconds handshake_timeout_;
};

}}}  // namespace aerie::v1::http
