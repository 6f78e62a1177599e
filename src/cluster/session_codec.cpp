#include "cluster/session_codec.hpp"

#include "cluster/message_reader.hpp"
#include "cluster/message_writer.hpp"

#include <aerie/core/base64.hpp>
#include <aerie/schema/value.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::LogPosition;
using socketio::RoomStay;
using socketio::SessionRecord;
using socketio::UnansweredEvent;

namespace {

void write_stays(MessageWriter& writer, std::vector<RoomStay> const& stays) {
  auto& encoder = writer.encoder();
  encoder.key("stays");
  encoder.begin_array(stays.size());
  for (auto const& stay : stays) {
    encoder.begin_array(stay.to ? 3 : 2);
    encoder.string(stay.room);
    encoder.string(stay.from.text());
    if (stay.to) encoder.string(stay.to->text());
    encoder.end_array();
  }
  encoder.end_array();
}

bool read_position(Decoder& decoder, LogPosition& position) {
  std::string_view text;
  if (!decoder.read_string(text)) return false;
  auto const read = LogPosition::parse(text);
  if (!read) return decoder.refuse();
  position = *read;
  return true;
}

bool read_stay(Decoder& decoder, RoomStay& stay) {
  if (!decoder.begin_array() || !decoder.next_element() || !read_text(decoder, stay.room) ||
      !decoder.next_element() || !read_position(decoder, stay.from)) {
    return false;
  }
  if (decoder.next_element() && (!read_position(decoder, stay.to.emplace()) || decoder.next_element()))
    return false;
  return decoder.ok();
}

bool read_stays(Decoder& decoder, std::vector<RoomStay>& stays) {
  if (!decoder.begin_array()) return false;
  while (decoder.next_element()) {
    if (!read_stay(decoder, stays.emplace_back())) return false;
  }
  return decoder.ok();
}

void write_unanswered(MessageWriter& writer, SessionRecord const& record) {
  auto& encoder = writer.encoder();
  encoder.key("unanswered");
  encoder.begin_array(record.unanswered.size());
  for (auto const& event : record.unanswered) {
    encoder.begin_object(5);
    writer.text("server", event->server);
    writer.number("request", event->request);
    writer.number("until", static_cast<std::uint64_t>(event->until));
    encoder.key("compress");
    encoder.boolean(event->compress);
    writer.payload("event", event->payload);
    encoder.end_object();
  }
  encoder.end_array();
}

/// All 64 bits of it are used.
bool read_request(Decoder& decoder, socketio::RequestId& request) {
  Number number;
  if (!decoder.read_number(number)) return false;
  if (number.kind == Number::Kind::unsigned_integer) {
    request = number.unsigned_integer;
  } else if (number.kind == Number::Kind::integer && number.integer >= 0) {
    request = static_cast<socketio::RequestId>(number.integer);
  } else {
    return decoder.refuse();
  }
  return true;
}

bool read_event(Decoder& decoder, socketio::EventPayload& payload) {
  Value elements;
  if (!decoder.read_value(elements)) return false;
  if (!elements.is_array()) return decoder.refuse();
  auto const& array = elements.as_array();
  auto read = socketio::EventPayload::of_values({array.begin(), array.end()});
  if (!read) return decoder.refuse();
  payload = std::move(*read);
  return true;
}

bool read_unanswered(Decoder& decoder, SessionRecord& record) {
  if (!decoder.begin_array()) return false;
  while (decoder.next_element()) {
    UnansweredEvent event;
    std::uint64_t until = 0;
    if (!decoder.begin_object()) return false;
    for (std::string_view key; decoder.next_member(key);) {
      bool const done = key == "server"     ? read_text(decoder, event.server)
                        : key == "request"  ? read_request(decoder, event.request)
                        : key == "until"    ? read_count(decoder, until)
                        : key == "compress" ? read_truth(decoder, event.compress)
                        : key == "event"    ? read_event(decoder, event.payload)
                                            : decoder.skip();
      if (!done) return false;
    }
    if (!event.payload) return decoder.refuse();
    event.until = static_cast<std::int64_t>(until);
    record.unanswered.push_back(std::make_shared<UnansweredEvent const>(std::move(event)));
  }
  return decoder.ok();
}

bool read_own(Decoder& decoder, SessionRecord& record) {
  if (!decoder.begin_object()) return false;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "nsp"          ? read_text(decoder, record.nsp)
                      : key == "had"        ? read_position(decoder, record.had)
                      : key == "seen"       ? read_position(decoder, record.seen)
                      : key == "known"      ? read_position(decoder, record.known_from)
                      : key == "stays"      ? read_stays(decoder, record.stays)
                      : key == "unanswered" ? read_unanswered(decoder, record)
                                            : decoder.skip();
    if (!done) return false;
  }
  return decoder.ok();
}

}  // namespace

std::string encode_session(SessionRecord const& record) {
  std::string bytes;
  MessageWriter writer(bytes, MessageWriter::Form::msgpack);
  auto& encoder = writer.encoder();
  encoder.begin_object(5);
  writer.text("sid", record.sid);
  writer.text("pid", record.pid);
  encoder.key("rooms");
  emitter::write_texts(encoder, record.rooms);
  // In the official server a socket without data has an empty object.
  writer.value("data", record.data.is_undefined() ? Value::object() : record.data);
  encoder.key("aerie");
  auto const knows_all = record.known_from.is_begin();
  auto const answers_all = record.unanswered.empty();
  encoder.begin_object(4U + (knows_all ? 0 : 1) + (answers_all ? 0 : 1));
  writer.text("nsp", record.nsp);
  writer.text("had", record.had.text());
  writer.text("seen", record.seen.text());
  if (!knows_all) writer.text("known", record.known_from.text());
  write_stays(writer, record.stays);
  if (!answers_all) write_unanswered(writer, record);
  encoder.end_object();
  encoder.end_object();
  return base64::encode(bytes);
}

std::optional<SessionRecord> decode_session(std::string_view text) {
  std::string bytes;
  base64::append_decoded_leniently(bytes, text);
  msgpack::Reader reader(bytes, max_message_depth);
  Decoder& decoder = reader;
  SessionRecord record;
  if (!decoder.begin_object()) return std::nullopt;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "sid"     ? read_text(decoder, record.sid)
                      : key == "pid"   ? read_text(decoder, record.pid)
                      : key == "rooms" ? read_texts(decoder, record.rooms)
                      : key == "data"  ? skip_null(decoder) || decoder.read_value(record.data)
                      : key == "aerie" ? read_own(decoder, record)
                                       : decoder.skip();
    if (!done) return std::nullopt;
  }
  if (!reader.finish() || record.sid.empty() || record.pid.empty()) return std::nullopt;
  return record;
}

std::string encode_answer(socketio::ClusterResponse const& response) {
  std::string bytes;
  MessageWriter writer(bytes, MessageWriter::Form::msgpack);
  auto& encoder = writer.encoder();
  encoder.begin_object(3);
  writer.number("request", response.request);
  encoder.key("answered");
  encoder.boolean(response.error == AckError::none);
  writer.value("args", response.answer.is_array() ? response.answer : Value(std::vector<Value>{}));
  encoder.end_object();
  return bytes;
}

std::optional<socketio::ClusterResponse> decode_answer(std::string_view bytes) {
  msgpack::Reader reader(bytes, max_message_depth);
  Decoder& decoder = reader;
  socketio::ClusterResponse response{.type = socketio::ClusterResponse::Type::ack};
  auto is_answered = false;
  if (!decoder.begin_object()) return std::nullopt;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "request"    ? read_request(decoder, response.request)
                      : key == "answered" ? read_truth(decoder, is_answered)
                      : key == "args"     ? decoder.read_value(response.answer)
                                          : decoder.skip();
    if (!done) return std::nullopt;
  }
  if (!reader.finish() || response.request == 0 || !response.answer.is_array()) return std::nullopt;
  if (!is_answered) response.error = AckError::disconnected;
  return response;
}

}}}  // namespace aerie::v1::cluster
