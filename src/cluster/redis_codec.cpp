#include "cluster/redis_codec.hpp"

#include "cluster/message_reader.hpp"
#include "cluster/message_writer.hpp"

#include <cstddef>
#include <utility>

namespace aerie { inline namespace v1 { namespace cluster {

using socketio::ClusterAction;
using socketio::ClusterMessage;
using socketio::ClusterResponse;
using Form = MessageWriter::Form;

namespace {

// Beside the event: ids, names of members, flags.
constexpr std::size_t usual_envelope = 128;

std::string new_message(ClusterMessage const& message) {
  std::string out;
  out.reserve(message.payload.msgpack().size() + usual_envelope);
  return out;
}

std::uint64_t number_of(RedisRequestType type) {
  return static_cast<std::uint64_t>(type);
}

RedisRequestType type_of(ClusterAction action) {
  switch (action) {
    case ClusterAction::join:
      return RedisRequestType::join;
    case ClusterAction::leave:
      return RedisRequestType::leave;
    case ClusterAction::disconnect:
      return RedisRequestType::disconnect;
    case ClusterAction::fetch:
      return RedisRequestType::fetch;
    case ClusterAction::server_side:
      return RedisRequestType::server_side_emit;
    case ClusterAction::broadcast:
      break;
  }
  return RedisRequestType::broadcast;
}

// With acknowledgements: the only request in MessagePack, as it may be binary.
std::string encode_broadcast_request(std::string_view uid, std::string_view id,
                                     ClusterMessage const& message) {
  std::string out = new_message(message);
  MessageWriter writer(out, Form::msgpack);
  auto& encoder = writer.encoder();
  encoder.begin_object(5);
  writer.text("uid", uid);
  writer.text("requestId", id);
  writer.number("type", number_of(RedisRequestType::broadcast));
  encoder.key("packet");
  write_packet(writer, message.payload, message.nsp);
  encoder.key("opts");
  write_options(writer, message, WithFlags::yes);
  encoder.end_object();
  return out;
}

// The members of a request, in whatever order they come.
struct RequestMembers {
  std::optional<std::uint64_t> type{};
  Packet packet{};
  socketio::EventPayload data{};
  std::vector<std::string> rooms{};
  std::string room{};
  std::string socket{};
  bool has_options = false;
};

bool read_member(MessageReader& reader, std::string_view key, RequestMembers& members,
                 RedisRequest& request) {
  auto& decoder = reader.decoder();
  if (key == "uid") return read_text(decoder, request.uid);
  if (key == "requestId") return skip_null(decoder) || read_text(decoder, request.id);
  if (key == "type") return read_count(decoder, members.type.emplace());
  if (key == "packet") return read_packet(reader, members.packet);
  if (key == "data") return reader.read_payload(members.data);
  if (key == "rooms") return read_texts(decoder, members.rooms);
  if (key == "room") return read_text(decoder, members.room);
  if (key == "sid") return read_text(decoder, members.socket);
  if (key == "close") return read_truth(decoder, request.message.close);
  if (key != "opts") return decoder.skip();
  if (skip_null(decoder)) return true;
  members.has_options = true;
  return read_options(decoder, request.message);
}

// For whom a join, a leave or a disconnect is. False: for nobody that was said.
bool set_target(RedisRequest& request, RequestMembers& members) {
  if (members.has_options) return true;
  if (members.socket.empty()) return false;
  request.message.target.rooms = {std::move(members.socket)};
  members.rooms = {std::move(members.room)};
  return true;
}

bool set_rooms(RedisRequest& request, RequestMembers& members, ClusterAction action) {
  if (!set_target(request, members)) return false;
  request.message.action = action;
  request.message.rooms = std::move(members.rooms);
  return true;
}

bool set_action(RedisRequest& request, RequestMembers& members) {
  auto& message = request.message;
  switch (request.type) {
    case RedisRequestType::sockets:
      message.action = ClusterAction::fetch;
      message.target.rooms = std::move(members.rooms);
      return !request.id.empty();
    case RedisRequestType::all_rooms:
      message.action = ClusterAction::fetch;
      return !request.id.empty();
    case RedisRequestType::join:
      return set_rooms(request, members, ClusterAction::join);
    case RedisRequestType::leave:
      return set_rooms(request, members, ClusterAction::leave);
    case RedisRequestType::disconnect:
      message.action = ClusterAction::disconnect;
      return set_target(request, members);
    case RedisRequestType::fetch:
      message.action = ClusterAction::fetch;
      return members.has_options && !request.id.empty();
    case RedisRequestType::server_side_emit:
      message.action = ClusterAction::server_side;
      message.payload = std::move(members.data);
      return static_cast<bool>(message.payload);
    case RedisRequestType::broadcast:
      message.action = ClusterAction::broadcast;
      message.payload = std::move(members.packet.payload);
      return message.payload && members.has_options && !request.id.empty();
    case RedisRequestType::client_count:
    case RedisRequestType::ack:
      break;
  }
  return false;
}

}  // namespace

std::string encode_broadcast(std::string_view uid, ClusterMessage const& message) {
  std::string out = new_message(message);
  MessageWriter writer(out, Form::msgpack);
  auto& encoder = writer.encoder();
  encoder.begin_array(3);
  encoder.string(uid);
  write_packet(writer, message.payload, message.nsp);
  write_options(writer, message, WithFlags::yes);
  encoder.end_array();
  return out;
}

Decoded decode_broadcast(std::string_view bytes, std::string_view own_uid, std::string_view nsp,
                         ClusterMessage& message) {
  MessageReader reader(bytes);
  auto& decoder = reader.decoder();
  std::string uid;
  if (!decoder.begin_array() || !decoder.next_element() || !read_text(decoder, uid)) return Decoded::garbage;
  if (uid == own_uid) return Decoded::own;
  Packet packet;
  if (!decoder.next_element() || !read_packet(reader, packet)) return Decoded::garbage;
  // The oldest emitters do not name the default namespace.
  if (packet.nsp.empty()) packet.nsp = "/";
  if (packet.nsp != nsp) return Decoded::foreign;
  if (!decoder.next_element() || !read_options(decoder, message)) return Decoded::garbage;
  while (decoder.next_element()) {
    if (!decoder.skip()) return Decoded::garbage;
  }
  if (!reader.finish()) return Decoded::garbage;
  message.action = ClusterAction::broadcast;
  message.nsp = std::move(packet.nsp);
  message.payload = std::move(packet.payload);
  return Decoded::message;
}

std::string encode_request(std::string_view uid, std::string_view id, ClusterMessage const& message) {
  auto const type = type_of(message.action);
  if (type == RedisRequestType::broadcast) return encode_broadcast_request(uid, id, message);
  std::string out;
  MessageWriter writer(out, Form::json);
  auto& encoder = writer.encoder();
  encoder.begin_object(0);
  writer.text("uid", uid);
  if (!id.empty()) writer.text("requestId", id);
  writer.number("type", number_of(type));
  if (type == RedisRequestType::server_side_emit) {
    writer.payload("data", message.payload);
    write_trace(writer, message);
  } else {
    encoder.key("opts");
    write_options(writer, message, WithFlags::no);
  }
  if (type == RedisRequestType::join || type == RedisRequestType::leave) {
    encoder.key("rooms");
    emitter::write_texts(encoder, message.rooms);
  } else if (type == RedisRequestType::disconnect) {
    encoder.key("close");
    encoder.boolean(message.close);
  }
  encoder.end_object();
  return out;
}

std::optional<RedisRequest> decode_request(std::string_view bytes, std::string_view nsp) {
  MessageReader reader(bytes);
  auto& decoder = reader.decoder();
  RedisRequest request;
  RequestMembers members;
  if (!decoder.begin_object()) return std::nullopt;
  for (std::string_view key; decoder.next_member(key);) {
    if (!read_member(reader, key, members, request)) return std::nullopt;
  }
  if (!reader.finish() || !members.type || *members.type > number_of(RedisRequestType::broadcast))
    return std::nullopt;
  request.type = static_cast<RedisRequestType>(*members.type);
  if (!set_action(request, members)) return std::nullopt;
  request.message.nsp = nsp;
  return request;
}

std::string encode_response(std::string_view id, ClusterResponse const& response) {
  // Acknowledgements of clients may be binary, nothing else may.
  bool const is_ack = response.type == ClusterResponse::Type::ack;
  std::string out;
  MessageWriter writer(out, is_ack ? Form::msgpack : Form::json);
  auto& encoder = writer.encoder();
  encoder.begin_object(std::size_t{2} + std::size_t{!response.answer.is_undefined()});
  switch (response.type) {
    case ClusterResponse::Type::client_count:
      writer.number("type", number_of(RedisRequestType::client_count));
      writer.text("requestId", id);
      writer.number("clientCount", response.client_count);
      break;
    case ClusterResponse::Type::ack:
      writer.number("type", number_of(RedisRequestType::ack));
      writer.text("requestId", id);
      writer.value("packet", response.answer);
      break;
    case ClusterResponse::Type::server_side:
      writer.number("type", number_of(RedisRequestType::server_side_emit));
      writer.text("requestId", id);
      writer.value("data", response.answer);
      break;
    case ClusterResponse::Type::sockets:
      writer.text("requestId", id);
      encoder.key("sockets");
      write_sockets(writer, response.sockets);
      break;
  }
  encoder.end_object();
  return out;
}

std::string encode_names(RedisRequestType type, std::string_view id, std::vector<std::string> const& names) {
  std::string out;
  MessageWriter writer(out, Form::json);
  auto& encoder = writer.encoder();
  encoder.begin_object(2);
  writer.text("requestId", id);
  encoder.key(type == RedisRequestType::sockets ? "sockets" : "rooms");
  emitter::write_texts(encoder, names);
  encoder.end_object();
  return out;
}

std::optional<std::string> request_of_response(std::string_view bytes) {
  MessageReader reader(bytes);
  auto& decoder = reader.decoder();
  std::string id;
  if (!decoder.begin_object()) return std::nullopt;
  for (std::string_view key; decoder.next_member(key);) {
    if (!(key == "requestId" ? read_text(decoder, id) : decoder.skip())) return std::nullopt;
  }
  if (!reader.finish() || id.empty()) return std::nullopt;
  return id;
}

std::optional<ClusterResponse> decode_response(std::string_view bytes) {
  MessageReader reader(bytes);
  auto& decoder = reader.decoder();
  ClusterResponse response;
  std::optional<std::uint64_t> type;
  std::optional<std::uint64_t> clients;
  bool has_sockets = false;
  if (!decoder.begin_object()) return std::nullopt;
  for (std::string_view key; decoder.next_member(key);) {
    has_sockets = has_sockets || key == "sockets";
    bool const done = key == "type"                      ? read_count(decoder, type.emplace())
                      : key == "clientCount"             ? read_count(decoder, clients.emplace())
                      : key == "packet" || key == "data" ? decoder.read_value(response.answer)
                      : key == "sockets"                 ? read_sockets(decoder, response.sockets)
                                                         : decoder.skip();
    if (!done) return std::nullopt;
  }
  if (!reader.finish()) return std::nullopt;
  if (!type) {
    response.type = ClusterResponse::Type::sockets;
    return has_sockets ? std::optional(std::move(response)) : std::nullopt;
  }
  if (*type == number_of(RedisRequestType::client_count) && clients) {
    response.type = ClusterResponse::Type::client_count;
    response.client_count = *clients;
  } else if (*type == number_of(RedisRequestType::ack)) {
    response.type = ClusterResponse::Type::ack;
  } else if (*type == number_of(RedisRequestType::server_side_emit)) {
    response.type = ClusterResponse::Type::server_side;
  } else {
    return std::nullopt;
  }
  return response;
}

}}}  // namespace aerie::v1::cluster
