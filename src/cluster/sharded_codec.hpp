#pragma once

/// \file
/// Messages of the official cluster adapters (`socket.io-adapter` 2.5, `cluster-adapter.ts`), as
/// `createShardedAdapter` of `@socket.io/redis-adapter` 8.3 writes them: JSON, or MessagePack if something in
/// them is binary. Bytes in, values out, and back; nothing here talks to anybody. Functions without state:
/// callable from any thread.

#include "cluster/redis_codec.hpp"

#include <aerie/cluster/redis_adapter.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace aerie { inline namespace v1 { namespace cluster {

/// `MessageType` of `socket.io-adapter`.
enum class ShardedType : std::uint8_t {
  initial_heartbeat = 1,  ///< This one and the next are of adapters that count servers by themselves.
  heartbeat = 2,
  broadcast = 3,
  join = 4,
  leave = 5,
  disconnect = 6,
  fetch = 7,
  fetch_response = 8,
  server_side_emit = 9,
  server_side_emit_response = 10,
  client_count = 11,
  ack = 12,
  adapter_close = 13,
};

/// JSON where nothing is binary, as the sharded adapter has it, or MessagePack always, as the one for
/// streams.
enum class ShardedForm : std::uint8_t { as_needed, msgpack };

/// `id`: of the request; empty if no answer is expected.
std::string encode_sharded(std::string_view uid, std::string_view id, socketio::ClusterMessage const& message,
                           ShardedForm form = ShardedForm::as_needed);
std::string encode_sharded(std::string_view uid, std::string_view nsp, std::string_view id,
                           socketio::ClusterResponse const& response,
                           ShardedForm form = ShardedForm::as_needed);
/// What the message's `type` is, and its `data` alone.
ShardedType sharded_type(socketio::ClusterAction action) noexcept;
std::string encode_sharded_data(socketio::ClusterMessage const& message);
/// Whether something in it is binary: then its data are MessagePack.
bool is_binary(socketio::ClusterMessage const& message) noexcept;

/// A message as it came: something to do, an answer, or neither (heartbeats and the like).
struct ShardedMessage {
  ShardedType type = ShardedType::heartbeat;
  /// Who has sent it.
  std::string uid{};
  /// Empty if no answer is expected.
  std::string id{};
  std::variant<std::monostate, socketio::ClusterMessage, socketio::ClusterResponse> body{};
};

/// The message is read if it is neither `own_uid`'s nor of another namespace. A type that is not known is
/// `foreign`, as later versions may have some.
Decoded decode_sharded(std::string_view bytes, std::string_view own_uid, std::string_view nsp,
                       ShardedMessage& message);

/// The same of a message whose envelope has come by other means: `data` alone, as `encode_sharded_data`
/// writes it. REQUIRES: `message.type` and `message.uid` are set.
Decoded decode_sharded_data(std::string_view data, std::string_view nsp, ShardedMessage& message);

/// The channel for a message: a room's own if it is a broadcast to one room, no answers are expected, and the
/// mode has it.
std::string sharded_channel(std::string_view prefix, SubscriptionMode mode,
                            socketio::ClusterMessage const& message);

}}}  // namespace aerie::v1::cluster
