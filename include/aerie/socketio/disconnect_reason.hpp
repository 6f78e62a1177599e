#pragma once

/// \file
/// Why a socket has left.

#include <aerie/core/api.hpp>

#include <cstdint>
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

/// The official server's words: "client namespace disconnect" ...
AERIE_API std::string_view to_string(DisconnectReason reason) noexcept;

}}  // namespace aerie::v1
