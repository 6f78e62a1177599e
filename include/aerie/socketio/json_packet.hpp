#pragma once

/// \file
/// The text of a packet in the official JSON spelling. Values and functions without state; any thread.
/// https://socket.io/docs/v4/socket-io-protocol/

#include <aerie/core/api.hpp>
#include <aerie/socketio/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// What can be wrong with a packet; the connection is closed for each.
enum class PacketError : std::uint8_t {
  none,
  empty,
  unknown_type,
  illegal_attachments,   ///< No count, or zero.
  too_many_attachments,  ///< More than the limit.
  illegal_id,            ///< An acknowledgement id beyond 2^63 - 1.
  invalid_payload,       ///< Not what a packet of this type carries.
  illegal_placeholder,   ///< One that names no attachment.
  text_while_assembling,
  binary_out_of_place,
  attachments_too_large,
};

/// A sentence, in the official parser's words where it has them.
AERIE_API std::string_view to_string(PacketError error) noexcept;

/// The parts of a packet's text; views into it. The payload is not looked at.
struct PacketHead {
  PacketType type = PacketType::event;
  /// Of an event or an acknowledgement in which there is something binary: how many, at least one.
  std::size_t attachments = 0;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id{};
  /// JSON, or nothing.
  std::string_view payload{};

  bool is_event() const noexcept { return type == PacketType::event; }
  bool is_ack() const noexcept { return type == PacketType::ack; }
  bool is_binary() const noexcept { return attachments != 0; }
};

/// Takes a packet's text apart: `<type>[<attachments>-][<namespace>,][<id>][payload]`. REQUIRES: nothing has
/// been written to `head`.
AERIE_API PacketError parse_packet(std::string_view text, PacketHead& head,
                                   std::size_t max_attachments = default_max_attachments) noexcept;

/// Appends what stands before the payload.
AERIE_API void append_packet_head(std::string& out, PacketType type, std::size_t attachments,
                                  std::string_view nsp, std::optional<std::uint64_t> id);

}}}  // namespace aerie::v1::socketio
