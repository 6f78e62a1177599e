#pragma once

/// \file
/// The official parser, `socket.io-parser` 4.2: https://socket.io/docs/v4/socket-io-protocol/

#include <aerie/socketio/json_packet.hpp>
#include <aerie/socketio/parser.hpp>

namespace aerie { inline namespace v1 { namespace socketio {

/// Has no state.
class AERIE_API JsonParser final : public Parser {
 public:
  void encode(OutgoingPacket const& packet, EncodedPacket& out) const override;
  ParseResult decode(Frame const& frame, std::unique_ptr<PartialPacket>& begun, ParserLimits const& limits,
                     IncomingPacket& packet) const override;
  std::string_view json_payload(EncodedPacket const& packet, std::string_view nsp) const noexcept override;
};

}}}  // namespace aerie::v1::socketio
