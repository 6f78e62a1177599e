#pragma once

/// \file
/// What a server needs for TLS. A plain value.

#include <aerie/core/clock.hpp>

#include <chrono>
#include <string>

namespace aerie { inline namespace v1 { namespace tls {

/// TLS 1.2 and 1.3; files are PEM.
struct ServerOptions {
  /// The server's certificate, followed by its intermediate certificates.
  std::string certificate_file;
  /// The key of that certificate.
  std::string private_key_file;
  /// Empty: the key is not encrypted.
  std::string private_key_password = {};
  /// Authorities whose client certificates are accepted; empty: clients are not asked for one.
  std::string client_ca_file = {};
  /// With `client_ca_file`: refuse clients that present none.
  bool require_client_certificate = false;
  /// From the connection's beginning to the end of the TLS handshake.
  core::Milliseconds handshake_timeout = std::chrono::seconds{10};
};

}}}  // namespace aerie::v1::tls
