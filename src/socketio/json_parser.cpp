#include <aerie/schema/json.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/socketio/json_parser.hpp>

#include <utility>
#include <vector>

namespace aerie { inline namespace v1 {

namespace socketio {

namespace {

/// A packet whose attachments are still arriving.
class PartialJson final : public PartialPacket {
 public:
  PartialJson(std::string_view packet, std::size_t count) : text(packet), missing(count) {}
  std::size_t memory() const noexcept override {
    return sizeof *this + text.capacity() + bytes + attachments.capacity() * sizeof(Bytes);
  }

  std::string text;
  std::size_t missing;
  std::size_t bytes = 0;
  std::vector<Bytes> attachments;
};

ParseResult refused(PacketError error) noexcept {
  return ParseResult::malformed(to_string(error));
}

}  // namespace

// --- Writing

void JsonParser::encode(OutgoingPacket const& packet, EncodedPacket& out) const {
  auto& text = out.begin(FrameKind::text);
  append_packet_head(text, packet.type, 0, packet.nsp, packet.id);
  if (packet.data.empty()) return;
  // The head is as yet a guess: whether there are attachments, which it has to say, shows only while the
  // payload is written.
  auto const head_size = text.size();
  std::vector<Bytes> attachments;
  json::Writer writer(text, &attachments);
  packet.data.write(writer);
  if (attachments.empty()) [[likely]]
    return;
  std::string head;
  append_packet_head(head, packet.type, attachments.size(), packet.nsp, packet.id);
  text.replace(0, head_size, head);
  for (auto& attachment : attachments)
    out.add(FrameKind::binary, std::move(attachment));
}

std::string_view JsonParser::json_payload(EncodedPacket const& packet, std::string_view nsp) const noexcept {
  if (packet.frame_count() != 1) return {};
  // What follows type, namespace and id.
  auto const type_and_namespace = nsp.size() == 1 ? 1 : nsp.size() + 2;
  auto const text = packet.first().data;
  return text.substr(text.find('[', type_and_namespace));
}

// --- Reading

ParseResult JsonParser::decode(Frame const& frame, std::unique_ptr<PartialPacket>& begun,
                               ParserLimits const& limits, IncomingPacket& packet) const {
  return frame.kind == FrameKind::text ? decode_text(frame.data, begun, limits, packet)
                                       : decode_attachment(frame.data, begun, limits, packet);
}

ParseResult JsonParser::decode_text(std::string_view text, std::unique_ptr<PartialPacket>& begun,
                                    ParserLimits const& limits, IncomingPacket& packet) const {
  if (begun) return refused(PacketError::text_while_assembling);
  PacketHead head;
  if (auto const error = parse_packet(text, head, limits.max_attachments); error != PacketError::none)
    return refused(error);
  if (head.type == PacketType::event && !head.is_binary() && head.payload.starts_with('[')) [[likely]] {
    // What `finish` would do, without its way through all that a packet may be: this is nearly every one.
    if (json::scan_array(head.payload, packet.elements, std::nullopt, limits.max_depth) !=
            json::ScanError::none ||
        packet.elements.empty()) {
      return refused(PacketError::invalid_payload);
    }
    packet.nsp = head.nsp;
    packet.id = head.id;
    packet.payload = Args(json_elements(), packet.elements, 0, {});
    return ParseResult::complete();
  }
  if (!head.is_binary()) return finish(head, {}, limits, packet);
  begun = std::make_unique<PartialJson>(text, head.attachments);
  return ParseResult::incomplete();
}

ParseResult JsonParser::decode_attachment(std::string_view bytes, std::unique_ptr<PartialPacket>& begun,
                                          ParserLimits const& limits, IncomingPacket& packet) const {
  if (!begun) return refused(PacketError::binary_out_of_place);
  auto& partial = static_cast<PartialJson&>(*begun);
  if (partial.bytes + bytes.size() > limits.max_attachments_size)
    return refused(PacketError::attachments_too_large);
  partial.bytes += bytes.size();
  partial.attachments.emplace_back(bytes);
  if (--partial.missing > 0) return ParseResult::incomplete();
  packet.whole = std::move(begun);
  PacketHead head;
  // It was parsed before: only the views into the text have to be made again.
  static_cast<void>(parse_packet(partial.text, head, limits.max_attachments));
  return finish(head, partial.attachments, limits, packet);
}

ParseResult JsonParser::finish(PacketHead const& head, std::span<Bytes const> attachments,
                               ParserLimits const& limits, IncomingPacket& packet) const {
  packet.type = head.type;
  packet.nsp = head.nsp;
  packet.id = head.id;
  if (auto const error = read_payload(head, attachments, limits, packet); error != PacketError::none)
    return refused(error);
  return ParseResult::complete();
}

namespace {

PacketError read_array(PacketHead const& head, std::span<Bytes const> attachments, ParserLimits const& limits,
                       IncomingPacket& packet) {
  // JSON behind the id, not white space: the official parser would take "2 [...]" for an id of 0.
  if (!head.payload.starts_with('[')) return PacketError::invalid_payload;
  auto const count = head.is_binary() ? std::optional(attachments.size()) : std::nullopt;
  switch (json::scan_array(head.payload, packet.elements, count, limits.max_depth)) {
    case json::ScanError::none:
      packet.payload = Args(json_elements(), packet.elements, 0, attachments);
      return PacketError::none;
    case json::ScanError::illegal_attachment:
      return PacketError::illegal_placeholder;
    default:
      return PacketError::invalid_payload;
  }
}

PacketError read_one(PacketHead const& head, std::string_view first, ParserLimits const& limits,
                     IncomingPacket& packet) {
  if (head.payload.empty()) return PacketError::none;
  if (first.find(head.payload.front()) == std::string_view::npos ||
      json::validate(head.payload, std::nullopt, limits.max_depth) != json::ScanError::none) {
    return PacketError::invalid_payload;
  }
  packet.elements.push_back(head.payload);
  packet.payload = Args(json_elements(), packet.elements, 0, {});
  return PacketError::none;
}

}  // namespace

PacketError JsonParser::read_payload(PacketHead const& head, std::span<Bytes const> attachments,
                                     ParserLimits const& limits, IncomingPacket& packet) const {
  switch (head.type) {
    case PacketType::event: {
      // One without a name: nobody can listen to it.
      if (head.payload.empty() && !head.is_binary()) return PacketError::none;
      auto const error = read_array(head, attachments, limits, packet);
      return error == PacketError::none && packet.payload.empty() ? PacketError::invalid_payload : error;
    }
    case PacketType::ack:
      return read_array(head, attachments, limits, packet);
    case PacketType::connect:
      return read_one(head, "{", limits, packet);
    case PacketType::connect_error:
      return read_one(head, "{\"", limits, packet);
    case PacketType::disconnect:
      return head.payload.empty() ? PacketError::none : PacketError::invalid_payload;
  }
  return PacketError::unknown_type;
}

}  // namespace socketio

std::shared_ptr<Parser const> json_parser() {
  static socketio::JsonParser const parser;
  return {std::shared_ptr<void>(), &parser};
}

}}  // namespace aerie::v1
