#pragma once

/// \file
/// What the fuzz targets of both parsers do with a packet that one has read.

#include "fuzz/require.hpp"

#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/packet.hpp>
#include <aerie/socketio/parser.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aerie::fuzz {

/// Writes the packet anew.
inline socketio::EncodedPacket written(Parser const& parser, socketio::IncomingPacket const& packet,
                                       std::vector<Value> const& values, bool is_broadcast = false) {
  std::vector<EncodableRef> const refs(values.begin(), values.end());
  socketio::OutgoingPacket outgoing{
      .type = packet.type, .nsp = packet.nsp, .id = packet.id, .is_broadcast = is_broadcast};
  if (packet.type == socketio::PacketType::event || packet.type == socketio::PacketType::ack) {
    outgoing.data = socketio::PacketData(ArgsRef(refs));
  } else if (!refs.empty()) {
    outgoing.data = socketio::PacketData(refs.front());
  }
  socketio::EncodedPacket encoded;
  parser.encode(outgoing, encoded);
  return encoded;
}

/// Arguments are read one by one as they are read together, and may be kept.
inline void check_arguments(Args& args) {
  auto const values = args.values();
  require(values.size() == args.size());
  for (std::size_t i = 0; i < args.size(); ++i) {
    require(msgpack::pack(args.get<Value>(i)) == msgpack::pack(values[i]));
    if (args.plain_text(i).data() != nullptr) require(args.get<std::string>(i) == args.plain_text(i));
    Value unpacked;
    require(msgpack::unpack(args.packed(i), unpacked).ok() || json::parse(args.packed(i), unpacked).ok());
  }
  args.own();
  require(msgpack::pack(args.values()) == msgpack::pack(values));
  try {
    static_cast<void>(args.get<std::string>(args.size()));
    std::abort();  // there is none
  } catch (BadArguments const& error) {
    require(std::string_view(error.what()).size() > 1);
  }
  args.set(args.size() + 1, "behind");
  require(args.size() == values.size() + 2);
}

}  // namespace aerie::fuzz
