#pragma once

/// \file
/// Why a socket has left.

#include <aerie/core/api.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

/// https://socket.io/docs/v4/server-socket-instance/#disconnect
enum class DisconnectReason : std::uint8_t {
  transport_error,
  transport_close,
  forced_close,
  ping_timeout,
  parse_error,
  server_shutting_down,
  forced_server_close,
  client_namespace_disconnect,
  server_namespace_disconnect,
};
/// How many reasons there are, for tables of them.
inline constexpr std::size_t disconnect_reason_count = 9;

/// The official server's words: "client namespace disconnect" ...
AERIE_API std::string_view to_string(DisconnectReason reason) noexcept;

/// What is known beyond the reason, in words for a log; may be empty. A parameter of handlers, as the reason.
struct DisconnectDescription {
  /// Of no fixed form.
  std::string text;
};

}}  // namespace aerie::v1
