#pragma once

/// \file
/// Reading a polling payload to its end, of either protocol: for the decoders' tests and their fuzz targets.

#include <aerie/engineio/packet.hpp>

#include <string>
#include <vector>

namespace aerie::test {

/// A packet that outlives its payload.
struct KeptPacket {
  engineio::PacketType type;
  bool binary;
  std::string data;
  bool operator==(KeptPacket const&) const = default;
};

struct PacketsOfPayload {
  std::vector<KeptPacket> packets{};
  /// False if something behind them is no packet.
  bool whole = false;
};

template <class Decoder>
PacketsOfPayload read_packets(Decoder decoder) {
  PacketsOfPayload read;
  engineio::Packet packet;
  auto result = decoder.next(packet);
  for (; result == Decoder::Result::packet; result = decoder.next(packet))
    read.packets.push_back({packet.type, packet.binary, std::string(packet.data)});
  read.whole = result == Decoder::Result::end;
  return read;
}

/// The packets as "4hello", those with bytes as "4<bytes>", and "!" where what follows is none.
inline std::string shown(PacketsOfPayload const& read) {
  std::string text;
  auto const add = [&text](std::string const& next) { text += (text.empty() ? "" : " ") + next; };
  for (auto const& [type, binary, data] : read.packets)
    add(static_cast<char>(type) + (binary ? "<" + data + ">" : data));
  if (!read.whole) add("!");
  return text;
}

}  // namespace aerie::test
