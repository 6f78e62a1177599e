/// \file
/// Fuzz target: the body of a polling POST of protocol 3, in both of its forms. The packets that are read
/// have to give the same packets again when they are written as a payload. `script/fuzz engineio_payload_v3`
/// runs it.

#include "fuzz/require.hpp"
#include "unit/support/read_packets.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/engineio/packet_v3.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace aerie::engineio;
using Decoder = protocol3::PayloadDecoder;
using aerie::test::read_packets;

using aerie::fuzz::require;

void check(std::string_view payload, Decoder::Form form) {
  auto packets = read_packets(Decoder(payload, form)).packets;
  // Each takes a length, its end and a type.
  require(packets.size() * 3 <= payload.size());
  // Of bytes only messages are written.
  std::erase_if(packets, [](auto const& kept) { return kept.binary && kept.type != PacketType::message; });
  if (packets.empty()) return;
  std::string text;
  std::string binary;
  for (auto const& packet : packets) {
    if (packet.binary) {
      protocol3::append_base64(text, packet.data);
      protocol3::append_binary_framed(binary, packet.data);
    } else {
      protocol3::append_packet(text, packet.type, packet.data);
      protocol3::append_packet_framed(binary, packet.type, packet.data);
    }
  }
  for (auto const& [written, of] :
       {std::pair(text, Decoder::Form::text), std::pair(binary, Decoder::Form::binary)}) {
    auto const again = read_packets(Decoder(written, of));
    require(again.whole && again.packets == packets);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const payload(reinterpret_cast<char const*>(data), size);
  check(payload, Decoder::Form::binary);
  if (aerie::utf8::is_valid(payload)) check(payload, Decoder::Form::text);
  return 0;
}
