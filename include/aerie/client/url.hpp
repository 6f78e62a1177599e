#pragma once

/// \file
/// The URL that a client is given: where the server is, and which namespace is meant. A plain value.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace client {

/// Where a server is, and which of its namespaces is meant.
struct AERIE_API Url {
  /// With TLS.
  bool secure = false;
  /// A name, or an address of IPv4 or IPv6 (without brackets).
  std::string host = {};
  /// The one that is named, or the scheme's own.
  std::uint16_t port = 0;
  /// The namespace: the URL's path, `/` if it has none.
  std::string nsp = "/";
  /// What stands behind `?`, as it was written.
  std::string query = {};

  /// Reads `https://host:port/namespace?query` as the official client does: `ws` is `http`, `wss` is `https`,
  /// without a scheme it is `https`, the ports are 80 and 443 unless one is named. Throws
  /// std::invalid_argument, with the remedy, for what is no such URL.
  static Url parse(std::string_view text);

  /// Host and port as a `Host` header has them: the port only if it is not the scheme's own.
  std::string authority() const;
};

}}}  // namespace aerie::v1::client
