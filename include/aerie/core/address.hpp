#pragma once

/// \file
/// Where to connect to, in the words of whoever asks for it. A plain value.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string>

namespace aerie { inline namespace v1 { namespace core {

struct AERIE_API Address {
  /// A name, or an address of IPv4 or IPv6 (without brackets).
  std::string host = {};
  std::uint16_t port = 0;
  /// Of a Unix-domain socket; if it is not empty, host and port do not count.
  std::string path = {};

  /// `host:6379`, `[::1]:6379`, `unix:/run/redis.sock`.
  std::string text() const;
  bool operator==(Address const&) const = default;
};

}}}  // namespace aerie::v1::core
