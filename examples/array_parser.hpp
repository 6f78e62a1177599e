#pragma once

/// \file
/// A parser of one's own: each packet is one text message, the JSON array `[type, namespace, id, payload]`.
/// Nothing in it is binary: bytes are written as Node.js writes a Buffer. docs/parsers.md goes through it.

#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/socketio/parser.hpp>

#include <memory>
#include <utility>
#include <vector>

class ArrayParser final : public aerie::Parser {
 public:
  void encode(aerie::socketio::OutgoingPacket const& packet,
              aerie::socketio::EncodedPacket& out) const override {
    aerie::json::Writer writer(out.begin(aerie::socketio::FrameKind::text));
    writer.begin_array();
    writer.integer(static_cast<int>(packet.type));
    writer.string(packet.nsp);
    packet.id ? writer.unsigned_integer(*packet.id) : writer.null();
    packet.data.empty() ? writer.null() : packet.data.write(writer);
    writer.end_array();
  }

  aerie::socketio::ParseResult decode(aerie::socketio::Frame const& frame,
                                      std::unique_ptr<aerie::socketio::PartialPacket>&,
                                      aerie::socketio::ParserLimits const& limits,
                                      aerie::socketio::IncomingPacket& packet) const override {
    using aerie::socketio::ParseResult;
    aerie::json::Reader reader(frame.data, limits.max_depth);
    aerie::Value parts;
    if (frame.kind != aerie::socketio::FrameKind::text || !reader.read_value(parts) || !reader.finish())
      return ParseResult::malformed("a packet is a JSON text");
    // What is missing is undefined, and of no type that is asked for.
    if (!has_valid_head(parts)) return ParseResult::malformed("a packet begins with type, namespace and id");
    packet.type = static_cast<aerie::socketio::PacketType>(parts[0].as_int());
    packet.texts = parts[1].as_string();
    packet.nsp = packet.texts;
    if (parts[2].is_number()) packet.id = static_cast<std::uint64_t>(parts[2].as_int());
    return take_payload(parts[3], packet);
  }

 private:
  static bool has_valid_head(aerie::Value const& parts) {
    auto const is_whole = [](aerie::Value const& value) {
      return value.kind() == aerie::ValueKind::integer && value.as_int() >= 0;
    };
    return is_whole(parts[0]) && parts[0].as_int() <= 4 && parts[1].is_string() &&
           (parts[2].is_null() || is_whole(parts[2]));
  }

  static aerie::socketio::ParseResult take_payload(aerie::Value const& payload,
                                                   aerie::socketio::IncomingPacket& packet) {
    using aerie::socketio::PacketType;
    auto const is_list = packet.type == PacketType::event || packet.type == PacketType::ack;
    auto const may_be_absent = packet.type == PacketType::connect || packet.type == PacketType::disconnect;
    if (is_list && payload.is_array()) {
      packet.payload = aerie::Args(payload.as_array());
    } else if (!is_list && packet.type != PacketType::disconnect && payload.is_object()) {
      packet.payload = aerie::Args(std::vector{payload});
    } else if (!may_be_absent || !payload.is_null()) {
      return aerie::socketio::ParseResult::malformed("this is no payload of such a packet");
    }
    return aerie::socketio::ParseResult::complete();
  }
};
