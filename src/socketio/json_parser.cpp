#include <aerie/core/immortal.hpp>
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

namespace {

/// A text. Without attachments it is the packet; otherwise it is what `begun` becomes.
PacketError take_text(std::string_view text, ParserLimits const& limits,
                      std::unique_ptr<PartialPacket>& begun, PacketHead& head) {
  if (begun) return PacketError::text_while_assembling;
  auto const error = parse_packet(text, head, limits.max_attachments);
  if (error == PacketError::none && head.is_binary()) [[unlikely]]
    begun = std::make_unique<PartialJson>(text, head.attachments);
  return error;
}

/// The last one hands the text and all attachments over to `packet`.
PacketError take_attachment(std::string_view bytes, ParserLimits const& limits,
                            std::unique_ptr<PartialPacket>& begun, IncomingPacket& packet, PacketHead& head,
                            std::span<Bytes const>& attachments) {
  if (!begun) return PacketError::binary_out_of_place;
  auto& partial = static_cast<PartialJson&>(*begun);
  if (partial.bytes + bytes.size() > limits.max_attachments_size) return PacketError::attachments_too_large;
  partial.bytes += bytes.size();
  partial.attachments.emplace_back(bytes);
  if (--partial.missing > 0) return PacketError::none;
  packet.whole = std::move(begun);
  attachments = partial.attachments;
  // It was parsed before: only the views into the text have to be made again.
  return parse_packet(partial.text, head, limits.max_attachments);
}

PacketError read_array(PacketHead const& head, std::span<Bytes const> attachments, ParserLimits const& limits,
                       IncomingPacket& packet) {
  // JSON behind the id, not white space: the official parser would take "2 [...]" for an id of 0.
  if (!head.payload.starts_with('[')) return PacketError::invalid_payload;
  auto const count = head.is_binary() ? std::optional(attachments.size()) : std::nullopt;
  auto const error = json::scan_array(head.payload, packet.elements, count, limits.max_depth);
  if (error != json::ScanError::none) {
    return error == json::ScanError::illegal_attachment ? PacketError::illegal_placeholder
                                                        : PacketError::invalid_payload;
  }
  if (head.is_event() && packet.elements.empty()) return PacketError::invalid_payload;
  packet.payload = Args(json_elements(), packet.elements, 0, attachments);
  return PacketError::none;
}

/// An object, or also a string for a CONNECT_ERROR; or nothing.
PacketError read_one(PacketHead const& head, ParserLimits const& limits, IncomingPacket& packet) {
  if (head.payload.empty()) return PacketError::none;
  auto const begins_well =
      head.payload.front() == '{' || (head.type == PacketType::connect_error && head.payload.front() == '"');
  if (!begins_well || json::validate(head.payload, std::nullopt, limits.max_depth) != json::ScanError::none) {
    return PacketError::invalid_payload;
  }
  packet.elements.push_back(head.payload);
  packet.payload = Args(json_elements(), packet.elements, 0, {});
  return PacketError::none;
}

PacketError read_payload(PacketHead const& head, std::span<Bytes const> attachments,
                         ParserLimits const& limits, IncomingPacket& packet) {
  switch (head.type) {
    case PacketType::event:
      // One without a name: nobody can listen to it.
      if (head.payload.empty() && !head.is_binary()) return PacketError::none;
      [[fallthrough]];
    case PacketType::ack:
      return read_array(head, attachments, limits, packet);
    case PacketType::connect:
    case PacketType::connect_error:
      return read_one(head, limits, packet);
    case PacketType::disconnect:
      return head.payload.empty() ? PacketError::none : PacketError::invalid_payload;
  }
  return PacketError::unknown_type;
}

}  // namespace

ParseResult JsonParser::decode(Frame const& frame, std::unique_ptr<PartialPacket>& begun,
                               ParserLimits const& limits, IncomingPacket& packet) const {
  PacketHead head;
  std::span<Bytes const> attachments;
  auto error = frame.kind == FrameKind::text
                   ? take_text(frame.data, limits, begun, head)
                   : take_attachment(frame.data, limits, begun, packet, head, attachments);
  if (error != PacketError::none) return refused(error);
  if (begun) return ParseResult::incomplete();
  packet.type = head.type;
  packet.nsp = head.nsp;
  packet.id = head.id;
  error = read_payload(head, attachments, limits, packet);
  return error == PacketError::none ? ParseResult::complete() : refused(error);
}

}  // namespace socketio

std::shared_ptr<Parser const> json_parser() {
  static core::Immortal<socketio::JsonParser> const parser;
  return {std::shared_ptr<void>(), &*parser};
}

}}  // namespace aerie::v1
