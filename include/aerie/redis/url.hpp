#pragma once

/// \file
/// Where a Redis is, and how to enter, in one line of text. A plain value.

#include <aerie/core/address.hpp>
#include <aerie/core/api.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace redis {

/// `redis[s]://[[user]:password@]host[:port][,host[:port]...][/database][?option=value&...]` or
/// `unix://[[user]:password@]/path/of/the/socket[?option=value&...]` (`unix:/path` as well), with bytes
/// percent-encoded (RFC 3986). `rediss` is TLS. A host of IPv6 stands in brackets. The port is 6379 if there
/// is none, that of sentinels 26379. Options: `topology` (automatic, single, cluster, sentinel), `master`
/// (the master's name for sentinels), `db` (the database again, for sockets).
struct AERIE_API Url {
  /// `rediss`.
  bool tls = false;
  /// Empty: Redis' user "default".
  std::string user = {};
  /// Empty: none is sent.
  std::string password = {};
  /// At least one.
  std::vector<core::Address> addresses = {};
  /// The number of the database to select.
  unsigned database = 0;
  /// As it is written; empty if it is not.
  std::string topology = {};
  /// The master's name for sentinels; empty if there is none.
  std::string master = {};

  /// Throws std::invalid_argument with a sentence that says what is wrong, and shows no password.
  static Url parse(std::string_view text);
  /// Without user and password: for logs.
  std::string text() const;
};

}}}  // namespace aerie::v1::redis
