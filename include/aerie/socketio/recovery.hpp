#pragma once

/// \file
/// Connection state recovery: a client whose connection was cut comes back as the same socket, and is sent
/// what it has missed. See docs/recovery.md, and
/// https://socket.io/docs/v4/connection-state-recovery

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/schema/value.hpp>
#include <aerie/socketio/disconnect_reason.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 {

/// ServerOptions::connection_state_recovery.
struct RecoveryOptions {
  /// How long a client may be away.
  core::Milliseconds max_disconnection_duration{120'000};
  /// Let a client that is recovered in without asking the middlewares. The official default is true; a user
  /// who has been locked out meanwhile would come back.
  bool skip_middlewares = false;
  /// Bytes of events that are kept for those who might come back, all namespaces together. When there are
  /// more, the oldest go before their time, and whoever has missed one of these is not recovered.
  std::size_t max_retained = std::size_t{64} * 1024 * 1024;
};

/// What has become of the session that a client had before.
enum class Recovery : std::uint8_t {
  none,             ///< It has not asked for any.
  recovered,        ///< This socket goes on with it.
  unknown_session,  ///< It has expired, or has ended by itself, or never was one of this server's.
  unknown_offset,   ///< The last event that the client names is none that it can have been sent.
  events_gone,      ///< What it has missed is not kept any more.
};

/// "unknown session" ...
AERIE_API std::string_view to_string(Recovery outcome) noexcept;

/// A session whose client has not come back in time. Valid during the call.
struct ExpiredSession {
  /// The namespace.
  std::string_view nsp;
  /// What the id of its socket was.
  std::string_view id;
  /// The rooms that it was in.
  std::vector<std::string> const& rooms;
  /// What `Socket::data` was.
  Value const& data;
  /// Why the socket had left.
  DisconnectReason reason;
};

}}  // namespace aerie::v1
