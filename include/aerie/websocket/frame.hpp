#pragma once

/// \file
/// The form of WebSocket frames (RFC 6455 §5.2) and how to write them. Functions without state; any thread.

#include <aerie/core/api.hpp>
#include <aerie/websocket/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace aerie { inline namespace v1 { namespace websocket {

/// On which side of a connection we are. Clients mask what they send, servers must not (RFC 6455 §5.1).
enum class Role : std::uint8_t { server, client };

enum class Opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xA,
};

constexpr bool is_control(Opcode opcode) {
  return (static_cast<std::uint8_t>(opcode) & 0x8) != 0;
}

/// A masking key, as the four bytes lie in memory.
using Mask = std::uint32_t;

/// Bytes of the longest header that a server writes, and that anybody writes.
inline constexpr std::size_t max_unmasked_header_size = 10;
inline constexpr std::size_t max_header_size = max_unmasked_header_size + sizeof(Mask);
/// Most bytes that a control frame may carry (RFC 6455 §5.5), and its longest whole form.
inline constexpr std::size_t max_control_payload = 125;
inline constexpr std::size_t max_control_frame = 2 + sizeof(Mask) + max_control_payload;

struct FrameFlags {
  bool final = true;        ///< The last, or only, frame of its message.
  bool compressed = false;  ///< RSV1: the message is compressed (RFC 7692 §6).
};

/// Bytes of a server's header before a payload of `payload_size` bytes: 2, 4 or 10.
constexpr std::size_t header_size(std::uint64_t payload_size) {
  return payload_size <= 125 ? 2 : payload_size <= 0xFFFF ? 4 : 10;
}

/// Writes the header of a server's frame and returns its size. REQUIRES: room for `max_unmasked_header_size`
/// bytes at `out`.
AERIE_API std::size_t encode_header(char* out, Opcode opcode, std::uint64_t payload_size,
                                    FrameFlags flags = {});

/// The same for a client, whose payload must follow with `apply_mask(payload, mask)` done to it. The mask is
/// to come from a source that nobody can predict (RFC 6455 §10.3). REQUIRES: room for `max_header_size`
/// bytes.
AERIE_API std::size_t encode_masked_header(char* out, Opcode opcode, std::uint64_t payload_size, Mask mask,
                                           FrameFlags flags = {});

/// Masks or unmasks in place (RFC 6455 §5.3) and returns the mask for the bytes that come next.
AERIE_API Mask apply_mask(std::span<char> bytes, Mask mask);

/// Writes the payload of a close frame and returns its size. `CloseCode::no_status` makes an empty one; a
/// reason is cut at 123 bytes, before the character that does not fit. REQUIRES: room for
/// `max_control_payload` bytes.
AERIE_API std::size_t encode_close_payload(char* out, CloseCode code, std::string_view reason);

/// What a close frame says.
struct ClosePayload {
  Error error = Error::none;
  CloseCode code = CloseCode::no_status;
  std::string_view reason{};  ///< A view into the payload.
};

/// Reads and checks the payload of a close frame (RFC 6455 §5.5.1, §7.4).
AERIE_API ClosePayload parse_close_payload(std::string_view payload);

}}}  // namespace aerie::v1::websocket
