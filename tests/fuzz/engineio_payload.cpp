/// \file
/// Fuzz target: the body of a polling POST. The packets that are read have to give the same packets again
/// when they are written as a payload. `script/fuzz engineio_payload` runs it.

#include <aerie/engineio/packet.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie::engineio;
using Result = PayloadDecoder::Result;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Kept {
  PacketType type;
  bool binary;
  std::string data;
  bool operator==(Kept const&) const = default;
};

/// All packets up to the first that is none.
std::vector<Kept> packets_of(std::string_view payload, Result& last) {
  std::vector<Kept> packets;
  PayloadDecoder decoder(payload);
  Packet packet;
  while ((last = decoder.next(packet)) == Result::packet) {
    packets.push_back({packet.type, packet.binary, std::string(packet.data)});
    // Each takes at least one byte and a separator.
    require(packets.size() <= payload.size() + 1);
  }
  return packets;
}

void check(std::string_view payload) {
  Result last{};
  auto const packets = packets_of(payload, last);
  std::string written;
  for (auto const& packet : packets) {
    if (packet.binary) {
      append_binary(written, packet.data);
    } else {
      append_packet(written, packet.type, packet.data);
    }
  }
  if (packets.empty()) return;
  Result again{};
  require(packets_of(written, again) == packets);
  require(again == Result::end);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
