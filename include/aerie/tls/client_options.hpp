#pragma once

/// \file
/// Whom an outgoing TLS connection trusts. A plain value.

#include <aerie/core/api.hpp>

#include <string>

namespace aerie { inline namespace v1 { namespace tls {

/// TLS 1.2 and 1.3; files are PEM. As it is made, it trusts what the system trusts, and refuses a peer whose
/// certificate is not valid for the name that was asked for.
struct ClientOptions {
  /// Authorities that are trusted, instead of the system's.
  std::string ca_file = {};
  /// What the client shows to a server that asks for a certificate: followed by its intermediate ones.
  std::string certificate_file = {};
  /// The key of that certificate.
  std::string private_key_file = {};
  /// Empty: the key is not encrypted.
  std::string private_key_password = {};
  /// The name that the server's certificate is to be valid for, and that it is told (SNI, RFC 6066 §3);
  /// empty: that of the host which is connected to.
  std::string server_name = {};
  /// False: any certificate is good. Then whoever stands in between reads and writes everything.
  bool verify = true;
};

}}}  // namespace aerie::v1::tls
