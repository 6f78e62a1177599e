#pragma once

/// \file
/// Messages of `@socket.io/redis-adapter` 8.3: bytes in, values out, and back; nothing here talks to anybody.
/// docs/redis-format.md describes them for other languages. Functions without state: callable from any
/// thread.

#include <aerie/emitter/redis_format.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aerie { inline namespace v1 { namespace cluster {

using emitter::RedisRequestType;

/// What became of bytes that came from a channel.
enum class Decoded : std::uint8_t {
  message,
  own,      ///< This server has sent it.
  foreign,  ///< Of another namespace, whose channel this one's pattern covers; or of nobody who is waited
            ///< for.
  garbage,
};

/// An event for clients: `[uid, packet, opts]` in MessagePack.
std::string encode_broadcast(std::string_view uid, socketio::ClusterMessage const& message);
/// `own_uid`, `nsp`: who reads it. The message is read if it is neither's own nor of another namespace.
Decoded decode_broadcast(std::string_view bytes, std::string_view own_uid, std::string_view nsp,
                         socketio::ClusterMessage& message);

/// A request as it came.
struct RedisRequest {
  RedisRequestType type = RedisRequestType::sockets;
  std::string uid{};
  /// Empty if no answer is expected.
  std::string id{};
  /// A `join`, `leave` or `disconnect` of versions before 6.1 names one socket: it is the message's target.
  socketio::ClusterMessage message{};
};

/// `id`: empty if no answer is expected.
std::string encode_request(std::string_view uid, std::string_view id,
                           socketio::ClusterMessage const& message);
/// Nothing if it is garbage. A type that is not known is garbage, too.
std::optional<RedisRequest> decode_request(std::string_view bytes, std::string_view nsp);

/// An answer to the request of this id.
std::string encode_response(std::string_view id, socketio::ClusterResponse const& response);
/// To `all_rooms` and `sockets`: names of rooms, or ids.
std::string encode_names(RedisRequestType type, std::string_view id, std::vector<std::string> const& names);

/// Whose answer it is, before anything else is read: all servers hear all answers. Nothing: garbage.
std::optional<std::string> request_of_response(std::string_view bytes);
/// The rest. Nothing if it is none that a present request gets.
std::optional<socketio::ClusterResponse> decode_response(std::string_view bytes);

}}}  // namespace aerie::v1::cluster
