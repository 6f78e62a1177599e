#include <aerie/schema/json.hpp>
#include <aerie/socketio/packet.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace aerie { inline namespace v1 { namespace socketio {

namespace {

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Reads the digits at the front of `text`; nothing if there are none or they exceed `most`.
template <class T>
std::optional<T> take_number(std::string_view& text, T most) noexcept {
  T number = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number > most) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

PacketError take_attachments(std::string_view& text, std::size_t& count, std::size_t most) noexcept {
  if (text.empty() || !is_digit(text.front())) return PacketError::illegal_attachments;
  auto const number = take_number<std::size_t>(text, most);
  if (!number) return PacketError::too_many_attachments;
  if (*number == 0 || text.empty() || text.front() != '-') return PacketError::illegal_attachments;
  text.remove_prefix(1);
  count = *number;
  return PacketError::none;
}

std::string_view take_namespace(std::string_view& text) noexcept {
  auto const end = std::min(text.find(','), text.size());
  auto const nsp = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return nsp;
}

void append_number(std::string& out, std::uint64_t number) {
  if (number < 10) return out.push_back(static_cast<char>('0' + number));
  std::array<char, 20> digits;
  auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

}  // namespace

std::string_view to_string(PacketError error) noexcept {
  switch (error) {
    case PacketError::none:
      return "";
    case PacketError::empty:
      return "empty packet";
    case PacketError::unknown_type:
      return "unknown packet type";
    case PacketError::illegal_attachments:
      return "Illegal attachments";
    case PacketError::too_many_attachments:
      return "too many attachments";
    case PacketError::illegal_id:
      return "illegal acknowledgement id";
    case PacketError::invalid_payload:
      return "invalid payload";
    case PacketError::illegal_placeholder:
      return "illegal attachments";
    case PacketError::text_while_assembling:
      return "got plaintext data when reconstructing a packet";
    case PacketError::binary_out_of_place:
      return "got binary data when not reconstructing a packet";
    case PacketError::attachments_too_large:
      return "the attachments of a packet are too large together";
  }
  return "";
}

PacketError parse_packet(std::string_view text, PacketHead& head, std::size_t max_attachments) noexcept {
  if (text.empty()) return PacketError::empty;
  auto const type = text.front() - '0';
  if (type < 0 || type > 6) return PacketError::unknown_type;
  head = PacketHead{static_cast<PacketType>(type)};
  text.remove_prefix(1);
  if (head.is_binary()) {
    if (auto const error = take_attachments(text, head.attachments, max_attachments);
        error != PacketError::none) {
      return error;
    }
  }
  if (!text.empty() && text.front() == '/') head.nsp = take_namespace(text);
  if (!text.empty() && is_digit(text.front())) {
    head.id = take_number<std::uint64_t>(text, std::numeric_limits<std::int64_t>::max());
    if (!head.id) return PacketError::illegal_id;
  }
  head.payload = text;
  return PacketError::none;
}

bool is_reserved_event(std::string_view name) noexcept {
  constexpr auto shortest = std::string_view("connect").size();
  if (name.size() < shortest) return false;
  static constexpr std::array<std::string_view, 6> reserved{
      "connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"};
  return std::ranges::find(reserved, name) != reserved.end();
}

void append_packet_head(std::string& out, PacketType type, std::size_t attachments, std::string_view nsp,
                        std::optional<std::uint64_t> id) {
  out.push_back(static_cast<char>('0' + static_cast<int>(type)));
  if (type == PacketType::binary_event || type == PacketType::binary_ack) {
    append_number(out, attachments);
    out.push_back('-');
  }
  if (nsp.size() != 1) {  // "/" has no name in packets
    out.append(nsp);
    out.push_back(',');
  }
  if (id) append_number(out, *id);
}

namespace {

/// Encodes the payload behind a head that is as yet a guess: whether there are attachments, which the head
/// has to say, shows only while the payload is written.
template <class WritePayload>
void encode_with_payload(EncodedPacket& packet, PacketType plain, PacketType binary, std::string_view nsp,
                         std::optional<std::uint64_t> id, WritePayload write_payload) {
  packet.text.clear();
  packet.attachments.clear();
  append_packet_head(packet.text, plain, 0, nsp, id);
  auto const head_size = packet.text.size();
  json::Writer writer(packet.text, &packet.attachments);
  write_payload(writer);
  if (packet.attachments.empty()) return;
  std::string head;
  append_packet_head(head, binary, packet.attachments.size(), nsp, id);
  packet.text.replace(0, head_size, head);
}

}  // namespace

void encode_event(EncodedPacket& packet, std::string_view nsp, std::optional<std::uint64_t> id,
                  std::string_view event, ArgsRef args) {
  encode_with_payload(packet, PacketType::event, PacketType::binary_event, nsp, id,
                      [&](json::Writer& writer) {
                        writer.begin_array(args.size() + 1);
                        writer.string(event);
                        encode_elements(writer, args);
                        writer.end_array();
                      });
}

void encode_event(EncodedPacket& packet, std::string_view nsp, std::optional<std::uint64_t> id,
                  EventPayload const& payload) {
  encode_with_payload(packet, PacketType::event, PacketType::binary_event, nsp, id,
                      [&](json::Writer& writer) { payload.encode(writer); });
}

void encode_elements_packet(EncodedPacket& packet, std::string_view nsp, ArgsRef elements) {
  encode_with_payload(packet, PacketType::event, PacketType::binary_event, nsp, std::nullopt,
                      [&](json::Writer& writer) {
                        writer.begin_array(elements.size());
                        encode_elements(writer, elements);
                        writer.end_array();
                      });
}

void encode_ack(EncodedPacket& packet, std::string_view nsp, std::uint64_t id, ArgsRef args) {
  encode_with_payload(packet, PacketType::ack, PacketType::binary_ack, nsp, id, [&](json::Writer& writer) {
    writer.begin_array(args.size());
    encode_elements(writer, args);
    writer.end_array();
  });
}

std::string encode_control(PacketType type, std::string_view nsp, std::string_view json) {
  std::string packet;
  append_packet_head(packet, type, 0, nsp, std::nullopt);
  packet.append(json);
  return packet;
}

}}}  // namespace aerie::v1::socketio
