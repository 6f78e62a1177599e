#pragma once

/// \file
/// What a Redis client needs to know, and what it tells of itself. Plain values.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/redis/reply.hpp>
#include <aerie/tls/client_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aerie { inline namespace v1 {

namespace core {
class Shard;
class Stream;
struct Address;
}  // namespace core

namespace redis {

/// How a client stands.
enum class State : std::uint8_t {
  closed,      ///< Not opened yet, or closed.
  connecting,  ///< For the first time.
  ready,       ///< Commands are sent, and all subscriptions are confirmed.
  degraded,    ///< Something of it does not work at present; it is tried again. See `StateChange`.
};

/// Why a client is not ready.
enum class Trouble : std::uint8_t {
  none,
  unreachable,        ///< The name does not resolve, nobody listens, no route, no answer in time.
  tls,                ///< The certificate is not good, or there is no TLS.
  connection_lost,    ///< It was there, and has ended.
  unresponsive,       ///< It is there, and does not answer.
  protocol,           ///< What it answers is not Redis' protocol, or more than `ClientOptions::limits`.
  not_authenticated,  ///< NOAUTH, WRONGPASS: the URL has no password, or a wrong one.
  no_permission,      ///< NOPERM: the user may not do what is needed.
  loading,            ///< LOADING: it reads its data from the disk.
  read_only,          ///< READONLY: it is a replica, and no master any more.
  cluster_down,       ///< CLUSTERDOWN, or a part of the slots has no owner.
  refused,            ///< Any other error of Redis: too many clients, a database that does not exist ...
};

/// "unreachable", "read only" ...
AERIE_API std::string_view name_of(Trouble trouble) noexcept;

/// What a client is told when it stands otherwise than before.
struct StateChange {
  /// How it stands now.
  State state = State::closed;
  /// Why it is not ready.
  Trouble trouble = Trouble::none;
  /// A sentence for the log, which names the address and the remedy, if there is one. Without passwords.
  std::string reason = {};
};

/// What kind of Redis the addresses belong to.
enum class Topology : std::uint8_t {
  /// The server at the URL's address; if that says of itself that it is part of a Redis Cluster, the cluster.
  automatic,
  single,
  cluster,
  /// The addresses are those of sentinels, which are asked for the master (`ClientOptions::master`).
  sentinel,
};

/// Where Redis is, and how long it is waited for.
struct ClientOptions {
  /// See aerie/redis/url.hpp: `redis://user:password@host:6379/0`, `rediss://…`, `unix:/run/redis.sock`;
  /// several addresses of a cluster or of sentinels are separated by commas.
  std::string url = "redis://localhost:6379";
  /// What the URL does not say by `?topology=`.
  Topology topology = Topology::automatic;
  /// The name by which sentinels know the master; in the URL `?master=`.
  std::string master = {};
  /// How to enter at the sentinels, if they want that; the URL's user and password are those of the master.
  std::string sentinel_user = {};
  /// The password for the sentinels.
  std::string sentinel_password = {};
  /// How the connections call themselves (CLIENT SETNAME); empty: not at all.
  std::string client_name = "aerie";
  /// For `rediss:`.
  tls::ClientOptions tls = {};

  /// From the beginning of an attempt to connect to the end of Redis' greeting.
  core::Milliseconds connect_timeout = std::chrono::seconds{5};
  /// The deadline of commands that name none. At least 1 ms.
  core::Milliseconds command_timeout = std::chrono::seconds{5};
  /// A connection on which nothing was heard for this long is asked for a sign of life (PING), and given up
  /// if none comes in the same time again.
  core::Milliseconds ping_interval = std::chrono::seconds{5};
  /// Pauses before attempts to connect: drawn between half and all of a time that doubles from the first of
  /// these to the second. Once connected again, publications wait as long as others may still pause.
  core::Milliseconds reconnect_delay = std::chrono::milliseconds{100};
  /// The longest of the times that the pauses are drawn from.
  core::Milliseconds reconnect_delay_max = std::chrono::seconds{2};

  /// Bytes of commands that may wait, for the network, for a connection or for a reply; past it a command is
  /// refused (`CommandError::outbox_full`). One command always fits an empty outbox.
  std::size_t outbox_limit = std::size_t{64} << 20U;
  /// What a reply may have: past it the connection is ended.
  ReplyLimits limits = {};

  /// Told of every change, in a turn of the client's shard. What it throws is reported.
  std::function<void(StateChange const&)> on_state = {};
  /// For tests: numbers from [0, 1) instead of random ones, for the pauses.
  std::function<double()> random = {};
  /// For tests: makes the connections instead of the network; null is a server that is not there.
  std::function<std::unique_ptr<core::Stream>(core::Shard&, core::Address const&)> dial = {};
};

/// What one command wants otherwise than the client's options say.
struct CommandOptions {
  /// From the call on; 0: ClientOptions::command_timeout.
  core::Milliseconds deadline = core::Milliseconds{0};
  /// In a cluster: the key whose node does it. Empty text: any node. Not set: the command's first argument.
  std::optional<std::string_view> key = {};
};

}  // namespace redis
}}  // namespace aerie::v1
