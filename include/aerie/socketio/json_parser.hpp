#pragma once

/// \file
/// The official parser, `socket.io-parser` 4.2: https://socket.io/docs/v4/socket-io-protocol/

#include <aerie/socketio/json_packet.hpp>
#include <aerie/socketio/parser.hpp>

namespace aerie { inline namespace v1 { namespace socketio {

/// Has no state. What other revisions of the protocol write otherwise may be written by derived classes.
class AERIE_API JsonParser : public Parser {
 public:
  void encode(OutgoingPacket const& packet, EncodedPacket& out) const override;
  ParseResult decode(Frame const& frame, std::unique_ptr<PartialPacket>& begun, ParserLimits const& limits,
                     IncomingPacket& packet) const override;
  std::string_view json_payload(EncodedPacket const& packet, std::string_view nsp) const noexcept override;

 protected:
  /// What is new about a packet whose head has been read and whose attachments are there: its payload.
  virtual PacketError read_payload(PacketHead const& head, std::span<Bytes const> attachments,
                                   ParserLimits const& limits, IncomingPacket& packet) const;

 private:
  ParseResult finish(PacketHead const& head, std::span<Bytes const> attachments, ParserLimits const& limits,
                     IncomingPacket& packet) const;
  ParseResult decode_text(std::string_view text, std::unique_ptr<PartialPacket>& begun,
                          ParserLimits const& limits, IncomingPacket& packet) const;
  ParseResult decode_attachment(std::string_view bytes, std::unique_ptr<PartialPacket>& begun,
                                ParserLimits const& limits, IncomingPacket& packet) const;
};

}}}  // namespace aerie::v1::socketio
