#include "engineio/payload.hpp"

#include <aerie/engineio/packet.hpp>
#include <aerie/engineio/packet_v3.hpp>

#include <algorithm>

namespace aerie { inline namespace v1 { namespace engineio {

namespace {

/// `text` and `binary` append one packet each.
std::string encode_each(std::span<OutgoingPacket const> packets,
                        void (&text)(std::string&, PacketType, std::string_view),
                        void (&binary)(std::string&, std::string_view)) {
  std::string payload;
  for (auto const& packet : packets) {
    if (packet.binary) {
      binary(payload, packet.data);
    } else {
      text(payload, packet.type, packet.data);
    }
  }
  return payload;
}

}  // namespace

Payload encode_payload(std::span<OutgoingPacket const> packets, Dialect dialect) {
  if (dialect.protocol == Protocol::v4) return {encode_each(packets, append_packet, append_binary), false};
  if (dialect.takes_binary && std::ranges::any_of(packets, &OutgoingPacket::binary))
    return {encode_each(packets, protocol3::append_packet_framed, protocol3::append_binary_framed), true};
  return {encode_each(packets, protocol3::append_packet, protocol3::append_base64), false};
}

}}}  // namespace aerie::v1::engineio
