#include <aerie/emitter/redis_format.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>

#include <cstddef>
#include <initializer_list>

namespace aerie { inline namespace v1 { namespace emitter {

namespace {

std::string join(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (auto const part : parts)
    size += part.size();
  std::string joined;
  joined.reserve(size);
  for (auto const part : parts)
    joined += part;
  return joined;
}

void write_event(Encoder& encoder, std::string_view event, ArgsRef args) {
  encoder.begin_array(args.size() + 1);
  encoder.string(event);
  encode_elements(encoder, args);
  encoder.end_array();
}

// The request that begins with its type and whom it is for; `write_rest` writes one more member.
template <class WriteRest>
std::string request(RedisRequestType type, Recipients const& recipients, WriteRest write_rest) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("type");
  writer.unsigned_integer(static_cast<std::uint64_t>(type));
  writer.key("opts");
  writer.begin_object();
  writer.key("rooms");
  write_texts(writer, recipients.rooms);
  writer.key("except");
  write_texts(writer, recipients.except);
  writer.end_object();
  write_rest(writer);
  writer.end_object();
  return out;
}

}  // namespace

std::string broadcast_channel(std::string_view key, std::string_view nsp) {
  return join({key, "#", nsp, "#"});
}

std::string broadcast_channel(std::string_view key, std::string_view nsp,
                              std::span<std::string const> rooms) {
  return rooms.size() == 1 ? join({key, "#", nsp, "#", rooms.front(), "#"}) : broadcast_channel(key, nsp);
}

std::string request_channel(std::string_view key, std::string_view nsp) {
  return join({key, "-request#", nsp, "#"});
}

std::string response_channel(std::string_view key, std::string_view nsp) {
  return join({key, "-response#", nsp, "#"});
}

std::string emitted_event(Recipients const& recipients, Flags const& flags, std::string_view event,
                          ArgsRef args) {
  constexpr std::uint64_t event_packet = 2;
  std::string out;
  msgpack::Writer writer(out);
  writer.begin_array(3);
  writer.string(emitter_uid);
  writer.begin_object(3);
  writer.key("type");
  writer.unsigned_integer(event_packet);
  writer.key("data");
  write_event(writer, event, args);
  writer.key("nsp");
  writer.string(recipients.nsp);
  writer.end_object();
  writer.begin_object(3);
  writer.key("rooms");
  write_texts(writer, recipients.rooms);
  writer.key("flags");
  write_flags(writer, flags);
  writer.key("except");
  write_texts(writer, recipients.except);
  writer.end_object();
  writer.end_array();
  return out;
}

std::string emitted_move(RedisRequestType type, Recipients const& recipients,
                         std::span<std::string const> rooms) {
  return request(type, recipients, [&](json::Writer& writer) {
    writer.key("rooms");
    write_texts(writer, rooms);
  });
}

std::string emitted_disconnect(Recipients const& recipients, bool close) {
  return request(RedisRequestType::disconnect, recipients, [&](json::Writer& writer) {
    writer.key("close");
    writer.boolean(close);
  });
}

std::string emitted_server_side(std::string_view event, ArgsRef args) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object();
  writer.key("uid");
  writer.string(emitter_uid);
  writer.key("type");
  writer.unsigned_integer(static_cast<std::uint64_t>(RedisRequestType::server_side_emit));
  writer.key("data");
  write_event(writer, event, args);
  writer.end_object();
  return out;
}

void write_texts(Encoder& encoder, std::span<std::string const> texts) {
  encoder.begin_array(texts.size());
  for (auto const& text : texts)
    encoder.string(text);
  encoder.end_array();
}

void write_flags(Encoder& encoder, Flags const& flags) {
  encoder.begin_object(std::size_t{flags.expect_single_response} + std::size_t{flags.is_volatile} +
                       std::size_t{flags.compress.has_value()} + std::size_t{flags.timeout.has_value()} +
                       std::size_t{!flags.traceparent.empty()} + std::size_t{!flags.tracestate.empty()});
  if (flags.expect_single_response) {
    encoder.key("expectSingleResponse");
    encoder.boolean(true);
  }
  if (flags.is_volatile) {
    encoder.key("volatile");
    encoder.boolean(true);
  }
  if (flags.compress) {
    encoder.key("compress");
    encoder.boolean(*flags.compress);
  }
  if (flags.timeout) {
    encoder.key("timeout");
    encoder.integer(flags.timeout->count());
  }
  for (auto const& [name, text] :
       {std::pair<std::string_view, std::string const&>{"traceparent", flags.traceparent},
        {"tracestate", flags.tracestate}}) {
    if (text.empty()) continue;
    encoder.key(name);
    encoder.string(text);
  }
  encoder.end_object();
}

}}}  // namespace aerie::v1::emitter
