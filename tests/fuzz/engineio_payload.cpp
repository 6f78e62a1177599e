/// \file
/// Fuzz target: the body of a polling POST. The packets that are read have to give the same packets again
/// when they are written as a payload. `script/fuzz engineio_payload` runs it.

#include "fuzz/require.hpp"
#include "unit/support/read_packets.hpp"

#include <aerie/engineio/packet.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace aerie::engineio;
using aerie::test::read_packets;

using aerie::fuzz::require;

void check(std::string_view payload) {
  auto const packets = read_packets(PayloadDecoder(payload)).packets;
  // Each takes at least one byte and a separator.
  require(packets.size() <= payload.size() + 1);
  if (packets.empty()) return;
  std::string written;
  for (auto const& packet : packets) {
    if (packet.binary) {
      append_binary(written, packet.data);
    } else {
      append_packet(written, packet.type, packet.data);
    }
  }
  auto const again = read_packets(PayloadDecoder(written));
  require(again.whole && again.packets == packets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
