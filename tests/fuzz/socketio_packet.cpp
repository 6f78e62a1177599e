/// \file
/// Fuzz target: the text of a Socket.IO packet. What is accepted has to be the same packet again when its
/// head is written, and its arguments have to be readable one by one. `script/fuzz socketio_packet` runs it.

#include <aerie/core/utf8.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/socketio/args.hpp>
#include <aerie/socketio/json_packet.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace aerie;
using socketio::PacketError;
using socketio::PacketHead;

void require(bool holds) {
  if (!holds) std::abort();
}

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
  if (socketio::parse_packet(text, head) != PacketError::none) return;
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  check({reinterpret_cast<char const*>(data), size});
  return 0;
}
