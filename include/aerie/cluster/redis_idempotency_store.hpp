#pragma once

/// \file
/// Answers to messages that are handled once, in Redis: for all servers of a cluster, and across their ends.
///
///     m.provides<aerie::IdempotencyStore>([](aerie::Runtime& runtime, Config const& config) {
///       return std::make_unique<aerie::RedisIdempotencyStore>(
///           runtime, aerie::RedisIdempotencyOptions{.url = config.redis});
///     });

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/task.hpp>
#include <aerie/redis/client_options.hpp>
#include <aerie/socketio/idempotency_store.hpp>

#include <memory>
#include <string>

namespace aerie { inline namespace v1 {

class Runtime;

namespace cluster {

class RedisScripts;

/// Where answers are kept.
struct RedisIdempotencyOptions {
  /// See redis::ClientOptions::url.
  std::string url = "redis://localhost:6379";
  /// What the names of all keys begin with.
  std::string key_prefix = "aerie:idempotent:";
  /// Everything else about the connection. Its `url` and `on_state` are not used.
  redis::ClientOptions client = {};
};

/// Each key is a string in Redis that ends by itself (PX): `c` and the owner of a claim, or `a` and the
/// answer. While Redis cannot be reached every call throws std::runtime_error, so that nothing is handled
/// that might have been handled already.
///
/// What Redis loses is lost: with asynchronous replication a failover may forget the last answers, and
/// without an append-only file a restart forgets them all. A message that is sent again then is handled
/// again.
class AERIE_API RedisIdempotencyStore final : public IdempotencyStore {
 public:
  /// Begins to connect when the runtime runs. Throws std::invalid_argument for impossible options.
  RedisIdempotencyStore(Runtime& runtime, RedisIdempotencyOptions options);
  ~RedisIdempotencyStore() override;

  Task<Claim> claim(std::string key, std::string owner, core::Milliseconds lease) override;
  Task<bool> keep(std::string key, std::string owner, std::string answer, core::Milliseconds time) override;
  void release(std::string key, std::string owner) noexcept override;

 private:
  std::unique_ptr<RedisScripts> scripts_;
  std::string prefix_;
};

}  // namespace cluster

using cluster::RedisIdempotencyOptions;
using cluster::RedisIdempotencyStore;

}}  // namespace aerie::v1
