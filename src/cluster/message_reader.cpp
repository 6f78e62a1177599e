#include "cluster/message_reader.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

namespace {

bool is_json(std::string_view bytes) {
  return bytes.starts_with('{');
}

// No packet of a cluster is of another type.
constexpr std::uint64_t event_packet = 2;

// Rooms of one message: a text of one byte takes much more here than in the message.
constexpr std::size_t max_texts = std::size_t{1} << 20U;

// Longer than anybody waits, and far from overflowing when it is added to a time.
constexpr double longest_timeout = 7 * 24 * 3600 * 1000.0;

// A flag that is no boolean is not one, and nothing worse: the official adapters pass on what they do not
// know.
bool read_flag(Decoder& decoder, bool& flag) {
  return decoder.peek() == ValueKind::boolean ? decoder.read_boolean(flag) : decoder.skip();
}

bool read_timeout(Decoder& decoder, std::optional<std::chrono::milliseconds>& timeout) {
  if (decoder.peek() != ValueKind::number) return decoder.skip();
  Number number;
  if (!decoder.read_number(number)) return false;
  auto const value = number.as_double();
  if (value >= 0) timeout = std::chrono::milliseconds(std::llround(std::min(value, longest_timeout)));
  return true;
}

/// What is no text says nothing.
bool read_trace(Decoder& decoder, std::string& text) {
  if (decoder.peek() != ValueKind::string) return decoder.skip();
  std::string_view view;
  if (!decoder.read_string(view)) return false;
  text = view;
  return true;
}

bool read_flags(Decoder& decoder, socketio::ClusterMessage& message) {
  if (decoder.peek() != ValueKind::object) return decoder.skip();
  if (!decoder.begin_object()) return false;
  std::string traceparent;
  std::string tracestate;
  for (std::string_view key; decoder.next_member(key);) {
    bool const known = key == "traceparent"            ? read_trace(decoder, traceparent)
                       : key == "tracestate"           ? read_trace(decoder, tracestate)
                       : key == "volatile"             ? read_flag(decoder, message.options.is_volatile)
                       : key == "compress"             ? read_flag(decoder, message.options.compress)
                       : key == "expectSingleResponse" ? read_flag(decoder, message.single_response)
                       : key == "timeout"              ? read_timeout(decoder, message.options.timeout)
                                                       : decoder.skip();
    if (!known) return false;
  }
  if (auto context = TraceContext::parse(traceparent, tracestate))
    message.trace = std::make_shared<socketio::MessageTrace const>(
        socketio::MessageTrace{.context = std::move(*context)});
  return decoder.ok();
}

bool read_handshake(Decoder& decoder, socketio::SeenHandshake& handshake) {
  Value told;
  if (!decoder.read_value(told)) return false;
  handshake = std::move(told);
  return true;
}

bool read_rooms(Decoder& decoder, socketio::SeenRooms& rooms) {
  std::vector<std::string> told;
  if (!read_texts(decoder, told)) return false;
  rooms = std::move(told);
  return true;
}

bool read_socket(Decoder& decoder, socketio::SocketDetails& socket) {
  if (!decoder.begin_object()) return false;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "id"          ? read_text(decoder, socket.id)
                      : key == "handshake" ? read_handshake(decoder, socket.handshake)
                      : key == "rooms"     ? read_rooms(decoder, socket.rooms)
                      : key == "data"      ? decoder.read_value(socket.data)
                                           : decoder.skip();
    if (!done) return false;
  }
  return decoder.ok() && !socket.id.empty();
}

}  // namespace

MessageReader::MessageReader(std::string_view bytes)
    : reader_(std::in_place_type<msgpack::Reader>, bytes, max_message_depth),
      decoder_(&std::get<msgpack::Reader>(reader_)) {
  if (!is_json(bytes)) return;
  // A reader of JSON believes that its text is UTF-8. Of one that is not, nothing is read at all.
  if (!utf8::is_valid(bytes)) bytes = {};
  decoder_ = &reader_.emplace<json::Reader>(bytes, max_message_depth);
}

bool MessageReader::finish() {
  return std::visit([](auto& reader) { return reader.finish(); }, reader_);
}

bool MessageReader::read_payload(socketio::EventPayload& payload) {
  std::optional<socketio::EventPayload> read;
  if (auto* const reader = std::get_if<msgpack::Reader>(&reader_)) {
    auto const begin = reader->rest();
    if (!reader->skip()) return false;
    read = socketio::EventPayload::of_msgpack(
        std::string(begin.substr(0, begin.size() - reader->rest().size())));
  } else {
    std::string text;
    if (!decoder_->read_json(text)) return false;
    read = socketio::EventPayload::of_json(std::move(text));
  }
  if (!read) return decoder_->refuse();
  payload = std::move(*read);
  return true;
}

bool skip_null(Decoder& decoder) {
  auto const kind = decoder.peek();
  return (kind == ValueKind::null || kind == ValueKind::undefined) && decoder.skip();
}

bool read_text(Decoder& decoder, std::string& text) {
  // Rooms of JavaScript servers may be numbers. Here all of them are texts.
  if (decoder.peek() == ValueKind::number) {
    Value number;
    if (!decoder.read_value(number)) return false;
    text = json::stringify(number);
    return true;
  }
  std::string_view view;
  if (!decoder.read_string(view)) return false;
  text = view;
  return true;
}

bool read_texts(Decoder& decoder, std::vector<std::string>& texts) {
  if (!decoder.begin_array()) return false;
  while (decoder.next_element()) {
    if (texts.size() == max_texts || !read_text(decoder, texts.emplace_back())) return false;
  }
  return decoder.ok();
}

bool read_packet(MessageReader& reader, Packet& packet) {
  auto& decoder = reader.decoder();
  std::uint64_t type = 0;
  if (!decoder.begin_object()) return false;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "type"   ? read_count(decoder, type)
                      : key == "data" ? reader.read_payload(packet.payload)
                      : key == "nsp"  ? skip_null(decoder) || read_text(decoder, packet.nsp)
                                      : decoder.skip();
    if (!done) return false;
  }
  return decoder.ok() && type == event_packet && packet.payload;
}

bool read_options(Decoder& decoder, socketio::ClusterMessage& message) {
  if (!decoder.begin_object()) return false;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "rooms"    ? skip_null(decoder) || read_texts(decoder, message.target.rooms)
                      : key == "except" ? skip_null(decoder) || read_texts(decoder, message.target.except)
                      : key == "flags"  ? read_flags(decoder, message)
                                        : decoder.skip();
    if (!done) return false;
  }
  return decoder.ok();
}

bool read_sockets(Decoder& decoder, std::vector<socketio::SocketDetails>& sockets) {
  if (!decoder.begin_array()) return false;
  while (decoder.next_element()) {
    if (!read_socket(decoder, sockets.emplace_back())) return false;
  }
  return decoder.ok();
}

bool read_count(Decoder& decoder, std::uint64_t& count) {
  Number number;
  if (!decoder.read_number(number)) return false;
  if (number.kind != Number::Kind::integer || number.integer < 0) return decoder.refuse();
  count = static_cast<std::uint64_t>(number.integer);
  return true;
}

bool read_truth(Decoder& decoder, bool& truth) {
  return read_flag(decoder, truth);
}

}}}  // namespace aerie::v1::cluster
