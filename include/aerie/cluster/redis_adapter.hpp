#pragma once

/// \file
/// Clusters of servers that share a Redis, Aerie's and official ones of Node.js alike. Each type below is
/// the options of an adapter, and makes it:
///
///     aerie::Server io(runtime, {.adapter = aerie::RedisAdapter{.url = "redis://localhost:6379"}});
///
/// See docs/cluster.md. Plain values; thread contract as `int`.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/emitter/signing.hpp>
#include <aerie/emitter/spelling.hpp>
#include <aerie/redis/client_options.hpp>
#include <aerie/socketio/adapter.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace aerie { inline namespace v1 {
namespace cluster {

using emitter::RedisParser;
using emitter::SigningOptions;

/// Servers that tell each other by PUBLISH and SUBSCRIBE: every server hears of everything. The same bytes as
/// `createAdapter` of `@socket.io/redis-adapter` 8.3. For a Redis server, or one with replicas and sentinels.
struct AERIE_API RedisAdapter {
  /// See redis::ClientOptions::url.
  std::string url = "redis://localhost:6379";
  /// What the names of all channels begin with. Servers with another one are another cluster.
  std::string key = "socket.io";
  /// How long a server may take to answer: past it a fetch ends with what has come. At least 1 ms.
  core::Milliseconds requests_timeout = std::chrono::seconds{5};
  /// Answers go to the server that has asked, and not to all; a cluster whose servers all say so needs less
  /// of everything. Every server understands both.
  bool publish_on_specific_response_channel = false;
  /// Empty functions: MessagePack.
  RedisParser parser = {};
  /// Without keys whoever can PUBLISH is believed. With them nobody is who has none: official servers and
  /// emitters cannot be part of such a cluster.
  SigningOptions signing = {};
  /// Everything else about the connections. Its `url` and `on_state` are not used.
  redis::ClientOptions client = {};

  /// Makes the adapter. Throws std::invalid_argument for impossible settings, naming the remedy.
  std::unique_ptr<Adapter> operator()(ClusterMember& here) const;
};

/// Which channels servers subscribe to beside the namespace's own.
enum class SubscriptionMode : std::uint8_t {
  static_,          ///< None: every server hears of everything.
  dynamic,          ///< One for each room that a server has members of; not for sockets' own rooms.
  dynamic_private,  ///< For sockets' own rooms, too.
};

/// Servers that tell each other by SPUBLISH and SSUBSCRIBE (Redis 7): a server hears only of rooms that it
/// has, and a Redis Cluster spreads the channels over its nodes. The same bytes as `createShardedAdapter` of
/// `@socket.io/redis-adapter` 8.3.
struct AERIE_API RedisShardedAdapter {
  /// See redis::ClientOptions::url.
  std::string url = "redis://localhost:6379";
  /// What the names of all channels begin with. Servers with another one are another cluster.
  std::string channel_prefix = "socket.io";
  /// All servers of a cluster need the same one.
  SubscriptionMode subscription_mode = SubscriptionMode::dynamic;
  /// As RedisAdapter's. The official adapter has no such option; there it is 5 s.
  core::Milliseconds requests_timeout = std::chrono::seconds{5};
  /// As RedisAdapter's.
  SigningOptions signing = {};
  /// As RedisAdapter's.
  redis::ClientOptions client = {};

  /// Makes the adapter. Throws std::invalid_argument for impossible settings, naming the remedy.
  std::unique_ptr<Adapter> operator()(ClusterMember& here) const;
};

/// What a cluster over a stream promises to clients that can be recovered. See docs/recovery.md.
enum class Delivery : std::uint8_t {
  /// As the official servers: what Redis does not take in time is lost, and counted.
  at_most_once,
  /// Each event that is kept for those who come back is added to the stream exactly once, and waits for Redis
  /// for
  /// as long as that takes; entries are kept by age; a stream that was lost is noticed, and clients are told.
  /// Needs Redis 6.2 or later, `connection_state_recovery`, and servers of Aerie alone that all say so.
  exactly_once,
};

/// Servers that tell each other by a stream of Redis (5 or later), which keeps what it was given: what comes
/// while a server has no connection is read when it is back. The same bytes as `createAdapter` of
/// `@socket.io/redis-streams-adapter` 0.3, and `@socket.io/redis-streams-emitter` may write to it. What asks
/// for answers, and the answers, are published as RedisAdapter's are.
struct AERIE_API RedisStreamsAdapter {
  /// See redis::ClientOptions::url.
  std::string url = "redis://localhost:6379";
  /// The stream's key. Servers with another one are another cluster.
  std::string stream_name = "socket.io";
  /// Each namespace has one of so many streams, `socket.io-0` and so on; at most 1000. All servers of a
  /// cluster need the same number.
  unsigned stream_count = 1;
  /// What the names of channels begin with, for what asks for answers.
  std::string channel_prefix = "socket.io";
  /// SPUBLISH and SSUBSCRIBE (Redis 7) instead of PUBLISH and SUBSCRIBE. All servers need the same.
  bool use_sharded_pub_sub = false;
  /// A stream is cut to about so many entries with each one that is added. Who was away for longer than these
  /// took has missed some.
  std::size_t max_len = 10'000;
  /// What a server does about entries that it may have missed, or may see twice.
  Delivery delivery = Delivery::at_most_once;
  /// For `exactly_once`: how long entries are kept; longer than `max_disconnection_duration`, `ping_interval`
  /// and `ping_timeout` together and 10 s. There `max_len` is only a ceiling: when it cuts off what is
  /// younger, the log says so, and clients that were away for longer are told that they have missed
  /// something.
  core::Milliseconds keep_for = std::chrono::minutes{5};
  /// For `exactly_once`: an event counts as stored (`emit_stored`) only when so many replicas of Redis have
  /// it (WAIT); 0 waits for none, at most 100. For as long as fewer do, nothing is confirmed, while events
  /// are still delivered. A replica that takes over then has all that was confirmed, if it is one of those.
  unsigned wait_replicas = 0;
  /// Entries that are read at once; at least 1.
  unsigned read_count = 100;
  /// How long Redis is asked to wait for entries; at least 10 ms, and shorter than `client.ping_interval`.
  core::Milliseconds block_time = std::chrono::seconds{2};
  /// What the keys of sessions begin with, where sessions are recovered
  /// (ServerOptions::connection_state_recovery): any server of the cluster recovers them, official ones as
  /// well.
  std::string session_key_prefix = "sio:session:";
  /// As RedisAdapter's. The official adapter has no such option; there it is 5 s.
  core::Milliseconds requests_timeout = std::chrono::seconds{5};
  /// As RedisAdapter's. Each stream is read on a connection of its own, which has these options, too.
  redis::ClientOptions client = {};

  /// Makes the adapter. Throws std::invalid_argument for impossible settings, naming the remedy.
  std::unique_ptr<Adapter> operator()(ClusterMember& here) const;
};

}  // namespace cluster

using cluster::RedisAdapter;
using cluster::RedisShardedAdapter;
using cluster::RedisStreamsAdapter;

}}  // namespace aerie::v1
