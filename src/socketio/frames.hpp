#pragma once

#include <aerie/engineio/packet.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/websocket/frame.hpp>

#include <array>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace socketio {

/// Replaces `out` by the WebSocket frames that a packet consists of: one for its text, as an Engine.IO
/// message, and one for each attachment.
inline void encode_frames(std::string& out, EncodedPacket const& packet) {
  out.clear();
  std::array<char, websocket::max_unmasked_header_size> header;
  auto const append_header = [&](websocket::Opcode opcode, std::size_t size) {
    out.append(header.data(), websocket::encode_header(header.data(), opcode, size));
  };
  append_header(websocket::Opcode::text, packet.text.size() + 1);
  out.push_back(static_cast<char>(engineio::PacketType::message));
  out.append(packet.text);
  for (auto const& attachment : packet.attachments) {
    append_header(websocket::Opcode::binary, attachment.size());
    out.append(attachment.view());
  }
}

}}}  // namespace aerie::v1::socketio
