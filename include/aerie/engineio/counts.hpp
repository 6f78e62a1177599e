#pragma once

/// \file
/// What an Engine.IO server counts of its sessions.

#include <aerie/core/api.hpp>
#include <aerie/core/metrics.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace engineio {

/// Why somebody was not let in. The first six are those of ErrorCode, in its order.
enum class Refusal : std::uint8_t {
  unknown_transport,
  unknown_session,
  bad_handshake_method,
  bad_request,
  forbidden,
  unsupported_protocol_version,
  origin,        ///< A page of another origin, which may not.
  too_many,      ///< ServerOptions::max_sessions.
  address,       ///< ServerOptions::max_sessions_per_address.
  address_rate,  ///< ServerOptions::max_new_sessions_per_address.
  memory,        ///< RuntimeOptions::memory_limit.
  closing,       ///< The server is being closed, or drained.
  undecided,     ///< A hook has not decided in time.
};
inline constexpr std::size_t refusal_count = 13;
/// "unknown_transport" ...
AERIE_API std::string_view to_string(Refusal refusal) noexcept;

/// Of one shard, or of several added up.
template <class Number>
struct SessionCounts {
  /// Open ones, by TransportKind.
  std::array<Number, 2> open{};
  /// Those that have opened so far, and those that have gone over to a WebSocket.
  Number opened{};
  Number upgraded{};
  /// Those that have ended, by CloseReason.
  std::array<Number, 5> closed{};
  /// Requests that were refused, by Refusal.
  std::array<Number, refusal_count> refused{};

  /// Calls `visit` for each number and its place in `other`.
  template <class Other, class Visit>
  void with(Other& other, Visit visit) const {
    for (std::size_t i = 0; i < open.size(); ++i)
      visit(open[i], other.open[i]);
    visit(opened, other.opened);
    visit(upgraded, other.upgraded);
    for (std::size_t i = 0; i < closed.size(); ++i)
      visit(closed[i], other.closed[i]);
    for (std::size_t i = 0; i < refused.size(); ++i)
      visit(refused[i], other.refused[i]);
  }
};

}}}  // namespace aerie::v1::engineio
