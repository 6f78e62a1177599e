#pragma once

/// \file
/// What the official Redis adapter and the official emitter have in common: names of channels, and how whom
/// an event is for is written. See docs/redis-format.md. Functions without state: callable from any thread.

#include <aerie/core/api.hpp>
#include <aerie/schema/encodable.hpp>
#include <aerie/schema/encoder.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace emitter {

/// What all channels of a cluster begin with, where nothing else is said: the option `key` of
/// `@socket.io/redis-adapter`.
inline constexpr std::string_view default_key = "socket.io";
/// The sender of what no server has sent.
inline constexpr std::string_view emitter_uid = "emitter";

/// The number of a request between servers, `RequestType` of `@socket.io/redis-adapter`.
enum class RedisRequestType : std::uint8_t {
  sockets = 0,    ///< The ids of a room's sockets; no present version asks for them.
  all_rooms = 1,  ///< The names of all rooms.
  join = 2,
  leave = 3,
  disconnect = 4,
  fetch = 5,
  server_side_emit = 6,
  broadcast = 7,     ///< With acknowledgements; every other broadcast is no request.
  client_count = 8,  ///< An answer to `broadcast`: how many acknowledgements will follow.
  ack = 9,           ///< One of them.
};

/// How an event is sent, as far as it was said.
struct Flags {
  bool expect_single_response = false;
  bool is_volatile = false;
  std::optional<bool> compress{};
  std::optional<std::chrono::milliseconds> timeout{};
  /// What it is part of (W3C Trace Context); official servers have no such flags, and ignore them.
  std::string traceparent{};
  std::string tracestate{};
};

/// `socket.io#/chat#`: what is for everybody in a namespace.
AERIE_API std::string broadcast_channel(std::string_view key, std::string_view nsp);
/// The same for an event to these rooms: `socket.io#/chat#room1#` if it is one, so that servers that do not
/// have it need not look into the message.
AERIE_API std::string broadcast_channel(std::string_view key, std::string_view nsp,
                                        std::span<std::string const> rooms);
/// `socket.io-request#/chat#`
AERIE_API std::string request_channel(std::string_view key, std::string_view nsp);
/// `socket.io-response#/chat#`
AERIE_API std::string response_channel(std::string_view key, std::string_view nsp);

/// Whom something is for: the members of any of `rooms`, or everybody, without the members of `except`.
struct Recipients {
  std::string nsp = "/";
  std::vector<std::string> rooms{};
  std::vector<std::string> except{};
};

/// An event for clients as the official emitter writes it, in MessagePack.
AERIE_API std::string emitted_event(Recipients const& recipients, Flags const& flags, std::string_view event,
                                    ArgsRef args);
/// `join` or `leave`.
AERIE_API std::string emitted_move(RedisRequestType type, Recipients const& recipients,
                                   std::span<std::string const> rooms);
AERIE_API std::string emitted_disconnect(Recipients const& recipients, bool close);
/// An event for the servers themselves.
AERIE_API std::string emitted_server_side(std::string_view event, ArgsRef args);

AERIE_API void write_texts(Encoder& encoder, std::span<std::string const> texts);
/// An object of what was said: `{"volatile":true}`.
AERIE_API void write_flags(Encoder& encoder, Flags const& flags);

}}}  // namespace aerie::v1::emitter
