#pragma once

/// \file
/// Limits that hold for all servers of a cluster, counted in Redis:
///
///     m.provides<aerie::ThrottleStore>([](aerie::Runtime& runtime, Config const& config) {
///       return std::make_unique<aerie::RedisThrottleStore>(
///           runtime, aerie::RedisThrottleOptions{.url = config.redis});
///     });

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/task.hpp>
#include <aerie/redis/client_options.hpp>
#include <aerie/socketio/throttle_store.hpp>

#include <memory>
#include <optional>
#include <string>

namespace aerie { inline namespace v1 {

class Runtime;

namespace cluster {

class RedisScripts;

/// Where clients are counted.
struct RedisThrottleOptions {
  /// See redis::ClientOptions::url.
  std::string url = "redis://localhost:6379";
  /// What the names of all keys begin with.
  std::string key_prefix = "aerie:throttle:";
  /// Everything else about the connection. Its `url` and `on_state` are not used. Who is asked about waits
  /// for `command_timeout` at most, while Redis does not answer.
  redis::ClientOptions client = {};
};

/// Each key is a string in Redis that ends by itself (PX): a count, or `b` for somebody who is blocked. Time
/// is that of Redis. While Redis cannot be reached every call throws std::runtime_error.
class AERIE_API RedisThrottleStore final : public ThrottleStore {
 public:
  /// Begins to connect when the runtime runs. Throws std::invalid_argument for impossible options.
  RedisThrottleStore(Runtime& runtime, RedisThrottleOptions options);
  ~RedisThrottleStore() override;

  Task<std::optional<core::Milliseconds>> count(std::string key, ThrottleLimit limit) override;

 private:
  std::unique_ptr<RedisScripts> scripts_;
  std::string prefix_;
};

}  // namespace cluster

using cluster::RedisThrottleOptions;
using cluster::RedisThrottleStore;

}}  // namespace aerie::v1
