#pragma once

/// \file
/// Entries of a stream as `@socket.io/redis-streams-adapter` 0.3 writes them: `uid`, `nsp`, `type` and
/// `data`, which is JSON, or MessagePack in Base64 if something in it is binary. Bytes in, values out, and
/// back; nothing here talks to anybody. Functions without state: callable from any thread.

#include "cluster/sharded_codec.hpp"

#include <aerie/redis/reply.hpp>
#include <aerie/socketio/cluster_message.hpp>

#include <array>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 { namespace cluster {

/// The fields of an entry, each name before its value, as XADD takes them.
using EntryFields = std::array<std::string, 8>;

EntryFields encode_entry(std::string_view uid, socketio::ClusterMessage const& message);

/// An entry as it came.
struct Entry {
  std::string nsp{};
  ShardedMessage message{};
  /// It was added exactly once (StreamWriter).
  bool is_exact = false;
};

/// Reads the fields of an entry, names and values in turn. `foreign`: it is no message (of what else a stream
/// may have), or of a type that is not known. What this server has written is read like everything else.
Decoded decode_entry(redis::Reply const& fields, Entry& entry);

/// The stream of a namespace, if there are so many: `name`, or `name-2`. The official adapter takes the
/// remainder of a hash that may be negative, and so is its number then.
std::string stream_of(std::string_view nsp, std::string_view name, unsigned count);

}}}  // namespace aerie::v1::cluster
