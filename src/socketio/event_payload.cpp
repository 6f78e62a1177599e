#include "socketio/event_name.hpp"

#include <aerie/core/utf8.hpp>
#include <aerie/schema/codec.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/json_scan.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/event_payload.hpp>
#include <aerie/socketio/packet.hpp>

#include <utility>

namespace aerie { inline namespace v1 { namespace socketio {

struct EventPayload::Data {
  Form form;
  std::string text{};
  std::vector<Value> elements{};
};

namespace {

bool names_an_event(Value const& name) {
  if (name.is_string()) return !is_reserved_event(name.as_string());
  return name.is_number();
}

std::vector<Value> elements_of(std::string_view event, ArgsRef args) {
  std::vector<Value> elements;
  elements.reserve(args.size() + 1);
  elements.emplace_back(event);
  for (auto const& arg : args)
    elements.push_back(to_value(arg));
  return elements;
}

void write_elements(Encoder& encoder, std::string_view event, ArgsRef args) {
  encoder.begin_array(args.size() + 1);
  encoder.string(event);
  encode_elements(encoder, args);
  encoder.end_array();
}

void copy_value(msgpack::Reader& from, json::Writer& to);

void copy_array(msgpack::Reader& from, json::Writer& to) {
  if (!from.begin_array()) return;
  to.begin_array();
  while (from.next_element())
    copy_value(from, to);
  to.end_array();
}

void copy_object(msgpack::Reader& from, json::Writer& to) {
  if (!from.begin_object()) return;
  to.begin_object();
  for (std::string_view key; from.next_member(key);) {
    // It stands in the message, where nothing moves.
    if (from.peek() == ValueKind::undefined) {
      if (!from.skip()) return;
      continue;
    }
    to.key(key);
    copy_value(from, to);
  }
  to.end_object();
}

void copy_number(msgpack::Reader& from, json::Writer& to) {
  Number number;
  if (!from.read_number(number)) return;
  switch (number.kind) {
    case Number::Kind::integer:
      return to.integer(number.integer);
    case Number::Kind::unsigned_integer:
      return to.unsigned_integer(number.unsigned_integer);
    case Number::Kind::real:
      return to.number(number.real);
  }
}

/// Writes what comes next, one part after another. The message has been checked: nothing of it fails. JSON
/// does not ask for the sizes of arrays and objects beforehand, which nobody knows here.
void copy_value(msgpack::Reader& from, json::Writer& to) {
  switch (from.peek()) {
    case ValueKind::undefined:
    case ValueKind::null:
      if (from.skip()) to.null();
      return;
    case ValueKind::boolean:
      if (bool value = false; from.read_boolean(value)) to.boolean(value);
      return;
    case ValueKind::integer:
    case ValueKind::number:
      return copy_number(from, to);
    case ValueKind::string:
      if (std::string_view text; from.read_string(text)) to.string(text);
      return;
    case ValueKind::bytes:
      if (Bytes bytes; from.read_bytes(bytes)) to.bytes(bytes);
      return;
    case ValueKind::date:
      if (Date date; from.read_date(date)) to.date(date);
      return;
    case ValueKind::array:
      return copy_array(from, to);
    case ValueKind::object:
      return copy_object(from, to);
  }
}

}  // namespace

EventPayload::EventPayload(std::vector<Value> elements)
    : data_(std::make_shared<Data const>(Data{.form = Form::values, .elements = std::move(elements)})) {}

EventPayload::EventPayload(Form form, std::string_view event, ArgsRef args) {
  if (form == Form::none) return;
  Data data{.form = form};
  if (form == Form::json) {
    std::vector<Bytes> attachments;
    json::Writer writer(data.text, &attachments);
    write_elements(writer, event, args);
    // JSON cannot carry them.
    if (!attachments.empty()) data = {.form = Form::msgpack};
  }
  if (data.form == Form::msgpack) {
    msgpack::Writer writer(data.text);
    write_elements(writer, event, args);
  } else if (data.form == Form::values) {
    data.elements = elements_of(event, args);
  }
  data_ = std::make_shared<Data const>(std::move(data));
}

EventPayload::EventPayload(Form form, std::string text)
    : data_(std::make_shared<Data const>(Data{.form = form, .text = std::move(text)})) {}

std::optional<EventPayload> EventPayload::of_values(std::vector<Value> elements) {
  if (elements.empty() || !names_an_event(elements.front())) return std::nullopt;
  return EventPayload(std::move(elements));
}

std::optional<EventPayload> EventPayload::of_json(std::string text) {
  json::ElementList elements;
  if (!utf8::is_valid(text) || json::scan_array(text, elements) != json::ScanError::none) return std::nullopt;
  EventName const name(Args(json_elements(), elements, 0, {}));
  if (!name.valid() || is_reserved_event(name.text())) return std::nullopt;
  return EventPayload(Form::json, std::move(text));
}

std::optional<EventPayload> EventPayload::of_msgpack(std::string bytes) {
  msgpack::Reader reader(bytes);
  if (reader.peek() != ValueKind::array || !reader.begin_array() || !reader.next_element())
    return std::nullopt;
  Value name;
  if (!reader.read_value(name) || !names_an_event(name)) return std::nullopt;
  while (reader.next_element()) {
    if (!reader.skip()) return std::nullopt;
  }
  if (!reader.finish()) return std::nullopt;
  return EventPayload(Form::msgpack, std::move(bytes));
}

EventPayload::Form EventPayload::form() const noexcept {
  return data_ ? data_->form : Form::none;
}

std::string_view EventPayload::json() const noexcept {
  return form() == Form::json ? std::string_view(data_->text) : std::string_view();
}

std::string_view EventPayload::msgpack() const noexcept {
  return form() == Form::msgpack ? std::string_view(data_->text) : std::string_view();
}

std::vector<Value> EventPayload::values() const {
  std::vector<Value> elements;
  switch (form()) {
    case Form::none:
      break;
    case Form::values:
      return data_->elements;
    // Both were checked when the payload was made.
    case Form::json:
      static_cast<void>(aerie::json::parse(data_->text, elements));
      break;
    case Form::msgpack:
      static_cast<void>(msgpack::unpack(data_->text, elements));
      break;
  }
  return elements;
}

void EventPayload::encode(Encoder& encoder) const {
  if (form() == Form::json) return encoder.raw_json(data_->text);
  auto const write = [&](std::vector<Value> const& elements) { aerie::encode(encoder, elements); };
  if (form() == Form::values) {
    write(data_->elements);
  } else {
    write(values());
  }
}

void EventPayload::encode(json::Writer& writer) const {
  if (form() != Form::msgpack) return encode(static_cast<Encoder&>(writer));
  msgpack::Reader reader(data_->text);
  copy_value(reader, writer);
}

std::string EventPayload::event() const {
  Value name;
  switch (form()) {
    case Form::none:
      break;
    case Form::values:
      name = data_->elements.front();
      break;
    case Form::json: {
      json::Reader reader(data_->text);
      if (reader.begin_array() && reader.next_element()) static_cast<void>(reader.read_value(name));
      break;
    }
    case Form::msgpack: {
      msgpack::Reader reader(data_->text);
      if (reader.begin_array() && reader.next_element()) static_cast<void>(reader.read_value(name));
      break;
    }
  }
  return name.is_string() ? std::string(name.as_string()) : std::string();
}

}}}  // namespace aerie::v1::socketio
