#pragma once

/// \file
/// Packets of Socket.IO protocol 5 in their JSON spelling. Values and functions without state; any thread.
/// https://socket.io/docs/v4/socket-io-protocol/

#include <aerie/core/api.hpp>
#include <aerie/schema/bytes.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/socketio/event_payload.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace socketio {

enum class PacketType : std::uint8_t {
  connect = 0,
  disconnect = 1,
  event = 2,
  ack = 3,
  connect_error = 4,
  binary_event = 5,
  binary_ack = 6,
};

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

inline constexpr std::size_t default_max_attachments = 10;

/// The parts of a packet's text; views into it. The payload is not looked at.
struct PacketHead {
  PacketType type = PacketType::event;
  std::size_t attachments = 0;
  std::string_view nsp = "/";
  std::optional<std::uint64_t> id{};
  /// JSON, or nothing.
  std::string_view payload{};

  bool is_event() const noexcept { return type == PacketType::event || type == PacketType::binary_event; }
  bool is_ack() const noexcept { return type == PacketType::ack || type == PacketType::binary_ack; }
  bool is_binary() const noexcept {
    return type == PacketType::binary_event || type == PacketType::binary_ack;
  }
};

/// Takes a packet's text apart: `<type>[<attachments>-][<namespace>,][<id>][payload]`.
AERIE_API PacketError parse_packet(std::string_view text, PacketHead& head,
                                   std::size_t max_attachments = default_max_attachments) noexcept;

/// Names that no application may send or receive as an event.
AERIE_API bool is_reserved_event(std::string_view name) noexcept;

/// A packet ready to be sent: its text, and the attachments that follow it.
struct EncodedPacket {
  std::string text;
  std::vector<Bytes> attachments{};

  /// Bytes of all of it.
  std::size_t size() const noexcept {
    auto size = text.size();
    for (auto const& attachment : attachments)
      size += attachment.size();
    return size;
  }
};

/// Appends what stands before the payload.
AERIE_API void append_packet_head(std::string& out, PacketType type, std::size_t attachments,
                                  std::string_view nsp, std::optional<std::uint64_t> id);

/// Encodes an event into `packet`, which is replaced: its memory can be used again and again.
AERIE_API void encode_event(EncodedPacket& packet, std::string_view nsp, std::optional<std::uint64_t> id,
                            std::string_view event, ArgsRef args);
/// The same for an event that is ready in some form.
AERIE_API void encode_event(EncodedPacket& packet, std::string_view nsp, std::optional<std::uint64_t> id,
                            EventPayload const& payload);
/// The same with the event's name among the elements, whatever it is.
AERIE_API void encode_elements_packet(EncodedPacket& packet, std::string_view nsp, ArgsRef elements);
/// The same for an acknowledgement.
AERIE_API void encode_ack(EncodedPacket& packet, std::string_view nsp, std::uint64_t id, ArgsRef args);
/// A CONNECT or CONNECT_ERROR with its payload, a DISCONNECT without.
AERIE_API std::string encode_control(PacketType type, std::string_view nsp, std::string_view json = {});

}}}  // namespace aerie::v1::socketio
