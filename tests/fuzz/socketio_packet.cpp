/// \file
/// Fuzz target: the text of a Socket.IO packet. What is accepted has to be the same packet again when its
/// head is written, and its arguments have to be readable one by one. `script/fuzz socketio_packet` runs it.

#include "fuzz/parser.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/json_packet.hpp>
#include <aerie/socketio/parser.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie;
using socketio::PacketError;
using socketio::PacketHead;

using fuzz::require;
using socketio::FrameKind;
using socketio::IncomingPacket;
using socketio::ParseResult;

void check_arguments(PacketHead const& head) {
  std::vector<Bytes> const attachments(head.attachments, Bytes(std::string_view("x")));
  json::ElementList elements;
  auto const count = head.is_binary() ? std::optional<std::size_t>(head.attachments) : std::nullopt;
  if (json::scan_array(head.payload, elements, count) != json::ScanError::none) return;
  Args args(socketio::json_elements(), elements, 0, attachments);
  auto const values = args.values();
  require(values.size() == elements.size());
  args.own();
  require(args.values() == values);
}

void check(std::string_view text) {
  if (!utf8::is_valid(text)) return;
  PacketHead head;
  auto const error = socketio::parse_packet(text, head);
  require(to_string(error).empty() == (error == PacketError::none));
  if (error != PacketError::none) return;
  require(head.attachments <= socketio::default_max_attachments);
  require(head.is_binary() == (head.attachments > 0));
  // No JSON begins like a namespace, and without its own such a payload would be taken for one.
  if (head.payload.starts_with('/')) return;

  std::string written;
  socketio::append_packet_head(written, head.type, head.attachments, head.nsp, head.id);
  written.append(head.payload);
  PacketHead again;
  require(socketio::parse_packet(written, again) == PacketError::none);
  require(again.type == head.type && again.attachments == head.attachments && again.nsp == head.nsp &&
          again.id == head.id && again.payload == head.payload);
  if (head.is_event() || head.is_ack()) check_arguments(head);
}

using Frames = std::vector<socketio::Frame>;

constexpr socketio::ParserLimits limits_of_a_client{
    .max_attachments = 4, .max_attachments_size = 16, .max_depth = 64};
/// An attachment that is meant several times is written as often.
constexpr socketio::ParserLimits limits_of_what_is_written{
    .max_attachments = 10'000, .max_attachments_size = 1'000'000, .max_depth = 64};

/// The packets that these frames are, each written anew; what is malformed ends it, as it ends a session.
std::vector<socketio::EncodedPacket> packets_of(Frames const& frames, socketio::ParserLimits const& limits) {
  auto const parser = json_parser();
  std::unique_ptr<socketio::PartialPacket> begun;
  std::vector<socketio::EncodedPacket> packets;
  for (auto const& frame : frames) {
    IncomingPacket packet;
    auto const result = parser->decode(frame, begun, limits, packet);
    if (result.kind == ParseResult::Kind::malformed) {
      require(!result.why.empty());
      break;
    }
    require((result.kind == ParseResult::Kind::incomplete) == (begun != nullptr));
    if (begun) {
      require(begun->memory() > 0);
      continue;
    }
    // What clients are not to send is dropped with its payload, and an event without a name as well.
    if (packet.type == socketio::PacketType::connect_error) continue;
    if (packet.type == socketio::PacketType::event && packet.payload.empty()) continue;
    packets.push_back(fuzz::written(*parser, packet, packet.payload.values()));
    if (packet.type == socketio::PacketType::event)
      require(packets.back().frame_count() > 1 ||
              parser->json_payload(packets.back(), packet.nsp).starts_with('['));
    fuzz::check_arguments(packet.payload);
  }
  return packets;
}

/// Frames, with a byte between them that UTF-8 does not have. What comes of them is the same when it is read
/// again.
void check_frames(std::string_view bytes) {
  Frames frames;
  while (!bytes.empty() && frames.size() < 16) {
    auto const part = bytes.substr(0, bytes.find('\xFF'));
    bytes.remove_prefix(std::min(bytes.size(), part.size() + 1));
    auto const is_text = utf8::is_valid(part) && (part.empty() || part[0] != 'b');
    frames.push_back({is_text ? FrameKind::text : FrameKind::binary, part});
  }
  auto const packets = packets_of(frames, limits_of_a_client);
  Frames written;
  for (auto const& packet : packets)
    packet.each([&](socketio::Frame const& frame) { written.push_back(frame); });
  auto const again = packets_of(written, limits_of_what_is_written);
  require(again.size() == packets.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    std::string one;
    std::string other;
    packets[i].each([&](socketio::Frame const& frame) { one.append(frame.data).append(1, '\xFF'); });
    again[i].each([&](socketio::Frame const& frame) { other.append(frame.data).append(1, '\xFF'); });
    require(one == other);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  check(bytes);
  check_frames(bytes);
  return 0;
}
