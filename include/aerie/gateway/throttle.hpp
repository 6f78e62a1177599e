#pragma once

/// \file
/// A guard that lets a client do something only so often.
///
///     g.on<&ChatGateway::send>("sendMessage").use<aerie::Throttle>(5, 1s);
///     c.post<&SignIn::sign_in>().use<aerie::Throttle>({.limit = 10, .window = 60s, .by = &account_name});
///     app.use<aerie::ThrottleByUser<User>>(100, 60s);
///
/// What it counts is counted together for everything that this one `use` covers: a gateway's guard counts all
/// messages of the gateway. Where a module provides an `aerie::ThrottleStore`, such as the one in Redis
/// (aerie/cluster/redis_throttle_store.hpp), what is counted under one name is counted together by all
/// servers.

#include <aerie/core/api.hpp>
#include <aerie/core/clock.hpp>
#include <aerie/core/owned.hpp>
#include <aerie/gateway/execution_context.hpp>
#include <aerie/gateway/injection.hpp>
#include <aerie/gateway/layers.hpp>
#include <aerie/gateway/user_id.hpp>
#include <aerie/socketio/throttle_store.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace aerie { inline namespace v1 {

namespace gateway {
class ThrottleTable;
}

/// How much of what is let through.
struct ThrottleOptions {
  /// Messages or requests, at least 1.
  std::size_t limit = 1;
  /// The time from a client's first one in which no more than `limit` are let through. Then it begins anew.
  core::Milliseconds window = std::chrono::seconds{1};
  /// How long a client is refused who has gone beyond the limit, from then on; 0: until the window is over.
  core::Milliseconds block{0};
  /// What it is counted as in a ThrottleStore: two of one name count together. Has to be said where one is
  /// provided.
  std::string name = {};
  /// Whom to count: what has the same text is counted together. Called on the client's shard. By default each
  /// socket is counted by itself; requests, and sockets that are still connecting, by their address.
  std::function<std::string(ExecutionContext& context)> by = {};
  /// Clients that are remembered. When more come within one window, those that have not been heard of for the
  /// longest time are forgotten, and so begin anew.
  std::size_t max_clients = 100'000;
  /// Count in this process alone, whether there is a ThrottleStore or not.
  bool local = false;
};

/// Beyond the limit a gateway's client gets `{status: "error", code: "TOO_MANY_REQUESTS", message,
/// retryAfter}` with the milliseconds that are left of the window; a request is answered 429 with the same
/// code and a Retry-After header in seconds (RFC 9110 §10.2.3).
///
/// While a ThrottleStore throws, it counts in its own process, and the log says so once.
///
/// Thread contract: used by all shards, whose clients are counted together where `by` says so. Time is that
/// of the client's shard, or the store's.
class AERIE_API Throttle {
 public:
  using Options = ThrottleOptions;

  /// Throws std::invalid_argument for a limit or window of nothing, and for a negative block.
  Throttle(std::size_t limit, core::Milliseconds window);
  explicit Throttle(Options options);
  ~Throttle();

  /// Asks for a ThrottleStore. Throws gateway::StartError if there is one and it has no name.
  void attach(gateway::Resolver& resolver);
  gateway::MaybeTask<bool> can_activate(ExecutionContext& context);
  /// Clients that this process remembers at present. Thread-safe.
  std::size_t clients() const;

 private:
  std::string key_of(ExecutionContext& context) const;
  void count_here(ExecutionContext& context, std::string const& key);
  Task<bool> ask_store(ExecutionContext& context, std::string key);

  Options options_;
  core::Owned<gateway::ThrottleTable> table_;
  std::shared_ptr<ThrottleStore> store_;
  std::atomic<bool> store_fails_{false};
};

/// Counts by user instead of by socket. User is a type that handlers extract, with an `id`: a text or a whole
/// number.
template <class User>
class ThrottleByUser : public Throttle {
 public:
  /// As Throttle's; `name` is ThrottleOptions::name.
  ThrottleByUser(std::size_t limit, core::Milliseconds window, std::string name = {})
      : Throttle(
            Options{.limit = limit, .window = window, .name = std::move(name), .by = &id_of_user<User>}) {}
};

}}  // namespace aerie::v1
