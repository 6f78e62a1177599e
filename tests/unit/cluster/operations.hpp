#pragma once

/// \file
/// The operations of tests/cluster/record.mjs as the messages that a server gives its adapter.

#include <aerie/schema/codec.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace aerie::cluster_test {

using socketio::ClusterAction;
using socketio::ClusterMessage;
using socketio::ClusterResponse;
using socketio::EventPayload;
using Texts = std::vector<std::string>;

struct Operation {
  std::string name;
  ClusterMessage message;
};

inline Bytes bytes(std::string_view content) {
  return Bytes(content);
}

/// An event in the form in which an adapter asks for it: MessagePack if `form` says so or something is
/// binary.
template <class... Args>
EventPayload event(EventPayload::Form form, std::string_view name, Args const&... args) {
  std::vector<EncodableRef> const refs{EncodableRef(args)...};
  return EventPayload(form, name, refs);
}

inline ClusterMessage said(EventPayload payload, Texts rooms = {}, Texts except = {}) {
  return {.action = ClusterAction::broadcast,
          .nsp = "/chat",
          .target = {.rooms = std::move(rooms), .except = std::move(except)},
          .payload = std::move(payload)};
}

inline ClusterMessage with(ClusterMessage message, socketio::EmitOptions options) {
  message.options = options;
  return message;
}

inline ClusterMessage moving(ClusterAction action, Texts rooms, Texts target = {}, Texts except = {}) {
  return {.action = action,
          .nsp = "/chat",
          .target = {.rooms = std::move(target), .except = std::move(except)},
          .rooms = std::move(rooms)};
}

inline ClusterMessage disconnecting(bool close, Texts target = {}, Texts except = {}) {
  auto message = moving(ClusterAction::disconnect, {}, std::move(target), std::move(except));
  message.close = close;
  return message;
}

inline ClusterMessage fetching(Texts target = {}, Texts except = {}) {
  auto message = moving(ClusterAction::fetch, {}, std::move(target), std::move(except));
  message.request = 1;
  // As a server gives it to its adapter.
  message.options.timeout = std::chrono::seconds(5);
  return message;
}

inline ClusterMessage telling(EventPayload payload, bool asks = false) {
  return {.action = ClusterAction::server_side,
          .nsp = "/chat",
          .payload = std::move(payload),
          .request = asks ? socketio::RequestId{1} : socketio::RequestId{0}};
}

inline ClusterMessage asking(ClusterMessage message, int milliseconds = 400) {
  message.options.timeout = std::chrono::milliseconds(milliseconds);
  message.request = 1;
  return message;
}

/// `form`: in which an adapter asks for events that are not binary.
inline std::vector<Operation> operations(EventPayload::Form form) {
  using std::chrono::milliseconds;
  auto const hello = event(form, "said", "hello");
  auto const question = [&](auto const&... args) { return event(form, "question", args...); };
  ClusterMessage single = said(hello, {"socket-of-b-00000000"});
  single.single_response = true;
  ClusterMessage single_asked = asking(said(question("one"), {"socket-of-b-00000000"}));
  single_asked.single_response = true;
  ClusterMessage main = said(event(form, "said", "hello", 1));
  main.nsp = "/";
  ClusterMessage fetch_in_time = fetching({"socket-of-b-00000000"});
  fetch_in_time.options.timeout = milliseconds(300);
  Value const empty_object = Value::object();
  return {
      {"broadcast: an event without arguments", said(event(form, "ping"))},
      {"broadcast: to the default namespace", main},
      {"broadcast: to a namespace", said(event(form, "said", "hello", 1))},
      {"broadcast: to a room", said(hello, {"room1"})},
      {"broadcast: to a room with characters of three bytes", said(event(form, "said", "☃😀"), {"räume☃"})},
      {"broadcast: to two rooms", said(hello, {"room1", "room2"})},
      {"broadcast: except a room", said(hello, {}, {"room3"})},
      {"broadcast: to a room except two", said(hello, {"room1"}, {"room3", "room4"})},
      {"broadcast: from a socket", said(hello, {}, {"socket-of-a-00000000"})},
      {"broadcast: from a socket to a room", said(hello, {"room1"}, {"socket-of-a-00000000"})},
      {"broadcast: to a socket", said(hello, {"socket-of-b-00000000"})},
      {"broadcast: volatile", with(said(hello), {.is_volatile = true})},
      {"broadcast: not compressed", with(said(hello), {.compress = false})},
      {"broadcast: with a timeout", with(said(hello), {.timeout = milliseconds(500)})},
      {"broadcast: volatile and not compressed", with(said(hello), {.is_volatile = true, .compress = false})},
      {"broadcast: binary", said(event(form, "said", bytes("\x01\x02\x03")))},
      {"broadcast: binary to a room, nested",
       said(event(form, "said",
                  Value::object({{"list", Value::array({bytes("\xff")})}, {"empty", bytes("")}})),
            {"room1"})},
      {"broadcast: many kinds of values",
       said(event(form, "said", nullptr, true, false, 0, -1, 127, 128, 255, 256, 65536, 4294967296, -33, -129,
                  -32769, 1.5, -0.1, "", std::string(40, 'a'), Value::array(), empty_object,
                  Value::array({Value::array({1})}),
                  Value::object({{"a", Value::object({{"b", nullptr}})}})))},
      {"broadcast: undefined and a date",
       said(event(form, "said", Value(), Value::object({{"left", Value()}, {"kept", 1}}),
                  Date::from_milliseconds(1767225600123)))},
      {"ask: no clients there", asking(said(question(1), {"nobody"}), 100)},
      {"ask: all clients", asking(said(question("yes")))},
      {"ask: clients in a room", asking(said(question(Value::object({{"n", 1}})), {"room1"}))},
      {"ask: binary", asking(said(question(bytes("\x09"))))},
      {"ask: an answer without a value", asking(said(question()))},
      {"ask: a remote socket", single_asked},
      {"emit: to a remote socket", single},
      {"join: everybody, a room", moving(ClusterAction::join, {"room5"})},
      {"join: a room, two rooms", moving(ClusterAction::join, {"room5", "room6"}, {"room1"})},
      {"join: except a room", moving(ClusterAction::join, {"room7"}, {}, {"room1"})},
      {"leave: everybody, a room", moving(ClusterAction::leave, {"room5"})},
      {"leave: a room except another, two rooms",
       moving(ClusterAction::leave, {"room5", "room6"}, {"room1"}, {"room6"})},
      {"fetch: everybody", fetching()},
      {"fetch: a room except another", fetching({"room1"}, {"room9"})},
      {"fetch: nobody", fetching({"nobody"})},
      {"fetch: with a timeout", fetch_in_time},
      {"tell servers",
       telling(event(form, "silent", "text", 1, Value::object({{"a", Value::array({true})}})))},
      {"tell servers: an event without arguments", telling(event(form, "silent"))},
      {"tell servers: binary", telling(event(form, "silent", bytes("\x01")))},
      {"ask servers", telling(question("value"), true)},
      {"ask servers: an answer without a value", telling(question(), true)},
      {"ask servers: binary", telling(question(bytes("\x02")), true)},
      {"disconnect: a room", disconnecting(false, {"nobody"})},
      {"disconnect: a room, and close", disconnecting(true, {"nobody"}, {"room1"})},
      {"disconnect: everybody, and close", disconnecting(true)},
  };
}

/// What the second server of the recording answers to an operation.
struct Answer {
  std::string operation;
  ClusterResponse response;
};

inline ClusterResponse count(std::size_t clients) {
  return {.type = ClusterResponse::Type::client_count, .client_count = clients};
}

inline ClusterResponse answer(ClusterResponse::Type type, Value value) {
  return {.type = type, .answer = std::move(value)};
}

inline ClusterResponse details(std::vector<socketio::SocketDetails> sockets) {
  return {.type = ClusterResponse::Type::sockets, .sockets = std::move(sockets)};
}

inline socketio::SocketDetails golden_socket(Texts rooms, Value data = Value::object()) {
  Value handshake =
      Value::object({{"headers", Value::object({{"host", "example.test"}, {"user-agent", "golden"}})},
                     {"time", "Thu Jan 01 2026 00:00:00 GMT+0000 (Coordinated Universal Time)"},
                     {"address", "192.0.2.1"},
                     {"xdomain", false},
                     {"secure", false},
                     {"issued", 1767225600000},
                     {"url", "/socket.io/?EIO=4&transport=websocket"},
                     {"query", Value::object({{"EIO", "4"}, {"transport", "websocket"}})},
                     {"auth", Value::object()}});
  return {"socket-of-b-00000000", std::move(handshake), std::move(rooms), std::move(data)};
}

inline std::vector<Answer> answers() {
  using Type = ClusterResponse::Type;
  Texts const rooms{"socket-of-b-00000000", "room1", "room6"};
  return {
      {"ask: no clients there", count(0)},
      {"ask: all clients", count(1)},
      {"ask: all clients", answer(Type::ack, "yes")},
      {"ask: clients in a room", count(1)},
      {"ask: clients in a room", answer(Type::ack, Value::object({{"n", 1}}))},
      {"ask: binary", count(1)},
      {"ask: binary", answer(Type::ack, bytes("\x09"))},
      {"ask: an answer without a value", count(1)},
      {"ask: an answer without a value", answer(Type::ack, Value())},
      {"ask: a remote socket", count(1)},
      {"ask: a remote socket", answer(Type::ack, "one")},
      // The recorded socket has an empty object, which is what a socket without data has here.
      {"fetch: everybody", details({golden_socket(rooms, Value())})},
      {"fetch: a room except another", details({golden_socket(rooms)})},
      {"fetch: nobody", details({})},
      {"fetch: with data",
       details({golden_socket(rooms, Value::object({{"name", "Ada"}, {"tags", Value::array({"x"})}}))})},
      {"fetch: with a timeout", details({golden_socket(rooms)})},
      {"fetch: with binary data",
       details({golden_socket(rooms, Value::object({{"photo", bytes("\x07\x08")}}))})},
      {"ask servers", answer(Type::server_side, "value")},
      {"ask servers: an answer without a value", answer(Type::server_side, Value())},
      {"ask servers: binary", answer(Type::server_side, bytes("\x02"))},
  };
}

}  // namespace aerie::cluster_test
