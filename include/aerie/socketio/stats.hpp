#pragma once

/// \file
/// What a server has done about clients that are too slow, as plain numbers.

#include <cstddef>
#include <cstdint>

namespace aerie { inline namespace v1 {

/// What connection state recovery has done, and holds.
struct RecoveryStats {
  /// Sessions whose clients are away at present.
  std::uint64_t waiting = 0;
  /// Clients that have come back to their sessions.
  std::uint64_t recovered = 0;
  /// Clients that have asked for a session in vain.
  std::uint64_t refused = 0;
  /// Sessions whose clients have not come back in time.
  std::uint64_t expired = 0;
  /// Events that are kept at present. What is sent to many counts once for each shard; its bytes are divided
  /// among them.
  std::uint64_t retained_events = 0;
  /// The bytes of those events.
  std::uint64_t retained_bytes = 0;
  /// Events that went before their time, because there were more bytes than RecoveryOptions::max_retained, or
  /// too little memory.
  std::uint64_t gone_early = 0;
};

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
  /// What connection state recovery has done.
  RecoveryStats recovery{};
};

}}  // namespace aerie::v1
