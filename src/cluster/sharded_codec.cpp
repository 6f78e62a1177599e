#include "cluster/sharded_codec.hpp"

#include "cluster/message_reader.hpp"
#include "cluster/message_writer.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterAction;
using socketio::ClusterMessage;
using socketio::ClusterResponse;
using Form = MessageWriter::Form;

namespace {

std::uint64_t number_of(ShardedType type) {
  return static_cast<std::uint64_t>(type);
}

/// What each kind of message is called here and on the wire.
template <class Ours>
struct Named {
  Ours ours;
  ShardedType on_wire;
};
template <class Ours>
Named(Ours, ShardedType) -> Named<Ours>;

constexpr std::array actions{
    Named{ClusterAction::broadcast, ShardedType::broadcast},
    Named{ClusterAction::join, ShardedType::join},
    Named{ClusterAction::leave, ShardedType::leave},
    Named{ClusterAction::disconnect, ShardedType::disconnect},
    Named{ClusterAction::fetch, ShardedType::fetch},
    Named{ClusterAction::server_side, ShardedType::server_side_emit},
};
constexpr std::array answers{
    Named{ClusterResponse::Type::sockets, ShardedType::fetch_response},
    Named{ClusterResponse::Type::server_side, ShardedType::server_side_emit_response},
    Named{ClusterResponse::Type::client_count, ShardedType::client_count},
    Named{ClusterResponse::Type::ack, ShardedType::ack},
};

/// REQUIRES: it has a name.
template <class Table, class Ours>
constexpr ShardedType on_wire(Table const& table, Ours ours) {
  return std::ranges::find(table, ours, &Table::value_type::ours)->on_wire;
}

template <class Ours, std::size_t size>
constexpr std::optional<Ours> ours(std::array<Named<Ours>, size> const& table, ShardedType type) {
  auto const found = std::ranges::find(table, type, &Named<Ours>::on_wire);
  return found == table.end() ? std::nullopt : std::optional(found->ours);
}

bool has_binary(Value const& value) {
  if (value.is_bytes()) return true;
  if (auto const* const elements = value.get_if<Array>()) {
    for (auto const& element : *elements) {
      if (has_binary(element)) return true;
    }
  } else if (auto const* const members = value.get_if<Object>()) {
    for (auto const& member : *members) {
      if (has_binary(member.value)) return true;
    }
  }
  return false;
}

// Where an event was emitted it was given the form that it needs, see RedisShardedAdapter::payload_form.
Form form_for(ClusterMessage const& message, ShardedForm form) {
  if (form == ShardedForm::msgpack) return Form::msgpack;
  return message.payload.form() == socketio::EventPayload::Form::msgpack ? Form::msgpack : Form::json;
}

Form form_for(ClusterResponse const& response, ShardedForm form) {
  if (form == ShardedForm::msgpack) return Form::msgpack;
  if (has_binary(response.answer)) return Form::msgpack;
  for (auto const& socket : response.sockets) {
    if (has_binary(socket.data) || has_binary(socket.handshake.binary_part())) return Form::msgpack;
  }
  return Form::json;
}

// `{"type":3,"data":{...},"uid":"...","nsp":"/"}`
template <class WriteData>
std::string envelope(Form form, ShardedType type, std::string_view uid, std::string_view nsp,
                     std::size_t payload_size, WriteData write_data) {
  constexpr std::size_t usual_envelope = 192;
  std::string out;
  out.reserve(payload_size + usual_envelope);
  MessageWriter writer(out, form);
  auto& encoder = writer.encoder();
  encoder.begin_object(4);
  writer.number("type", number_of(type));
  encoder.key("data");
  write_data(writer);
  writer.text("uid", uid);
  writer.text("nsp", nsp);
  encoder.end_object();
  return out;
}

void write_data(MessageWriter& writer, std::string_view id, ClusterMessage const& message) {
  auto& encoder = writer.encoder();
  std::size_t const with_id = id.empty() ? 0 : 1;
  auto const write_id = [&] {
    if (!id.empty()) writer.text("requestId", id);
  };
  auto const write_target = [&] {
    encoder.key("opts");
    write_options(writer, message, WithFlags::yes);
  };
  switch (message.action) {
    case ClusterAction::broadcast:
      encoder.begin_object(2 + with_id);
      encoder.key("packet");
      write_packet(writer, message.payload);
      write_id();
      write_target();
      break;
    case ClusterAction::join:
    case ClusterAction::leave:
      encoder.begin_object(2);
      write_target();
      encoder.key("rooms");
      emitter::write_texts(encoder, message.rooms);
      break;
    case ClusterAction::disconnect:
      encoder.begin_object(2);
      write_target();
      encoder.key("close");
      encoder.boolean(message.close);
      break;
    case ClusterAction::fetch:
      encoder.begin_object(2);
      write_target();
      write_id();
      break;
    case ClusterAction::server_side:
      encoder.begin_object(1 + with_id + (message.trace ? 1 : 0));
      write_id();
      writer.payload("packet", message.payload);
      write_trace(writer, message);
      break;
  }
  encoder.end_object();
}

void write_data(MessageWriter& writer, std::string_view id, ClusterResponse const& response) {
  auto& encoder = writer.encoder();
  bool const has_answer = !response.answer.is_undefined();
  switch (response.type) {
    case ClusterResponse::Type::sockets:
      encoder.begin_object(2);
      writer.text("requestId", id);
      encoder.key("sockets");
      write_sockets(writer, response.sockets);
      break;
    case ClusterResponse::Type::client_count:
      encoder.begin_object(2);
      writer.text("requestId", id);
      writer.number("clientCount", response.client_count);
      break;
    case ClusterResponse::Type::ack:
    case ClusterResponse::Type::server_side:
      encoder.begin_object(std::size_t{1} + std::size_t{has_answer});
      writer.text("requestId", id);
      writer.value("packet", response.answer);
      break;
  }
  encoder.end_object();
}

// The length of a text as JavaScript counts: characters beyond U+FFFF, of four bytes, are two.
std::size_t javascript_length(std::string_view text) {
  std::size_t length = 0;
  for (auto const character : text) {
    auto const byte = static_cast<unsigned char>(character);
    bool const continues = (byte & 0xC0U) == 0x80U;
    if (!continues) length += byte >= 0xF0U ? 2 : 1;
  }
  return length;
}

// --- Reading

// What is known of a message before its `data` is looked into.
struct Envelope {
  std::optional<std::uint64_t> type{};
  std::string uid{};
  std::string nsp{};
};

bool read_envelope(std::string_view bytes, Envelope& envelope) {
  MessageReader reader(bytes);
  auto& decoder = reader.decoder();
  if (!decoder.begin_object()) return false;
  for (std::string_view key; decoder.next_member(key);) {
    bool const done = key == "type"  ? read_count(decoder, envelope.type.emplace())
                      : key == "uid" ? read_text(decoder, envelope.uid)
                      : key == "nsp" ? skip_null(decoder) || read_text(decoder, envelope.nsp)
                                     : decoder.skip();
    if (!done) return false;
  }
  return reader.finish() && envelope.type && !envelope.uid.empty();
}

// The members of `data`, whatever it belongs to.
struct Data {
  std::string id{};
  Packet packet{};
  bool has_options = false;
  bool has_sockets = false;
  std::optional<std::uint64_t> clients{};
};

bool read_data_member(MessageReader& reader, std::string_view key, ShardedType type, Data& data,
                      ClusterMessage& message, ClusterResponse& response) {
  auto& decoder = reader.decoder();
  if (key == "requestId") return skip_null(decoder) || read_text(decoder, data.id);
  if (key == "clientCount") return read_count(decoder, data.clients.emplace());
  if (key == "rooms") return read_texts(decoder, message.rooms);
  if (key == "close") return read_truth(decoder, message.close);
  if (key == "opts") {
    data.has_options = true;
    return read_options(decoder, message);
  }
  if (key == "sockets") {
    data.has_sockets = true;
    return read_sockets(decoder, response.sockets);
  }
  if (key != "packet") return decoder.skip();
  if (type == ShardedType::broadcast) return read_packet(reader, data.packet);
  if (type == ShardedType::server_side_emit) return reader.read_payload(data.packet.payload);
  return decoder.read_value(response.answer);
}

/// What a message says: its data, and what they mean.
struct Said {
  ShardedType type;
  Data data{};
  ClusterMessage message{};
  ClusterResponse response{};
};

bool read_data(MessageReader& reader, Said& said) {
  auto& decoder = reader.decoder();
  if (!decoder.begin_object()) return false;
  for (std::string_view name; decoder.next_member(name);) {
    if (!read_data_member(reader, name, said.type, said.data, said.message, said.response)) return false;
  }
  return decoder.ok();
}

bool read_enveloped_data(std::string_view bytes, Said& said) {
  MessageReader reader(bytes);
  auto& decoder = reader.decoder();
  if (!decoder.begin_object()) return false;
  for (std::string_view key; decoder.next_member(key);) {
    if (!(key == "data" ? read_data(reader, said) : decoder.skip())) return false;
  }
  return decoder.ok();
}

bool read_bare_data(std::string_view bytes, Said& said) {
  MessageReader reader(bytes);
  return read_data(reader, said) && reader.finish();
}

// Whether everything was there without which it would be something else, or for somebody else.
bool is_complete(ClusterAction action, Data const& data) {
  switch (action) {
    case ClusterAction::broadcast:
      return data.has_options && data.packet.payload;
    case ClusterAction::server_side:
      return static_cast<bool>(data.packet.payload);
    case ClusterAction::fetch:
      return data.has_options && !data.id.empty();
    case ClusterAction::join:
    case ClusterAction::leave:
    case ClusterAction::disconnect:
      break;
  }
  return data.has_options;
}

bool is_complete(ClusterResponse::Type type, Data const& data) {
  if (data.id.empty()) return false;
  if (type == ClusterResponse::Type::sockets) return data.has_sockets;
  return type != ClusterResponse::Type::client_count || data.clients.has_value();
}

template <class ReadData>
Decoded decode_with(ReadData read, std::string_view nsp, ShardedMessage& message) {
  auto const action = ours(actions, message.type);
  auto const answer = ours(answers, message.type);
  if (!action && !answer) return Decoded::message;

  Said said{.type = message.type};
  said.message.nsp = std::string(nsp);
  said.response.server = message.uid;
  if (!read(said)) return Decoded::garbage;
  if (!(action ? is_complete(*action, said.data) : is_complete(*answer, said.data))) return Decoded::garbage;
  message.id = std::move(said.data.id);
  if (action) {
    said.message.action = *action;
    said.message.payload = std::move(said.data.packet.payload);
    message.body = std::move(said.message);
  } else {
    said.response.type = *answer;
    said.response.client_count = said.data.clients.value_or(0);
    message.body = std::move(said.response);
  }
  return Decoded::message;
}

std::size_t size_of(socketio::EventPayload const& payload) noexcept {
  return payload.json().size() + payload.msgpack().size();
}

}  // namespace

std::string encode_sharded(std::string_view uid, std::string_view id, ClusterMessage const& message,
                           ShardedForm form) {
  return envelope(form_for(message, form), on_wire(actions, message.action), uid, message.nsp,
                  size_of(message.payload), [&](MessageWriter& writer) { write_data(writer, id, message); });
}

std::string encode_sharded(std::string_view uid, std::string_view nsp, std::string_view id,
                           ClusterResponse const& response, ShardedForm form) {
  return envelope(form_for(response, form), on_wire(answers, response.type), uid, nsp, 0,
                  [&](MessageWriter& writer) { write_data(writer, id, response); });
}

ShardedType sharded_type(ClusterAction action) noexcept {
  return on_wire(actions, action);
}

bool is_binary(ClusterMessage const& message) noexcept {
  return form_for(message, ShardedForm::as_needed) == Form::msgpack;
}

std::string encode_sharded_data(ClusterMessage const& message) {
  constexpr std::size_t usual_rest = 128;
  std::string out;
  out.reserve(size_of(message.payload) + usual_rest);
  MessageWriter writer(out, form_for(message, ShardedForm::as_needed));
  write_data(writer, {}, message);
  return out;
}

Decoded decode_sharded(std::string_view bytes, std::string_view own_uid, std::string_view nsp,
                       ShardedMessage& message) {
  Envelope envelope;
  if (!read_envelope(bytes, envelope)) return Decoded::garbage;
  if (envelope.uid == own_uid) return Decoded::own;
  if (envelope.nsp != nsp || *envelope.type > number_of(ShardedType::adapter_close)) return Decoded::foreign;
  message.type = static_cast<ShardedType>(*envelope.type);
  message.uid = std::move(envelope.uid);
  return decode_with([&](Said& said) { return read_enveloped_data(bytes, said); }, nsp, message);
}

Decoded decode_sharded_data(std::string_view data, std::string_view nsp, ShardedMessage& message) {
  return decode_with([&](Said& said) { return read_bare_data(data, said); }, nsp, message);
}

std::string sharded_channel(std::string_view prefix, SubscriptionMode mode, ClusterMessage const& message) {
  // The official adapter takes a name of this length for a socket's id.
  constexpr std::size_t id_length = 20;
  auto const looks_like_an_id = [](std::string_view room) { return javascript_length(room) == id_length; };
  auto const& rooms = message.target.rooms;
  bool const own_channel = message.action == ClusterAction::broadcast && message.request == 0 &&
                           rooms.size() == 1 &&
                           (mode == SubscriptionMode::dynamic_private ||
                            (mode == SubscriptionMode::dynamic && !looks_like_an_id(rooms.front())));
  return own_channel ? emitter::broadcast_channel(prefix, message.nsp, rooms)
                     : emitter::broadcast_channel(prefix, message.nsp);
}

}}}  // namespace aerie::v1::cluster
