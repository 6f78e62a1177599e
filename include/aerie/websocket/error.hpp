#pragma once

/// \file
/// What can be wrong with a WebSocket peer, and the close codes that say so. Values; any thread.

#include <aerie/core/api.hpp>

#include <cstdint>
#include <string_view>
#include <system_error>
#include <type_traits>

namespace aerie { inline namespace v1 { namespace websocket {

/// Status of a close frame (RFC 6455 §7.4). Applications use 3000-4999, so other values than the named occur.
enum class CloseCode : std::uint16_t {
  normal = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status = 1005,  ///< Never sent: stands for a close frame without a code.
  abnormal = 1006,   ///< Never sent: stands for a connection that ended without a close frame.
  invalid_payload = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  mandatory_extension = 1010,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
  bad_gateway = 1014,
};

/// True if a close frame may carry `code`: 1000-1003, 1007-1014 and 3000-4999 (RFC 6455 §7.4, IANA registry).
constexpr bool may_be_sent(CloseCode code) {
  auto const value = static_cast<std::uint16_t>(code);
  return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014) ||
         (value >= 3000 && value <= 4999);
}

/// Everything this floor refuses.
enum class Error : std::uint8_t {
  none = 0,

  // Frames
  reserved_bits,
  unexpected_compression,
  reserved_opcode,
  missing_mask,
  unexpected_mask,
  fragmented_control,
  control_too_long,
  unexpected_continuation,
  expected_continuation,
  bad_close_body,
  bad_close_code,
  invalid_utf8,
  invalid_compressed_data,
  message_too_big,
  too_many_fragments,
  too_many_control_frames,

  // Opening handshake
  bad_method,
  bad_upgrade,
  bad_connection,
  bad_key,
  bad_version,
  bad_protocol,
  bad_extensions,
};

/// A sentence for people; that of a handshake error is fit for the body of the answer.
AERIE_API std::string_view describe(Error error);

/// The code to close a connection with after a frame error (RFC 6455 §7.4.1).
AERIE_API CloseCode close_code_of(Error error);

/// The category of `Error`, named "aerie.websocket".
AERIE_API std::error_category const& error_category();

inline std::error_code make_error_code(Error error) {
  return {static_cast<int>(error), error_category()};
}

}}}  // namespace aerie::v1::websocket

template <>
struct std::is_error_code_enum<aerie::websocket::Error> : std::true_type {};
