#pragma once

#include <aerie/core/linked.hpp>

#include <atomic>
#include <cstddef>
#include <vector>

namespace aerie { inline namespace v1 { namespace http {

class RouteCall;

/// The requests that the routes of one server are answering: a list for each shard, which is that shard's.
/// They may outlast their connections and the server, and keep this.
class RouteCalls {
 public:
  explicit RouteCalls(std::size_t shards) : of_shard_(shards) {}

  void add(RouteCall& call);
  /// As the call ends.
  void remove() noexcept { count_.fetch_sub(1, std::memory_order_relaxed); }
  /// On all shards. Any thread.
  std::size_t count() const noexcept { return count_.load(std::memory_order_relaxed); }
  /// Destroys the tasks of all where they wait. REQUIRES: the runtime is not running.
  void abandon() noexcept;

 private:
  std::vector<core::LinkedList<RouteCall>> of_shard_;
  std::atomic<std::size_t> count_{0};
};

}}}  // namespace aerie::v1::http
