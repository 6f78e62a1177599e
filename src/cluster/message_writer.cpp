#include "cluster/message_writer.hpp"

#include <aerie/schema/codec.hpp>

#include <chrono>
#include <cstddef>

namespace aerie { inline namespace v1 { namespace cluster {

void MessageWriter::text(std::string_view key, std::string_view text) {
  encoder().key(key);
  encoder().string(text);
}

void MessageWriter::number(std::string_view key, std::uint64_t number) {
  encoder().key(key);
  encoder().unsigned_integer(number);
}

void MessageWriter::value(std::string_view key, Value const& value) {
  if (value.is_undefined()) return;
  encoder().key(key);
  EncodableRef(value).encode(encoder());
}

void MessageWriter::payload(std::string_view key, socketio::EventPayload const& payload) {
  encoder().key(key);
  if (form_ == Form::msgpack && payload.form() == socketio::EventPayload::Form::msgpack) {
    out_ += payload.msgpack();
  } else {
    payload.encode(encoder());
  }
}

namespace {

void add_trace(emitter::Flags& flags, socketio::ClusterMessage const& message) {
  if (!message.trace) return;
  flags.traceparent = message.trace->context.traceparent();
  flags.tracestate = message.trace->context.state;
}

}  // namespace

emitter::Flags flags_of(socketio::ClusterMessage const& message) {
  // How long servers wait for each other if nothing else was said.
  constexpr std::chrono::milliseconds usual_timeout{5000};
  emitter::Flags flags{.expect_single_response = message.single_response,
                       .is_volatile = message.options.is_volatile,
                       .timeout = message.options.timeout};
  if (message.action == socketio::ClusterAction::fetch && flags.timeout == usual_timeout)
    flags.timeout.reset();
  if (!message.options.compress) flags.compress = false;
  add_trace(flags, message);
  return flags;
}

void write_options(MessageWriter& writer, socketio::ClusterMessage const& message, WithFlags with_flags) {
  auto& encoder = writer.encoder();
  encoder.begin_object(with_flags == WithFlags::yes ? 3 : 2);
  encoder.key("rooms");
  emitter::write_texts(encoder, message.target.rooms);
  encoder.key("except");
  emitter::write_texts(encoder, message.target.except);
  if (with_flags == WithFlags::yes) {
    encoder.key("flags");
    emitter::write_flags(encoder, flags_of(message));
  }
  encoder.end_object();
}

void write_trace(MessageWriter& writer, socketio::ClusterMessage const& message) {
  if (!message.trace) return;
  emitter::Flags flags;
  add_trace(flags, message);
  auto& encoder = writer.encoder();
  encoder.key("opts");
  encoder.begin_object(1);
  encoder.key("flags");
  emitter::write_flags(encoder, flags);
  encoder.end_object();
}

void write_packet(MessageWriter& writer, socketio::EventPayload const& payload, std::string_view nsp) {
  constexpr std::uint64_t event_packet = 2;
  auto& encoder = writer.encoder();
  encoder.begin_object(nsp.empty() ? 2 : 3);
  writer.number("type", event_packet);
  writer.payload("data", payload);
  if (!nsp.empty()) writer.text("nsp", nsp);
  encoder.end_object();
}

void write_sockets(MessageWriter& writer, std::span<socketio::SocketDetails const> sockets) {
  auto& encoder = writer.encoder();
  encoder.begin_array(sockets.size());
  for (auto const& socket : sockets) {
    encoder.begin_object(4);
    writer.text("id", socket.id);
    encoder.key("handshake");
    EncodableRef(socket.handshake.to_value()).encode(encoder);
    encoder.key("rooms");
    emitter::write_texts(encoder, socket.rooms.all(socket.id));
    // In the official server a socket without data has an empty object.
    writer.value("data", socket.data.is_undefined() ? Value::object() : socket.data);
    encoder.end_object();
  }
  encoder.end_array();
}

}}}  // namespace aerie::v1::cluster
