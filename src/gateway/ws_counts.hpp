#pragma once

/// \file
/// What one path's clients send, are sent, and how they leave.

#include <aerie/core/metrics.hpp>
#include <aerie/core/metrics_page.hpp>
#include <aerie/socketio/disconnect_reason.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aerie { inline namespace v1 { namespace gateway {

/// Why somebody could not open a plain WebSocket.
enum class WsRefusal : std::uint8_t {
  origin,
  no_room,
  guard,
};
inline constexpr std::size_t ws_refusal_count = 3;
std::string_view to_string(WsRefusal refusal) noexcept;

/// Of one shard, which alone writes it; read on any thread. Always counted: a few plain additions for each
/// message.
struct WsCounts {
  core::Tally opened;
  core::Tally messages_received;
  core::Tally bytes_received;
  /// One for each client that is sent it.
  core::Tally messages_sent;
  core::Tally bytes_sent;
  /// What was no message, or of an event that nobody handles.
  core::Tally dropped;
  std::array<core::Tally, disconnect_reason_count> closed;
  std::array<core::Tally, ws_refusal_count> refused;

  void count(WsRefusal refusal) noexcept { refused[static_cast<std::size_t>(refusal)].add(); }
  void count(DisconnectReason reason) noexcept { closed[static_cast<std::size_t>(reason)].add(); }
};

/// The same of all shards of a path, added up.
class WsTotals {
 public:
  void add(WsCounts const& counts) noexcept;
  void collect(core::MetricsPage& page) const;

 private:
  std::uint64_t opened_ = 0;
  std::uint64_t messages_received_ = 0;
  std::uint64_t bytes_received_ = 0;
  std::uint64_t messages_sent_ = 0;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t dropped_ = 0;
  std::array<std::uint64_t, disconnect_reason_count> closed_{};
  std::array<std::uint64_t, ws_refusal_count> refused_{};
};

}}}  // namespace aerie::v1::gateway
