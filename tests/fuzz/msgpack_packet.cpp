/// \file
/// Fuzz target: a Socket.IO packet in MessagePack. What is accepted has to be within its limits and carry
/// what its type may, and what is written of it has to be read as the same packet. `script/fuzz
/// msgpack_packet` runs it.

#include "fuzz/parser.hpp"

#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/parser.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie;
using namespace aerie::socketio;

using fuzz::require;

ParseResult::Kind decode(FrameKind kind, std::string_view bytes, IncomingPacket& packet) {
  std::unique_ptr<PartialPacket> begun;
  auto const result = msgpack_parser()->decode({kind, bytes}, begun, {.max_depth = 64}, packet);
  require(begun == nullptr);
  require(result.kind != ParseResult::Kind::malformed || !result.why.empty());
  return result.kind;
}

std::string encoded(IncomingPacket const& packet, std::vector<Value> const& values) {
  auto const written = fuzz::written(*msgpack_parser(), packet, values);
  require(written.frame_count() == 1 && written.first().kind == FrameKind::binary);
  return std::string(written.first().data);
}

void check(std::string_view bytes) {
  IncomingPacket packet;
  require(decode(FrameKind::text, bytes, packet) == ParseResult::Kind::malformed);
  if (decode(FrameKind::binary, bytes, packet) != ParseResult::Kind::complete) return;
  // Clients may send these, and the server refuses them; their payload is dropped.
  if (packet.type == PacketType::connect_error) return;
  auto const values = packet.payload.values();
  if (packet.type == PacketType::connect) require(values.size() <= 1);
  if (packet.type == PacketType::disconnect) require(values.empty());
  auto const written = encoded(packet, values);
  IncomingPacket again;
  require(decode(FrameKind::binary, written, again) == ParseResult::Kind::complete);
  require(again.type == packet.type && again.nsp == packet.nsp && again.id == packet.id);
  // Numbers that are none are not equal to themselves: their bytes are.
  require(encoded(again, again.payload.values()) == written);
  auto const broadcast = fuzz::written(*msgpack_parser(), packet, values, true);
  require(decode(FrameKind::binary, broadcast.first().data, again) == ParseResult::Kind::complete);
  require(encoded(again, again.payload.values()) == written);
  fuzz::check_arguments(packet.payload);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
