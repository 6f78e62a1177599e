#include "load/msgpack_packets.hpp"

namespace load {

namespace {

// Packet types of Socket.IO.
constexpr char connect_type = 0;
constexpr char event_type = 2;
constexpr char ack_type = 3;

// What an acknowledgement begins with: an object of four members, the first of them "id".
constexpr std::string_view ack_begin = "\x84\xa2id";

/// An object of so many members.
std::string object(char members) {
  return {static_cast<char>('\x80' + members)};
}

void append_text(std::string& out, std::string_view text) {
  constexpr std::size_t longest_short = 31;
  constexpr std::size_t longest_byte = 255;
  if (text.size() <= longest_short) {
    out.push_back(static_cast<char>(0xa0 | text.size()));
  } else if (text.size() <= longest_byte) {
    out.append("\xd9").push_back(static_cast<char>(text.size()));
  } else {
    out.append("\xda").push_back(static_cast<char>(text.size() >> 8U));
    out.push_back(static_cast<char>(text.size()));
  }
  out.append(text);
}

void append_number(std::string& out, std::string_view name, std::size_t number) {
  append_text(out, name);
  out.push_back(static_cast<char>(number));
}

void append_array(std::string& out, std::string_view name, std::size_t size) {
  append_text(out, name);
  out.push_back(static_cast<char>(0x90 | size));
}

void append_namespace(std::string& out) {
  append_text(out, "nsp");
  append_text(out, "/");
}

}  // namespace

std::string msgpack_connect(std::string_view token) {
  auto packet = object(3);
  append_number(packet, "type", connect_type);
  append_text(packet, "data");
  packet += object(1);
  append_text(packet, "token");
  append_text(packet, token);
  append_namespace(packet);
  return packet;
}

std::string msgpack_event(std::string_view name, std::string_view text, std::size_t id) {
  auto packet = object(4);
  append_number(packet, "type", event_type);
  append_array(packet, "data", 2);
  append_text(packet, name);
  append_text(packet, text);
  append_number(packet, "id", id);
  append_namespace(packet);
  return packet;
}

std::string msgpack_ack(std::string_view text, std::size_t id) {
  auto packet = object(4);
  append_number(packet, "id", id);
  append_number(packet, "type", ack_type);
  append_array(packet, "data", 1);
  append_text(packet, text);
  append_namespace(packet);
  return packet;
}

std::optional<std::size_t> msgpack_ack_id(std::string_view packet) {
  if (!packet.starts_with(ack_begin) || packet.size() == ack_begin.size()) return std::nullopt;
  return static_cast<unsigned char>(packet[ack_begin.size()]);
}

}  // namespace load
