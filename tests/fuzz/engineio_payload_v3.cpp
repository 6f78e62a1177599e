/// \file
/// Fuzz target: the body of a polling POST of protocol 3, in both of its forms. The packets that are read
/// have to give the same packets again when they are written as a payload. `script/fuzz engineio_payload_v3`
/// runs it.

#include <aerie/core/utf8.hpp>
#include <aerie/engineio/packet_v3.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie::engineio;
using Decoder = protocol3::PayloadDecoder;
using Result = Decoder::Result;

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
std::vector<Kept> packets_of(std::string_view payload, Decoder::Form form, Result& last) {
  std::vector<Kept> packets;
  Decoder decoder(payload, form);
  Packet packet;
  while ((last = decoder.next(packet)) == Result::packet) {
    packets.push_back({packet.type, packet.binary, std::string(packet.data)});
    // Each takes a length, its end and a type.
    require(packets.size() * 3 <= payload.size());
  }
  return packets;
}

void check(std::string_view payload, Decoder::Form form) {
  Result last{};
  auto packets = packets_of(payload, form, last);
  // Of bytes only messages are written.
  std::erase_if(packets, [](Kept const& kept) { return kept.binary && kept.type != PacketType::message; });
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
  Result again{};
  require(packets_of(text, Decoder::Form::text, again) == packets);
  require(again == Result::end);
  require(packets_of(binary, Decoder::Form::binary, again) == packets);
  require(again == Result::end);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const payload(reinterpret_cast<char const*>(data), size);
  check(payload, Decoder::Form::binary);
  if (aerie::utf8::is_valid(payload)) check(payload, Decoder::Form::text);
  return 0;
}
