#pragma once

/// \file
/// What the messages of all clusters have in common, written: the same members in the same order as the
/// official adapters, so that the bytes are the same. Functions without state: callable from any thread.

#include <aerie/emitter/redis_format.hpp>
#include <aerie/schema/json.hpp>
#include <aerie/schema/msgpack.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <span>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// Writes one message, and knows its form: what has that form already is copied.
class MessageWriter {
 public:
  enum class Form : std::uint8_t { json, msgpack };

  /// Appends to `out`.
  MessageWriter(std::string& out, Form form) : out_(out), json_(out), msgpack_(out), form_(form) {}

  Encoder& encoder() noexcept {
    return form_ == Form::json ? static_cast<Encoder&>(json_) : static_cast<Encoder&>(msgpack_);
  }
  void text(std::string_view key, std::string_view text);
  void number(std::string_view key, std::uint64_t number);
  /// What `JSON.stringify` and notepack leave out if it is undefined.
  void value(std::string_view key, Value const& value);
  void payload(std::string_view key, socketio::EventPayload const& payload);

 private:
  std::string& out_;
  json::Writer json_;
  msgpack::Writer msgpack_;
  Form form_;
};

/// What of the options was said: the official adapters send no flag that nobody has set, and neither is sent
/// here what is so anyway.
emitter::Flags flags_of(socketio::ClusterMessage const& message);

enum class WithFlags : bool { no, yes };
/// `{"rooms":[],"except":[],"flags":{}}`
void write_options(MessageWriter& writer, socketio::ClusterMessage const& message, WithFlags with_flags);
/// For messages that have no options: `"opts":{"flags":{"traceparent":"00-..."}}`, a member more, if the
/// message is traced; nothing otherwise. Official servers look for no `opts` in these.
void write_trace(MessageWriter& writer, socketio::ClusterMessage const& message);
/// `{"type":2,"data":["event",1],"nsp":"/"}`; without `nsp` if it is empty.
void write_packet(MessageWriter& writer, socketio::EventPayload const& payload, std::string_view nsp = {});
void write_sockets(MessageWriter& writer, std::span<socketio::SocketDetails const> sockets);

}}}  // namespace aerie::v1::cluster
