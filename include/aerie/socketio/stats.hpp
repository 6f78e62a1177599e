#pragma once

/// \file
/// What a server has done about clients that are too slow, as plain numbers.

#include <cstddef>
#include <cstdint>

namespace aerie { inline namespace v1 {

/// All since the server was made. Each was true a moment ago, not all at the same one. What the runtime holds
/// for slow clients is in RuntimeStats.
struct ServerStats {
  /// Sessions that are open.
  std::size_t clients = 0;
  /// Volatile events that a client was not sent because others waited for it; each client counts.
  std::uint64_t dropped_volatile = 0;
  /// Events that were dropped for a later one of their name; see Namespace::drop_oldest.
  std::uint64_t dropped_oldest = 0;
  /// Clients that were closed because more waited for them than `engine.outgoing_limit`.
  std::uint64_t slow_clients_closed = 0;
};

}}  // namespace aerie::v1
